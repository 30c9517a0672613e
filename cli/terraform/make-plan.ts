import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { TERRAFORM } from "../machine/programs";
import { requireReady, type Wanted } from "../machine/require-ready";
import { removeImports, writeImports } from "./import-existing";
import { type FolderPlan, planFolder, reinitialize, secondsSince } from "./plan-folder";
import { readConfiguration } from "./read-configuration";
import { requireState } from "./require-state";
import { chooseStackFolder } from "./stack-folder";
import { readState } from "./state";
import { requireStateInPlace } from "./state-moved";
import { type SynthesizedStack, synthesize } from "./synthesize";
import { requireSavedState } from "./unsaved-state";

/** A plan made from a stack, in the stack's folder. */
export interface MadePlan extends FolderPlan {
  /** The stack it was made from, then as it was synthesized before. */
  readonly synthesized: readonly string[];
  /** Warnings of the synthesis. They are printed before the plan is made. */
  readonly warnings: readonly string[];
}

/** Which stack to plan, and whether to plan its end. */
export interface PlanOptions extends Wanted {
  /** Whether all of it goes. @default false */
  readonly destroy?: boolean;
  /** Whether to import resources that AWS has under the stack's names and the state lacks. @default false */
  readonly importExisting?: boolean;
  /** Address of a resource to destroy and to create again, as `terraform state list` shows it. @default - none */
  readonly replace?: string | undefined;
}

/**
 * Synthesizes a stack and has Terraform plan it. State and credentials are those that Terraform finds; what takes long is
 * said on standard error while it lasts.
 *
 * @throws {UserError} when a program, credentials or such a stack are missing, the state is elsewhere, lost or unreadable, or
 * a step fails.
 */
export async function makePlan(options: PlanOptions): Promise<MadePlan> {
  const { destroy: isDestroy = false, importExisting = false, replace, ...wanted } = options;
  const settings = await requireReady(wanted, "terraform");
  const older = readIfPresent(path.join(chooseStackFolder(wanted.stack, settings), "cdk.tf.json"));
  const made = await synthesized(wanted);
  const { folder, text, warnings } = made;
  // Before the state is read: on a full disk, Terraform leaves a part of it, and its backup is older.
  requireSavedState(made);
  await requireStateInPlace(made, settings.name);
  removeImports(folder);
  await requireState(made, importExisting);
  if (replace !== undefined) await requireAddress(made, replace);
  try {
    if (importExisting) await sayImports(made);
    await reinitialize(folder);
    return { ...(await planFolder(folder, { isDestroy, replace })), synthesized: [text, ...older], warnings };
  } finally {
    // The plan file holds the imports: the blocks are not needed any more.
    removeImports(folder);
  }
}

/** Terraform only warns of an address that it does not know, and plans without it. */
async function requireAddress(stack: SynthesizedStack, address: string): Promise<void> {
  const addresses = (await readState(stack))?.addresses ?? [];
  if (addresses.includes(address.replace(/\[[^\]]*\]$/, ""))) return;
  const list = `${TERRAFORM} -chdir=${path.relative(process.cwd(), stack.folder)} state list`;
  throw new UserError(`--replace: got ${address}, takes the address of a resource in the state: ${list} shows them`);
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
