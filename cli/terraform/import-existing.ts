import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import type { Resource } from "./configuration";
import { type ExistingResource, findExisting } from "./existing-resources";
import { readConfiguration } from "./read-configuration";
import { readState, type State } from "./state";
import type { SynthesizedStack } from "./synthesize";

/** The file of import blocks beside `cdk.tf.json`, where Terraform reads it. It exists only while a plan is made. */
const FILE = "import.tf.json";

/** Removes the import blocks of a plan, also those that a killed command has left. */
export function removeImports(folder: string): void {
  rmSync(path.join(folder, FILE), { force: true });
}

/**
 * Writes an import block for each resource that the stack has, the state lacks, and AWS has under the stack's name.
 *
 * @returns one line for each block.
 * @throws {UserError} when AWS refuses a call, or has several resources of one name.
 * @see https://developer.hashicorp.com/terraform/language/import
 */
export async function writeImports(stack: SynthesizedStack): Promise<string[]> {
  const { region = "", resources } = readConfiguration(stack.text);
  const { found, refusals } = await findExisting(
    { resources: findLacking(resources, await readState(stack)) },
    { region },
  );
  const [refusal] = refusals;
  if (refusal !== undefined) throw new UserError(`--import-existing: AWS did not say what it has: ${refusal}`);
  requireOneEach(found);
  const blocks = found.map(({ resource, id }) => ({ to: resource.address, id }));
  if (blocks.length > 0) writeFileSync(path.join(stack.folder, FILE), JSON.stringify({ import: blocks }));
  return found.map(({ resource, id }) => `${resource.path ?? resource.address} is at AWS as ${id}: to be imported`);
}

/** The resources of a stack that its state lacks. */
export function findLacking(resources: readonly Resource[], state: State | undefined): readonly Resource[] {
  const known = new Set(state?.addresses);
  return resources.filter(({ address }) => !known.has(address));
}

function requireOneEach(found: readonly ExistingResource[]): void {
  for (const { resource } of found) {
    const same = found.filter((other) => other.resource === resource);
    if (same.length === 1) continue;
    const deletions = same.map(({ deletion }) => deletion).join("; ");
    throw new UserError(
      `${resource.path ?? resource.address}: AWS has ${same.length} of its name, takes one; delete the others: ${deletions}`,
    );
  }
}
