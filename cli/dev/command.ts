import { readFileSync } from "node:fs";
import type { Configuration } from "../terraform/configuration";
import { readConfiguration } from "../terraform/read-configuration";

/** What a command has opened, and closes when it ends: by Ctrl-C, or by an error. */
export class Opened {
  readonly #closing: (() => unknown)[] = [];
  #closed: Promise<void> | undefined;

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void this.close());
  }

  /** Whether it is over. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** The latest is closed first. Whatever comes when all is over is closed at once. */
  async add(close: () => unknown): Promise<void> {
    if (this.isClosed) await close();
    else this.#closing.push(close);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    for (let close = this.#closing.pop(); close !== undefined; close = this.#closing.pop()) await close();
  }
}

/**
 * A command from its start to its last line.
 *
 * @param start - opens what it needs; what it throws is printed as one line, and no error of a run that is over.
 */
export async function run(start: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = new Opened();
  try {
    await start(opened);
  } catch (error) {
    if (opened.isClosed) return;
    await opened.close();
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * Reads a synthesized stack.
 *
 * @throws one line that begins with the file's name.
 */
export function readStack<T>(file: string, read: (stack: Configuration) => T): T {
  try {
    return read(readConfiguration(readFileSync(file, "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new Error(`${file}: is not there; npm run synth writes it, or name another cdk.tf.json`);
    }
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** The port a variable names. @throws when it names none. */
function portFrom(variable: string, otherwise: number): number {
  const { [variable]: text } = process.env;
  const port = Number(text || otherwise);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${variable}: got ${JSON.stringify(text)}, takes a whole number from 0 to 65535`);
}

/** Listens by a port a variable names. @throws when it is taken. */
export async function listenOn<T>(
  variable: string,
  otherwise: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  const port = portFrom(variable, otherwise);
  return listen(port).catch((error: Error) => {
    throw new Error(`${variable}: can't listen on ${port}: ${error.message}`);
  });
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
