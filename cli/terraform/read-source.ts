import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { requireProgram, run, TERRAFORM } from "../machine/programs";
import { readInput } from "../machine/read-input";

/** A plan file is a zip: https://developer.hashicorp.com/terraform/cli/commands/show */
const ZIP = "PK";

/** Arguments of commands that read a plan or a stack, for their usage. */
export const SOURCE_SAYS =
  "a stack's folder, its cdk.tf.json, a plan file, or a plan as JSON (terraform show -json); - is standard input";

/**
 * The JSON of a plan or of a synthesized stack: out of a stack's folder, its cdk.tf.json, a plan file, a plan as JSON, or
 * standard input.
 *
 * @param parse - reads it. Its {@link UserError}s get the source's name before them.
 * @throws {UserError} for anything else, and where Terraform cannot show a plan file.
 */
export async function readSource<T>(source: string, parse: (json: string) => T): Promise<T> {
  if (source === "-") return readInput(source, parse);
  const file = isFolder(source) ? findStack(source) : source;
  if (!isPlanFile(file)) return readInput(file, parse);
  const json = await showPlanFile(file);
  try {
    return parse(json);
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${source}: ${error.message}`, { cause: error }) : error;
  }
}

/** Whether this is a folder. */
export function isFolder(source: string): boolean {
  return statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
}

function findStack(folder: string): string {
  const file = path.join(folder, "cdk.tf.json");
  if (existsSync(file)) return file;
  throw new UserError(`${folder}: got a folder without cdk.tf.json, takes ${SOURCE_SAYS}`);
}

function isPlanFile(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  const descriptor = openSync(file, "r");
  try {
    const first = Buffer.alloc(ZIP.length);
    readSync(descriptor, first);
    return first.toString("latin1") === ZIP;
  } finally {
    closeSync(descriptor);
  }
}

/** Terraform shows a plan file in the folder that it was made in: there are the providers' schemas. */
async function showPlanFile(file: string): Promise<string> {
  requireProgram("terraform");
  const { dir, base } = path.parse(path.resolve(file));
  const { code, stdout, stderr } = await run(TERRAFORM, ["show", "-json", base], { cwd: dir });
  if (code === 0) return stdout;
  const reason = stderr.trim() || `ended with ${code}`;
  throw new UserError(
    `${file}: ${TERRAFORM} show -json failed in ${dir}; it takes the folder in which the plan was made, initialized\n${reason}`,
  );
}
