/** Below a test's own 30 s: it ends with the reason. A program can take ten to start on a machine that does much else. */
const DEADLINE_MS = 25_000;
const PAUSE_MS = 10;

/** Asks until the answer is one that counts; fails after 25 seconds, or as many as are given. An error counts as "not yet". */
export async function until<T>(
  ask: () => Promise<T> | T,
  what: string,
  deadlineMs = DEADLINE_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + deadlineMs;
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
  throw new Error(`waited ${deadlineMs} ms for ${what}`, { cause: last });
}
