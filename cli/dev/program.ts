import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { FailedError } from "../machine/failed-error";
import { isMissing, missing, type Program, start, stop } from "../machine/programs";

/** A server that this run starts and stops. */
export interface LocalProgram {
  stop(): Promise<void>;
}

/** The server to start. */
export interface ProgramOptions {
  readonly command: Program;
  /** Its arguments for a port on 127.0.0.1. */
  readonly args: (port: number) => readonly string[];
  /** Matches its output once it accepts connections. A connection alone could be to another program on that port. */
  readonly ready: RegExp;
}

/** A server that listens. */
export interface ListeningProgram extends LocalProgram {
  /** Its port on 127.0.0.1. */
  readonly port: number;
}

const READY_WITHIN_MS = 30_000;

/**
 * Starts a server in its own folder on a free port, and waits until it accepts connections.
 *
 * @throws {UserError} when it is not on PATH, {@link FailedError} when it ends or takes too long.
 */
export function startProgram(options: ProgramOptions): Promise<ListeningProgram> {
  return onFreePort((port) => startOn(port, options));
}

async function startOn(port: number, { command, args, ready }: ProgramOptions): Promise<ListeningProgram> {
  const folder = mkdtempSync(path.join(os.tmpdir(), `${command}-`));
  let output = "";
  let tell = () => {};
  const keep = (chunk: string) => {
    output = (output + chunk).slice(-2000);
    if (ready.test(output)) tell();
  };
  const isReady = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const child = start(command, args(port), { cwd: folder, onStdout: keep, onStderr: keep });
  const program = {
    port,
    async stop() {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    child.once("error", (error) => reject(isMissing(error) ? missing(command) : error));
    // Not "exit": the reason may arrive after it.
    child.once("close", (code, signal) => {
      reject(new FailedError(`${command} ended with ${signal ?? code}:\n${output}`));
    });
    const seconds = READY_WITHIN_MS / 1000;
    timer = setTimeout(() => reject(new FailedError(`${command}: is not ready after ${seconds} s`)), READY_WITHIN_MS);
  });
  try {
    await Promise.race([isReady, failed]);
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Matches the errors of servers and of Node.js about a port that another program has. */
const TAKEN = /address already in use|EADDRINUSE/i;
const PORTS = 5;

/**
 * Opens a server on a free port. Between the choice of a port and the server's start, another program can take the port: then it opens
 * the server on another one.
 *
 * @param open - must reject with a message that has the system's error when the port is taken.
 */
export async function onFreePort<T>(open: (port: number) => Promise<T>): Promise<T> {
  for (let left = PORTS; ; left--) {
    const port = await freePort();
    try {
      return await open(port);
    } catch (error) {
      if (left <= 1 || !TAKEN.test(String(error))) throw error;
    }
  }
}

/** Ports below the system's ephemeral ports, which begin at 32768 on Linux, and at 49152 on macOS and Windows. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const TRIES = 100;
const handedOut = new Set<number>();

/**
 * A free port, another one at each call. Connections and servers on port 0 use ephemeral ports, so they do not take it before the
 * server's start. Another program can: {@link onFreePort} then takes another port.
 *
 * @throws {FailedError} when there is none.
 */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    if (await isFree(port)) return port;
  }
  throw new FailedError(`ports: none of ${TRIES} from ${FIRST_PORT} to ${LAST_PORT} is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
