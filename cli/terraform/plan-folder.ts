import { existsSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { runTerraform } from "./run-terraform";
import { findWayOut } from "./ways-out";

/** A plan of a folder that is a Terraform root. */
export interface FolderPlan {
  /** As `terraform show -json` writes it. */
  readonly json: string;
  /** Whether there is anything to apply. */
  readonly hasChanges: boolean;
  readonly folder: string;
  /** The plan file in it, which only its owner may read: it holds sensitive values as they are. */
  readonly file: string;
}

/** Changes that a plan makes besides those of the configuration. */
interface Asked {
  /** Whether all of it goes. @default false */
  readonly isDestroy?: boolean;
  /** Address of a resource to destroy and to create again. @default - none */
  readonly replace?: string | undefined;
}

/** Name of the plan file in the folder: `terraform apply` takes it. */
export const PLAN_FILE = "plan.out";
/** One line for each resource that Terraform asks AWS about. */
const READ = /: (Refreshing state\.\.\.|Read complete)/;
/** `terraform plan -detailed-exitcode`: success, with changes. */
const CHANGES = 2;

/** Has Terraform initialize a folder, where that was not done yet. A backend that was chosen before is left as it is. */
export async function initialize(folder: string): Promise<void> {
  const data = path.join(folder, ".terraform");
  if (existsSync(data)) return;
  try {
    await step("terraform init", folder, ["init", "-input=false", "-no-color"]);
  } catch (error) {
    // Part of a provider would be taken for an initialized folder the next time.
    rmSync(data, { recursive: true, force: true });
    throw error;
  }
}

/** The same, always: another backend than the last time is another environment, or a moved state. Nothing is migrated. */
export async function reinitialize(folder: string): Promise<void> {
  await step("terraform init", folder, ["init", "-input=false", "-no-color", "-reconfigure"]);
}

/**
 * Has Terraform plan an initialized folder. A plan file is left only when all steps succeed; progress is on standard error.
 *
 * @throws {UserError} when a step fails.
 */
export async function planFolder(folder: string, { isDestroy = false, replace }: Asked = {}): Promise<FolderPlan> {
  const file = path.join(folder, PLAN_FILE);
  // Terraform keeps the mode of a file that is there.
  rmSync(file, { force: true });
  writeFileSync(file, "", { mode: 0o600 });
  try {
    const asked = [...(isDestroy ? ["-destroy"] : []), ...(replace === undefined ? [] : [`-replace=${replace}`])];
    const args = ["plan", "-input=false", "-no-color", "-detailed-exitcode", ...asked, `-out=${PLAN_FILE}`];
    const { code } = await step("terraform plan", folder, args, [0, CHANGES]);
    const { stdout: json } = await step("terraform show", folder, ["show", "-json", PLAN_FILE]);
    return { json, hasChanges: code === CHANGES, folder, file };
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
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

/** Seconds since a moment, for people. */
export function secondsSince(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}

/** On a terminal one line that is written over; a log needs no ticking. */
function showProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\u001b[K\r`);
}
