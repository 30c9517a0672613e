import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { NotReadyError } from "../workplace/not-ready";
import { requireReady } from "../workplace/ready";
import { ROOT, synthesize } from "../workplace/synthesize";

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
/** One line for each resource that Terraform asks AWS about. */
const READ = /: (Refreshing state\.\.\.|Read complete)/;

export interface PlanOptions {
  /** Whether all of it goes. @default false */
  readonly destroy?: boolean;
}

/**
 * Synthesizes a stack and has Terraform plan it. State and credentials are those that Terraform finds; what takes long is
 * said on standard error while it lasts.
 *
 * @throws {SettingsError | NotReadyError} when a program, credentials or such a stack are missing, or a step fails.
 */
export async function makePlan(stack: string, { destroy = false }: PlanOptions = {}): Promise<MadePlan> {
  await requireReady(stack, "terraform");
  const outdir = path.resolve(ROOT, process.env.CDKTF_OUTDIR ?? "cdktf.out");
  const older = textOf(path.join(outdir, "stacks", stack, "cdk.tf.json"));
  const { folder, text } = await synthesized(stack);
  const terraform = (what: string, ...args: string[]) => run(what, "terraform", args, folder);
  const all = destroy ? ["-destroy"] : [];
  await terraform("terraform init", "init", "-input=false", "-no-color");
  await terraform("terraform plan", "plan", "-input=false", "-no-color", ...all, `-out=${PLAN_FILE}`);
  const json = await terraform("terraform show", "show", "-json", PLAN_FILE);
  return { json, synthesized: [text, ...older], folder };
}

async function synthesized(stack: string) {
  const start = Date.now();
  process.stderr.write(`synthesizing ${stack} ...\n`);
  const [made] = await synthesize([stack]);
  if (made === undefined) throw new NotReadyError(`synthesizing ${stack} wrote nothing`);
  for (const line of made.warnings) process.stderr.write(`${line}\n`);
  process.stderr.write(`synthesizing ${stack}: ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
  return made;
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
    if (code !== 0) throw new NotReadyError(`${what} failed`);
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
