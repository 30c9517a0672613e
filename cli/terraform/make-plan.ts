import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { requireReady, type Wanted } from "../machine/require-ready";
import { removeImports, writeImports } from "./import-existing";
import { readConfiguration } from "./read-configuration";
import { requireSavedState, requireState } from "./require-state";
import { runTerraform } from "./run-terraform";
import { chooseStackFolder } from "./stack-folder";
import { requireStateInPlace } from "./state-moved";
import { type SynthesizedStack, synthesize } from "./synthesize";
import { findWayOut } from "./ways-out";

/** A plan made from a stack. */
export interface MadePlan {
  /** As `terraform show -json` writes it. */
  readonly json: string;
  /** Whether there is anything to apply. */
  readonly hasChanges: boolean;
  /** The stack it was made from, then as it was synthesized before. */
  readonly synthesized: readonly string[];
  /** The stack's folder, a Terraform root by itself. */
  readonly folder: string;
  /** The plan file in it, which only its owner may read: it holds sensitive values as they are. */
  readonly file: string;
}

/** Name of the plan file in the stack's folder: `terraform apply` takes it. */
export const PLAN_FILE = "plan.out";
/** One line for each resource that Terraform asks AWS about. */
const READ = /: (Refreshing state\.\.\.|Read complete)/;
/** `terraform plan -detailed-exitcode`: success, with changes. */
const CHANGES = 2;

/** Which stack to plan, and whether to plan its end. */
export interface PlanOptions extends Wanted {
  /** Whether all of it goes. @default false */
  readonly destroy?: boolean;
  /** Whether to import resources that AWS has under the stack's names and the state lacks. @default false */
  readonly importExisting?: boolean;
}

/**
 * Synthesizes a stack and has Terraform plan it. State and credentials are those that Terraform finds; what takes long is
 * said on standard error while it lasts.
 *
 * @throws {UserError} when a program, credentials or such a stack are missing, the state is elsewhere, lost or unreadable, or
 * a step fails.
 */
export async function makePlan({ destroy = false, importExisting = false, ...wanted }: PlanOptions): Promise<MadePlan> {
  const settings = await requireReady(wanted, "terraform");
  const older = readIfPresent(path.join(chooseStackFolder(wanted.stack, settings), "cdk.tf.json"));
  const made = await synthesized(wanted);
  const { folder, text } = made;
  await requireStateInPlace(made, settings.name);
  removeImports(folder);
  requireSavedState(folder);
  await requireState(made, importExisting);
  try {
    if (importExisting) await sayImports(made);
    return { ...(await plan(folder, destroy)), synthesized: [text, ...older] };
  } finally {
    // The plan file holds the imports: the blocks are not needed any more.
    removeImports(folder);
  }
}

/** Plans a synthesized stack. A plan file is left only when all steps succeed. */
async function plan(folder: string, destroy: boolean): Promise<Omit<MadePlan, "synthesized">> {
  // Another backend than the last time is another environment, or a state that was moved: nothing is migrated.
  await step("terraform init", folder, ["init", "-input=false", "-no-color", "-reconfigure"]);
  const file = path.join(folder, PLAN_FILE);
  // Terraform keeps the mode of a file that is there.
  rmSync(file, { force: true });
  writeFileSync(file, "", { mode: 0o600 });
  try {
    const all = destroy ? ["-destroy"] : [];
    const args = ["plan", "-input=false", "-no-color", "-detailed-exitcode", ...all, `-out=${PLAN_FILE}`];
    const { code } = await step("terraform plan", folder, args, [0, CHANGES]);
    const { stdout: json } = await step("terraform show", folder, ["show", "-json", PLAN_FILE]);
    return { json, hasChanges: code === CHANGES, folder, file };
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
}

async function sayImports(stack: SynthesizedStack): Promise<void> {
  const lines = await writeImports(stack);
  if (lines.length === 0) lines.push("AWS has no resource of this stack that the state lacks: nothing is imported");
  process.stderr.write(`${lines.join("\n")}\n`);
}

async function synthesized({ stack, settingsFile }: Wanted) {
  const start = Date.now();
  process.stderr.write(`synthesizing ${stack} ...\n`);
  const [made] = await synthesize([stack], { settingsFile });
  if (made === undefined) throw new UserError(`synthesizing ${stack} wrote nothing`);
  for (const line of made.warnings) process.stderr.write(`${line}\n`);
  process.stderr.write(`synthesizing ${stack}: ${secondsSince(start)}\n`);
  return made;
}

/** Reads the stack of an earlier synthesis, which only tells names: one that is broken or of another version is skipped. */
function readIfPresent(file: string): string[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, "utf8");
  try {
    readConfiguration(text);
    return [text];
  } catch {
    return [];
  }
}

/** Runs a step to its end; what it says on standard error is for the user, its standard output for the caller. */
async function step(what: string, folder: string, args: readonly string[], good: readonly number[] = [0]) {
  const start = Date.now();
  process.stderr.write(`${what} ...\n`);
  let read = 0;
  const ended = await runTerraform(args, folder, (chunk) => {
    read += chunk.split("\n").filter((line) => READ.test(line)).length;
    if (read > 0) showProgress(`${what}: ${read} read, ${secondsSince(start)}`);
  });
  if (ended.isInterrupted) throw new UserError(`${what} was interrupted; nothing was applied`);
  if (ended.code === null || !good.includes(ended.code)) {
    const reason = findWayOut(ended.stderr, path.relative(process.cwd(), folder));
    throw new UserError(`${what} failed${reason === undefined ? "" : `: ${reason}`}`);
  }
  process.stderr.write(`${what}: ${secondsSince(start)}${process.stderr.isTTY ? "\u001b[K" : ""}\n`);
  return ended;
}

function secondsSince(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

/** On a terminal one line that is written over; a log needs no ticking. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\u001b[K\r`);
}
