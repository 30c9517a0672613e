import path from "node:path";
import { UserError } from "../../environment/user-error";
import type { StackId } from "../../stacks/names";
import { readInput } from "../machine/read-input";
import type { Configuration } from "../terraform/configuration";
import { readConfiguration } from "../terraform/read-configuration";
import { synthesize } from "../terraform/synthesize";

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
 * Runs a command that goes on until it is stopped.
 *
 * @param start - opens what it needs. When it fails, that is closed again; an error of a run that is over is none.
 */
export async function serve(start: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = new Opened();
  try {
    await start(opened);
  } catch (error) {
    if (opened.isClosed) return;
    await opened.close();
    throw error;
  }
}

/** The operand of commands that play a stack. */
export const STACK_FILE = {
  usage: "[cdk.tf.json]",
  says: "a synthesized stack; without one, the settings in cdktf.json are synthesized",
  atMost: 1,
} as const;

/** The file of a synthesized stack: the one that is named, or else that of the stack as the settings are now. */
export async function stackFile(id: StackId, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const [made] = await synthesize([id]);
  if (made === undefined) throw new Error(`${id}: nothing was synthesized`);
  for (const line of made.warnings) process.stderr.write(`${line}\n`);
  return path.join(made.folder, "cdk.tf.json");
}

/** Reads a synthesized stack. @throws {UserError} that begins with the file's name. */
export function readStack<T>(file: string, read: (stack: Configuration) => T): T {
  return readInput(file, (text) => read(readConfiguration(text)));
}

/** The port a variable names. @throws when it names none. */
function portFrom(variable: string, otherwise: number): number {
  const { [variable]: text } = process.env;
  const port = Number(text || otherwise);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(`${variable}: got ${JSON.stringify(text)}, takes a whole number from 0 to 65535`);
}

/** Listens by a port a variable names. @throws when it is taken. */
export async function listenOn<T>(
  variable: string,
  otherwise: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  const port = portFrom(variable, otherwise);
  return listen(port).catch((error: Error) => {
    throw new UserError(`${variable}: can't listen on ${port}: ${error.message}`);
  });
}

/** Writes a line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
