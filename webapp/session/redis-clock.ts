/** How long what is known of Redis' clock is trusted: long for a clock's drift, short for a failover. Milliseconds. */
const TRUSTED_MS = 60_000;

/**
 * Redis' clock, as far as this process knows it: good to a round trip, which is enough to decide whether Redis is worth
 * asking. What ends a session is decided at Redis, by its own.
 */
export class RedisClock {
  readonly #ask: (key: string) => Promise<unknown>;
  #ahead = 0;
  #learnedAt = Number.NEGATIVE_INFINITY;

  /** @param ask - answers with TIME of the node that holds a key. */
  constructor(ask: (key: string) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#ahead;
  }

  /** Has the clock looked at beside what is asked of a key, in the same round trip, when what is known of it is old. */
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
