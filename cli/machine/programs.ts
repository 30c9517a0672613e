import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { UserError } from "../../environment/user-error";

/** Programs that commands run, and how to install each. */
export const INSTALL = {
  terraform: "https://developer.hashicorp.com/terraform/install",
  aws: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  docker: "https://docs.docker.com/engine/install/",
  podman: "https://podman.io/docs/installation",
  finch: "https://runfinch.com",
  nerdctl: "https://github.com/containerd/nerdctl",
  buildah: "https://github.com/containers/buildah/blob/main/install.md",
  "redis-server": "apt-get install redis-server, brew install redis; or set REDIS_URL",
  memcached: "apt-get install memcached, brew install memcached",
  moto_server: "pip install 'moto[server]'; or set AWS_ENDPOINT_URL_DYNAMODB",
} as const;

/** A program that a command needs and that npm does not install. */
export type Program = keyof typeof INSTALL;

/** Terraform's program; cdktf-cli reads the same variable, for OpenTofu or a Terraform that is not on PATH. */
export const TERRAFORM = process.env.TERRAFORM_BINARY_NAME || "terraform";

function resolveCommand(program: Program): string {
  return program === "terraform" ? TERRAFORM : program;
}

/** Whether a program exists, on PATH or at its own path. */
export function isOnPath(program: Program): boolean {
  const command = resolveCommand(program);
  const folders = path.basename(command) === command ? (process.env.PATH ?? "").split(path.delimiter) : [""];
  return folders.some((folder) => [command, `${command}.exe`].some((name) => isExecutable(path.join(folder, name))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The error for a missing program, with the command that installs it. */
export function missing(program: Program): UserError {
  return new UserError(`${resolveCommand(program)}: not found on PATH; to install it: ${INSTALL[program]}`);
}

/** @throws {UserError} when it is not on PATH. */
export function requireProgram(program: Program): void {
  if (!isOnPath(program)) throw missing(program);
}

/** Signals that ask a command to stop: Ctrl-C, `kill`, a terminal that is closed. */
export const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface StartOptions {
  readonly cwd?: string;
  /** Its variables. @default - those of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** Text for its standard input. @default - none */
  readonly input?: string;
  /** Gets each chunk of standard output. */
  readonly onStdout?: (chunk: string) => void;
  /** Gets each chunk of standard error. */
  readonly onStderr?: (chunk: string) => void;
  /**
   * Whether both its streams are this process' standard error, so that a terminal is one for the program too. Nothing is
   * captured then. @default false
   */
  readonly isShown?: boolean;
  /** Whether all its streams are this process' own, so that it has the terminal. Nothing is captured then. @default false */
  readonly isAttached?: boolean;
  /** Whether it has a process group of its own, and so gets no Ctrl-C from the terminal. @default false */
  readonly hasOwnGroup?: boolean;
}

/** Options of a run to the program's end. */
export interface RunOptions extends Omit<StartOptions, "hasOwnGroup" | "isAttached"> {
  /** Milliseconds after which it is ended. @default - none */
  readonly timeoutMs?: number;
  /**
   * Makes this process wait for the program when it is asked to stop: the program gets SIGINT once, however often Ctrl-C is
   * pressed, and this function is called. @default - this process ends
   */
  readonly onInterrupt?: () => void;
}

/** Exit code and output of a program that has ended. */
export interface Ended {
  /** Exit code; null after a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether this process was asked to stop meanwhile. */
  readonly isInterrupted: boolean;
}

/** Starts a program. All commands start programs here. A missing program emits the event `error`. */
export function start(command: string, args: readonly string[], options: StartOptions = {}): ChildProcess {
  const { cwd, env, input, onStdout, onStderr, isShown = false, isAttached = false, hasOwnGroup = false } = options;
  const output = isShown ? 2 : "pipe";
  const child = spawn(command, args, {
    cwd,
    env,
    detached: hasOwnGroup,
    stdio: isAttached ? "inherit" : [input === undefined ? "ignore" : "pipe", output, output],
  });
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => onStdout?.(chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => onStderr?.(chunk));
  // A program that ends before it has read all of its input reports the reason by its exit code.
  child.stdin?.on("error", () => undefined).end(input);
  return child;
}

/**
 * Runs a program to its end.
 *
 * @throws {UserError} when there is no such program.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { timeoutMs, onInterrupt, onStdout, onStderr } = options;
  let [stdout, stderr, isInterrupted] = ["", "", false];
  // Ctrl-C reaches a whole process group, npm hands signals on as well, and a second one has Terraform drop everything.
  // In a group of its own it gets the one that is handed on here. Windows has neither: its console tells each program once.
  const hasOwnGroup = onInterrupt !== undefined && process.platform !== "win32";
  const child = start(command, args, {
    ...options,
    hasOwnGroup,
    onStdout(chunk) {
      stdout += chunk;
      onStdout?.(chunk);
    },
    onStderr(chunk) {
      stderr += chunk;
      onStderr?.(chunk);
    },
  });
  const interrupt = () => {
    if (isInterrupted) return;
    isInterrupted = true;
    onInterrupt?.();
    if (hasOwnGroup) child.kill("SIGINT");
  };
  if (onInterrupt !== undefined) for (const signal of STOP_SIGNALS) process.on(signal, interrupt);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill(), timeoutMs);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stdout, stderr, isInterrupted };
  } catch (error) {
    throw isMissing(error) ? missingCommand(command) : error;
  } finally {
    clearTimeout(timer);
    for (const signal of STOP_SIGNALS) process.off(signal, interrupt);
  }
}

/** Whether an error of a start means that the program does not exist. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function missingCommand(command: string): UserError {
  const program = (Object.keys(INSTALL) as Program[]).find((name) => resolveCommand(name) === command);
  return program === undefined ? new UserError(`${command}: not found on PATH`) : missing(program);
}

/** Passes on each line that a program writes, on both streams. */
export function eachLine({ stdout, stderr }: ChildProcess, say: (line: string) => void): void {
  for (const input of [stdout, stderr]) if (input) createInterface({ input }).on("line", say);
}

/** Whether a program has ended, or never started. */
export function hasEnded({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/** Asks a program to end, and waits until it has. @param killAfterMs - then it is killed; 0 kills it at once. @default - never */
export async function stop(child: ChildProcess, killAfterMs?: number): Promise<void> {
  if (hasEnded(child)) return;
  const exit = once(child, "exit");
  child.kill(killAfterMs === 0 ? "SIGKILL" : "SIGTERM");
  const timer = killAfterMs ? setTimeout(() => child.kill("SIGKILL"), killAfterMs) : undefined;
  await exit;
  clearTimeout(timer);
}
