import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Raised where no plan could be made; what went wrong, its program has said by then. */
export class NoPlanError extends Error {
  override readonly name = "NoPlanError";
}

/** A plan made from a stack. */
export interface MadePlan {
  /** As `terraform show -json` writes it. */
  readonly json: string;
  /** The stack it was made from, then as it was synthesized before. */
  readonly synthesized: readonly string[];
  /** The stack's folder, a Terraform root by itself. */
  readonly folder: string;
}

/** Name of the plan file in the stack's folder: `terraform apply` takes it. */
export const PLAN_FILE = "plan.out";
const ROOT = path.join(__dirname, "..");
const INSTALL = "https://developer.hashicorp.com/terraform/install";
/** One line for each resource that Terraform asks AWS about. */
const READ = /: (Refreshing state\.\.\.|Read complete)/;

/**
 * Synthesizes a stack and has Terraform plan it. State and credentials are those that Terraform finds; what takes long is
 * said on standard error while it lasts.
 *
 * @throws {NoPlanError} when a program is missing or fails.
 */
export async function makePlan(stack: string): Promise<MadePlan> {
  if (!isOnPath("terraform")) throw new NoPlanError(`terraform: not found on PATH; to install it: ${INSTALL}`);
  const outdir = path.resolve(ROOT, process.env.CDKTF_OUTDIR ?? "cdktf.out");
  const older = textOf(path.join(outdir, "stacks", stack, "cdk.tf.json"));
  const synthesis = ["--import", "tsx", "--import", "./webapp/build.mts", "main.ts", stack];
  const written = await run(`synthesizing ${stack}`, process.execPath, synthesis, ROOT);
  const file = path.resolve(ROOT, written.trim());
  const folder = path.dirname(file);
  const terraform = (what: string, ...args: string[]) => run(what, "terraform", args, folder);
  await terraform("terraform init", "init", "-input=false", "-no-color");
  await terraform("terraform plan", "plan", "-input=false", "-no-color", `-out=${PLAN_FILE}`);
  const json = await terraform("terraform show", "show", "-json", PLAN_FILE);
  return { json, synthesized: [readFileSync(file, "utf8"), ...older], folder };
}

function isOnPath(program: string): boolean {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return folders.some((folder) => [program, `${program}.exe`].some((name) => existsSync(path.join(folder, name))));
}

function textOf(file: string): string[] {
  return existsSync(file) ? [readFileSync(file, "utf8")] : [];
}

/** Runs a step to its end; what it says on standard error is for the user, its standard output for the caller. */
async function run(what: string, program: string, args: readonly string[], cwd: string): Promise<string> {
  const start = Date.now();
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
  process.stderr.write(`${what} ...\n`);
  const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  // Terraform gives its lock back when it is interrupted, and is waited for.
  const wait = () => undefined;
  process.on("SIGINT", wait);
  try {
    const [code, output] = await ended(child, (read) => showProgress(`${what}: ${read} read, ${seconds()}`));
    if (code !== 0) throw new NoPlanError(`${what} failed`);
    process.stderr.write(`${what}: ${seconds()}${process.stderr.isTTY ? "\u001b[K" : ""}\n`);
    return output;
  } finally {
    process.off("SIGINT", wait);
  }
}

function ended(child: ChildProcess, progress: (read: number) => void): Promise<readonly [number | null, string]> {
  const chunks: Buffer[] = [];
  let read = 0;
  child.stdout?.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    const lines = String(chunk).split("\n");
    read += lines.filter((line) => READ.test(line)).length;
    if (read > 0) progress(read);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve([code, Buffer.concat(chunks).toString("utf8")]));
  });
}

/** On a terminal one line that is written over; a log needs no ticking. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\u001b[K\r`);
}
