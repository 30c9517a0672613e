/** A failure that goes on is logged again after this time. Milliseconds. */
const AGAIN_MS = 60_000;

/**
 * Logs failed connections: each new failure at once, and one that repeats once a minute. A client tries to connect about twice a
 * second, so a Redis that is away would otherwise fill the log.
 */
export class FailureLog {
  #last: { readonly error: string; readonly at: number } | undefined;
  #attempts = 0;

  constructor(private readonly log: { warn(fields: object, message: string): void }) {}

  /** Adds a failure. The line of one that repeats has in `attempts` how many there were since the line before. */
  add({ message: error }: Error): void {
    const now = Date.now();
    this.#attempts++;
    const repeats = this.#last?.error === error;
    if (this.#last !== undefined && repeats && now - this.#last.at < AGAIN_MS) return;
    this.log.warn({ error, ...(repeats && { attempts: this.#attempts }) }, "redis connection");
    this.#last = { error, at: now };
    this.#attempts = 0;
  }

  /** Forgets the last failure, when a connection is ready. */
  clear(): void {
    this.#last = undefined;
    this.#attempts = 0;
  }
}
