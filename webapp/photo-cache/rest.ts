import { CacheRefusal } from "./cache";

/** Long enough to spare a busy function a wait for each photo, short enough that a cache is used as soon as it is back. */
const REST_MS = 1000;

/** Skips a service that did not answer for a moment, so that not every call waits for the same timeout. */
export class Rest {
  #until = 0;
  #error: unknown;

  /** Does the work, or fails at once with what it failed with a moment ago. */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#until) throw this.#error;
    try {
      return await work();
    } catch (error) {
      // A refusal is an answer, so the service is there.
      if (!(error instanceof CacheRefusal)) {
        this.#error = error;
        this.#until = performance.now() + REST_MS;
      }
      throw error;
    }
  }
}
