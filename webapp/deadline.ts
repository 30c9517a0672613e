/** A moment by which something has to be done. */
export class Deadline {
  readonly #at: number;

  /** @param ms - from now on. */
  constructor(ms: number) {
    this.#at = performance.now() + ms;
  }

  /** Milliseconds left; 0 when there are none. */
  get leftMs(): number {
    return Math.max(0, this.#at - performance.now());
  }

  /** So many milliseconds from now, but never after this one. */
  within(ms: number): Deadline {
    return new Deadline(Math.min(ms, this.leftMs));
  }

  /** Half of what is left: the rest is for another way to the same end. */
  half(): Deadline {
    return new Deadline(this.leftMs / 2);
  }
}

/**
 * Waits for a promise until the deadline.
 *
 * @param what - the name of the awaited part, for the error.
 * @throws when the deadline comes first.
 */
export async function inTime<T>(answer: Promise<T>, deadline: Deadline, what: string): Promise<T> {
  const ms = Math.round(deadline.leftMs);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
