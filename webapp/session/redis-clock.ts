/**
 * Time for which a reading of Redis' clock is used. Clocks drift little in it, and after a failover the new primary's clock is read soon.
 * Milliseconds.
 */
const TRUSTED_MS = 60_000;

/**
 * This process' estimate of Redis' clock, precise to a round trip. It is enough to decide whether to ask Redis. Redis itself, with its own
 * clock, decides whether a session has ended.
 */
export class RedisClock {
  readonly #ask: (key: string) => Promise<unknown>;
  #ahead = 0;
  #learnedAt = Number.NEGATIVE_INFINITY;

  /** @param ask - returns TIME of the node with a key. */
  constructor(ask: (key: string) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Reads the clock in the same round trip as a command for the key, if the last reading is old. */
  with<T>(key: string, answer: Promise<T>): Promise<T> {
    if (Math.abs(Date.now() - this.#learnedAt) < TRUSTED_MS) return answer;
    return Promise.all([answer, this.#learn(key)]).then(([value]) => value);
  }

  async #learn(key: string): Promise<void> {
    const [seconds, micros] = (await this.#ask(key)) as [string, string];
    this.#learnedAt = Date.now();
    this.#ahead = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000) - this.#learnedAt;
  }
}
