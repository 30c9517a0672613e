/** Long enough to spare a busy process a wait for each call, short enough that a service is used as soon as it is back. */
const OPEN_MS = 1000;

/**
 * A circuit breaker: after a failure, calls fail at once for a second, so that not each of them waits for the same timeout.
 * The first call after that tries the service again.
 */
export class CircuitBreaker {
  readonly #isFailure: (error: unknown) => boolean;
  #openUntil = Number.NEGATIVE_INFINITY;
  #failure: unknown;

  /** @param isFailure - whether an error says that the service is away. An answer that refuses does not. @default - any does */
  constructor(isFailure: (error: unknown) => boolean = () => true) {
    this.#isFailure = isFailure;
  }

  /**
   * Does the work.
   *
   * @throws the work's error; while the circuit is open the last failure, and the work is not started.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#openUntil) throw this.#failure;
    try {
      return await work();
    } catch (error) {
      if (this.#isFailure(error)) {
        this.#failure = error;
        this.#openUntil = performance.now() + OPEN_MS;
      }
      throw error;
    }
  }
}
