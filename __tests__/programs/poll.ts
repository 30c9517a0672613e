const DEADLINE_MS = 10_000;
const PAUSE_MS = 10;

/** Asks until the answer is one that counts; fails after ten seconds. An error counts as "not yet". */
export async function until<T>(ask: () => Promise<T> | T, what: string): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + DEADLINE_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer) return answer as Exclude<T, false | null | undefined>;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`waited ${DEADLINE_MS} ms for ${what}`, { cause: last });
}
