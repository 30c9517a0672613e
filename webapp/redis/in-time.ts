import { PASSWORD_MS } from "./policy";

/** A password, or an error when it takes too long: who waits for it serves nobody meanwhile. */
export async function inTime<T>(answer: Promise<T> | undefined): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no password within ${PASSWORD_MS} ms`)), PASSWORD_MS);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
