import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseState } from "../../stacks/state-file";
import { TERRAFORM } from "../machine/programs";
import { findStateFile, type StateOwner, UnreadableStateError } from "./state";

/** The file in the stack's folder to which Terraform writes a state that it can't save. */
const FILE = "errored.tfstate";
const TEXT = "the text that Terraform printed, from the first { to the last }";

/**
 * The command that saves the state in `errored.tfstate`, and deletes that file.
 *
 * `terraform state push` can't save to a file on a disk that was full. The file has a part of the state, which Terraform does not read;
 * or the state before, with the same serial number, which it does not overwrite (seen with Terraform 1.11.4).
 *
 * @param folder - the stack's folder, as messages show it
 */
export function explainSave(folder: string): string {
  const state = findFile(folder);
  if (state === undefined) {
    return `${TERRAFORM} -chdir=${folder} state push ${FILE}, then delete that file`;
  }
  const saved = quote(path.join(folder, FILE));
  return `node -e "fs.copyFileSync(${saved}, ${quote(path.relative(process.cwd(), state))}); fs.rmSync(${saved})"`;
}

/** The way out when Terraform could not write `errored.tfstate` either, and printed the state. */
export function explainPrintedState(folder: string): string {
  return `free space on the disk, save ${TEXT}, as ${path.join(folder, FILE)}, then ${explainSave(folder)}`;
}

/** The file of the state of the stack in a folder; undefined where the state is not in a file. */
function findFile(folder: string): string | undefined {
  const file = path.join(folder, "cdk.tf.json");
  return existsSync(file) ? findStateFile({ folder, text: readFileSync(file, "utf8") }) : undefined;
}

function quote(file: string): string {
  return `'${file.replaceAll("\\", "/")}'`;
}

/**
 * Looks for a state that Terraform could not save at the end of an apply, and left in the stack's folder.
 *
 * @throws {UnreadableStateError} with the command that saves it.
 */
export function requireSavedState({ folder }: Pick<StateOwner, "folder">): void {
  const file = path.join(folder, FILE);
  if (!existsSync(file)) return;
  const shown = path.relative(process.cwd(), folder);
  const says = `${path.join(shown, FILE)}: the last apply could not save its state`;
  try {
    parseState(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UnreadableStateError(`${says}; ${(error as Error).message}`, explainPrintedState(shown));
  }
  throw new UnreadableStateError(says, explainSave(shown));
}
