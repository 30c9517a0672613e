/** Work that takes less time needs no message. Milliseconds. */
const FIRST_MS = 2000;

/** Writes to standard error what a command waits for, if the wait takes over two seconds. */
export async function showWhile<T>(what: string, work: Promise<T>): Promise<T> {
  const start = Date.now();
  let isShown = false;
  const timer = setTimeout(() => {
    isShown = true;
    process.stderr.write(`${what} ...\n`);
  }, FIRST_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (isShown) process.stderr.write(`${what}: ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
  }
}
