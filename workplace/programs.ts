import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { NotReadyError } from "./not-ready";

/** Where each program that a deploy needs comes from. */
export const INSTALL = {
  terraform: "https://developer.hashicorp.com/terraform/install",
  npx: "https://nodejs.org/en/download",
  aws: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
} as const;

export function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.some((folder) => [program, `${program}.exe`].some((name) => existsSync(path.join(folder, name))));
}

/** @throws {NotReadyError} when it is not on PATH. */
export function requireProgram(program: keyof typeof INSTALL): void {
  if (!isOnPath(program)) throw new NotReadyError(`${program}: not found on PATH; to install it: ${INSTALL[program]}`);
}

/** What came out of a program that has ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd?: string;
  /** Variables beside one's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which it is ended. @default - it has all the time it wants */
  readonly timeoutMs?: number;
}

/** Runs a program to its end; never throws. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { cwd, env, timeoutMs = 0 } = options;
  const settings = { env: { ...process.env, ...env }, timeout: timeoutMs, maxBuffer: 1 << 28, ...(cwd && { cwd }) };
  return new Promise((resolve) => {
    execFile(program, args, settings, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr: stderr || (error?.message ?? "") });
    });
  });
}
