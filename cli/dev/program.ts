import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { FailedError } from "../machine/failed-error";
import { isMissing, missing, type Program, start, stop } from "../machine/programs";

/** A server that this run starts and stops. */
export interface LocalProgram {
  stop(): Promise<void>;
}

/** The server to start, and its port. */
export interface ProgramOptions {
  readonly command: Program;
  readonly args: readonly string[];
  /** Port of the server on 127.0.0.1. */
  readonly port: number;
}

const READY_WITHIN_MS = 30_000;
const POLL_MS = 20;

/**
 * Starts a server in its own folder, and waits until it accepts connections.
 *
 * @throws {UserError} when it is not on PATH, {@link FailedError} when it ends or takes too long.
 */
export async function startProgram({ command, args, port }: ProgramOptions): Promise<LocalProgram> {
  const folder = mkdtempSync(path.join(os.tmpdir(), `${command}-`));
  let output = "";
  const keep = (chunk: string) => {
    output = (output + chunk).slice(-2000);
  };
  const child = start(command, args, { cwd: folder, onStdout: keep, onStderr: keep });
  const program = {
    async stop() {
      await stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const over = new AbortController();
  const failed = new Promise<never>((_resolve, reject) => {
    child.once("error", (error) => reject(isMissing(error) ? missing(command) : error));
    child.once("exit", (code, signal) => {
      reject(new FailedError(`${command} ended with ${signal ?? code}:\n${output}`));
    });
  });
  try {
    await Promise.race([listens(command, port, over.signal), failed]);
    return program;
  } catch (error) {
    await program.stop();
    throw error;
  } finally {
    over.abort();
  }
}

/** Ports below the system's ephemeral ports, which begin at 32768 on Linux, and at 49152 on macOS and Windows. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const TRIES = 100;
const handedOut = new Set<number>();

/**
 * A free port, another one at each call. No connection can take it before the server's start, because connections and servers on port 0
 * use ephemeral ports.
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

async function listens(command: string, port: number, over: AbortSignal): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  while (Date.now() < end && !over.aborted) {
    const socket = connect(port, "127.0.0.1");
    const is = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (is) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new FailedError(`${command}: does not listen on port ${port}`);
}
