import path from "node:path";
import { describeListenError } from "../../environment/listen-error";
import { UserError } from "../../environment/user-error";
import type { StackId } from "../../stacks/names";
import { readInput } from "../machine/read-input";
import type { Configuration } from "../terraform/configuration";
import { readConfiguration } from "../terraform/read-configuration";
import { synthesize } from "../terraform/synthesize";

/** The resources that a command has opened. They are closed when the command ends, by Ctrl-C or by an error. */
export class Opened {
  readonly #closing: (() => unknown)[] = [];
  #closed: Promise<void> | undefined;

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void this.close());
  }

  /** Whether the command has ended. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Adds a resource by its close function. Resources are closed in reverse order. After the end, a resource is closed at once. */
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
 * Runs a command until the user stops it.
 *
 * @param start - opens the resources of the command. When it fails, they are closed. An error after the end is ignored.
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

/** The operand of commands that run a stack locally. */
export const STACK_FILE = {
  usage: "[cdk.tf.json]",
  says: "a synthesized stack; without one, the settings in cdktf.json are synthesized",
  atMost: 1,
} as const;

/** The file of a synthesized stack: the named file, or the file that a new synthesis of the current settings writes. */
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

/** The port in a variable. @throws when its value is not a port. */
function portFrom(variable: string, otherwise: number): number {
  const { [variable]: text } = process.env;
  const port = Number(text || otherwise);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UserError(`${variable}: got ${JSON.stringify(text)}, takes a whole number from 0 to 65535`);
}

/** Listens at the port in a variable. @throws when the port is in use. */
export async function listenOn<T>(
  variable: string,
  otherwise: number,
  listen: (port: number) => Promise<T>,
): Promise<T> {
  const port = portFrom(variable, otherwise);
  return listen(port).catch((error: Error) => {
    throw new UserError(describeListenError(variable, port, error));
  });
}

/** Writes a line to standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
