import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { NotReadyError } from "./not-ready-error";

/** Where each program that a deploy needs comes from. */
export const INSTALL = {
  terraform: "https://developer.hashicorp.com/terraform/install",
  aws: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
} as const;

/** Terraform's program; cdktf-cli reads the same variable, for OpenTofu or a Terraform that is not on PATH. */
export const TERRAFORM = process.env.TERRAFORM_BINARY_NAME || "terraform";

const COMMANDS: Readonly<Record<keyof typeof INSTALL, string>> = { terraform: TERRAFORM, aws: "aws" };

/** Whether a program can be run: on PATH, or by its own path where it is one. */
export function isOnPath(program: keyof typeof INSTALL): boolean {
  const command = COMMANDS[program];
  const folders = path.basename(command) === command ? (process.env.PATH ?? "").split(path.delimiter) : [""];
  return folders.some((folder) => [command, `${command}.exe`].some((name) => existsSync(path.join(folder, name))));
}

/** @throws {NotReadyError} when it is not on PATH. */
export function requireProgram(program: keyof typeof INSTALL): void {
  if (isOnPath(program)) return;
  throw new NotReadyError(`${COMMANDS[program]}: not found on PATH; to install it: ${INSTALL[program]}`);
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
