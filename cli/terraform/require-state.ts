import path from "node:path";
import { UserError } from "../../environment/user-error";
import { aws } from "../machine/aws-cli";
import { isOnPath, missing } from "../machine/programs";
import type { Backend } from "./configuration";
import { type ExistingResource, findExisting } from "./existing-resources";
import { readConfiguration } from "./read-configuration";
import { readBackup, readState, type State, type StateOwner } from "./state";
import type { SynthesizedStack } from "./synthesize";

/** The fix for credentials of another account. */
export const OTHER_CREDENTIALS = "log in to that account (AWS_PROFILE), or choose another name for another environment";
/** The fix for a lost state. */
export const RESTORE_STATE = "restore the state, or choose another name: docs/operations.md#restore-a-state";

/**
 * Makes sure that a plan starts from the deployed resources: the state can be read, or AWS has no resource of the stack. Terraform
 * would create a stack whose state is missing a second time.
 *
 * @param isImporting - whether the plan takes the stack's resources at AWS into the state
 * @throws {UserError} with the way to restore the state, and where the credentials are of another account than the state.
 */
export async function requireState(stack: SynthesizedStack, isImporting = false): Promise<void> {
  const found = await findWithoutState(stack, isImporting);
  if (found.length > 0) throw new UserError(`${describeLostState(stack, found)}; ${RESTORE_STATE}`);
}

/** Finds the resources at AWS of a stack that has no state; none for a stack with one. Says so when AWS can't be asked. */
async function findWithoutState(stack: SynthesizedStack, isImporting: boolean): Promise<ExistingResource[]> {
  const { backend, region = "", resources } = readConfiguration(stack.text);
  const hasCli = isOnPath("aws");
  if (backend.local !== undefined || hasCli) {
    const state = await readState(stack);
    if (state !== undefined && !state.isEmpty) {
      const mismatch = hasCli ? await describeOtherAccount(state, region) : undefined;
      if (mismatch !== undefined) throw new UserError(`${mismatch}; ${OTHER_CREDENTIALS}`);
      return [];
    }
  }
  if (isImporting) return [];
  const { found, refusals } = hasCli
    ? await findExisting({ resources }, { region, principalOnly: true })
    : { found: [], refusals: [missing("aws").message] };
  const [refusal] = refusals;
  if (found.length === 0 && refusal !== undefined) {
    process.stderr.write(`AWS was not asked whether ${stack.id} is there already: ${refusal}\n`);
  }
  return [...found];
}

/**
 * Describes a state of another account than the credentials. Terraform would find none of its resources, and create all of them in
 * the account of the credentials.
 *
 * @returns undefined when the accounts are the same, and when one of them is unknown.
 */
export async function describeOtherAccount({ account, from }: State, region: string): Promise<string | undefined> {
  if (account === undefined) return undefined;
  // Terraform itself reports credentials that AWS refuses.
  const identity = await aws(region, "sts", "get-caller-identity").catch(() => undefined);
  const own = identity?.Account;
  if (typeof own !== "string" || own === account) return undefined;
  return `the state ${from} is of the account ${account}, and the credentials are of ${own}`;
}

/** Describes a stack whose resources exist and whose state is missing. */
export function describeLostState(stack: StateOwner, found: readonly ExistingResource[]): string {
  const { backend } = readConfiguration(stack.text);
  const { local } = backend;
  const place = describePlace(backend, stack.folder);
  const backup = local === undefined ? undefined : readBackup(path.resolve(stack.folder, local.path));
  const beside = backup === undefined ? "" : ` (${backup.from} has ${backup.addresses.length})`;
  const names = found.map(({ resource, id }) => `${resource.path ?? resource.address} (${id})`).join(", ");
  return `the state ${place} has no resources${beside}, and AWS has ${names}: a deploy would create a second stack`;
}

/** The place of a state, for people: its file or object, or the kind of backend that keeps it. */
function describePlace(backend: Backend, folder: string): string {
  const { local, s3 } = backend;
  if (local !== undefined) return path.relative(process.cwd(), path.resolve(folder, local.path));
  if (s3 !== undefined) return `s3://${s3.bucket}/${s3.key}`;
  const [kind = "local"] = Object.keys(backend);
  return `in the backend ${kind}`;
}
