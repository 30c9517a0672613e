import { printable } from "./report";

/** A command that is done by then says nothing. Milliseconds. */
const FIRST_MS = 2000;
/** Between two lines on a terminal, which overwrite each other, and in a log, which keeps them. Milliseconds. */
const TERMINAL_MS = 250;
const LOG_MS = 10_000;

/** Says on standard error how far a long command is. */
export class Progress {
  #next = performance.now() + FIRST_MS;
  #isShown = false;

  /** Prints the line, where one is due. */
  show(describe: () => string): void {
    const now = performance.now();
    if (now < this.#next) return;
    const { isTTY } = process.stderr;
    this.#next = now + (isTTY ? TERMINAL_MS : LOG_MS);
    const line = `inspect: ${printable(describe())}`;
    process.stderr.write(isTTY ? `\r${line}\u001b[K` : `${line}\n`);
    this.#isShown = true;
  }

  /** Takes the line off a terminal, so that another one can be printed there. */
  clear(): void {
    if (this.#isShown && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    this.#isShown = false;
  }
}
