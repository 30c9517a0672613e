import path from "node:path";
import { UserError } from "../../environment/user-error";
import { isOnPath, missing } from "../machine/programs";
import { type ExistingResource, findExisting } from "./existing-resources";
import { readConfiguration } from "./read-configuration";
import { readBackup, readState } from "./state";
import type { SynthesizedStack } from "./synthesize";

/** The way out of a lost state. */
export const RESTORE_STATE = "restore the state, or choose another name: docs/operations.md#restore-a-state";

/**
 * Makes sure that a plan starts from what is deployed: that the state can be read, and that a stack without one is not at AWS.
 * Terraform itself takes a missing state for a stack that is to be created.
 *
 * @throws {UserError} with the way to restore the state.
 */
export async function requireState(stack: SynthesizedStack): Promise<void> {
  const found = await findWithoutState(stack);
  if (found.length > 0) throw new UserError(`${describeLostState(stack, found)}; ${RESTORE_STATE}`);
}

/** The resources at AWS of a stack that has no state; none where it has one. Where AWS can't be asked, that is said. */
async function findWithoutState(stack: SynthesizedStack): Promise<ExistingResource[]> {
  const { backend, region = "", resources } = readConfiguration(stack.text);
  const hasCli = isOnPath("aws");
  if (backend.local !== undefined || hasCli) {
    const state = await readState(stack);
    if (state !== undefined && !state.isEmpty) return [];
  }
  try {
    if (!hasCli) throw missing("aws");
    return await findExisting({ resources }, { region, principalOnly: true });
  } catch (error) {
    process.stderr.write(`AWS was not asked whether ${stack.id} is there already: ${(error as Error).message}\n`);
    return [];
  }
}

/** What it means that a stack's resources are there and its state is not, and what to do. */
export function describeLostState(stack: SynthesizedStack, found: readonly ExistingResource[]): string {
  const { local, s3 } = readConfiguration(stack.text).backend;
  const file = path.resolve(stack.folder, local?.path ?? "");
  const place = local === undefined ? `s3://${s3?.bucket}/${s3?.key}` : path.relative(process.cwd(), file);
  const backup = local === undefined ? undefined : readBackup(file);
  const beside = backup === undefined ? "" : ` (${backup.from} has ${backup.addresses.length})`;
  const names = found.map(({ resource, id }) => `${resource.path ?? resource.address} (${id})`).join(", ");
  return `the state ${place} has no resources${beside}, and AWS has ${names}: a deploy would create a second stack`;
}
