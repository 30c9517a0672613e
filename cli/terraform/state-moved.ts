import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../environment/user-error";
import { buildNamePrefix } from "../../stacks/names";
import { ROOT } from "../machine/root";
import type { Backend } from "./configuration";
import { readConfiguration } from "./read-configuration";
import { readStateIn } from "./state";
import type { SynthesizedStack } from "./synthesize";

/** Terraform's own note of the backend that a folder was initialized with. */
const INITIALIZED = "terraform.tfstate";

/**
 * Looks for a state that the settings have left behind: `stateBucket` was added, taken away or is another one, and the
 * stack's state is still where it was. A plan without it would create everything a second time.
 *
 * @param name - the setting `name`: under another one, a stack is another environment with a state of its own
 * @throws {UserError} with both places. Moving a state is for people to do, and docs/operations.md says how.
 */
export async function requireStateInPlace(stack: SynthesizedStack, name: string): Promise<void> {
  const now = readConfiguration(stack.text).backend;
  for (const before of placesBefore(stack, name)) {
    if (isSamePlace(before, now)) continue;
    const left = await readStateIn(before, stack.folder);
    if (left === undefined || left.isEmpty) continue;
    const found = await readStateIn(now, stack.folder);
    if (found !== undefined && !found.isEmpty) continue;
    throw new UserError(
      `${stack.id}: its state is in ${left.from}, and the settings say ${inWords(now)}, where there is none: ` +
        "move it (docs/operations.md#move-a-state), or take the setting back",
    );
  }
}

/** Where this stack's state may have been: its file, and what the folder was initialized with. */
function placesBefore({ id, folder }: SynthesizedStack, name: string): Backend[] {
  const file = `terraform.${buildNamePrefix(id, name)}.tfstate`;
  const object = `${name}/${id}.tfstate`;
  const isOwn = ({ local, s3 }: Backend) =>
    local !== undefined ? path.basename(local.path) === file : `/${s3?.key ?? ""}`.endsWith(`/${object}`);
  return [{ local: { path: path.join(ROOT, file) } }, ...initialized(folder).filter(isOwn)];
}

function initialized(folder: string): Backend[] {
  const file = path.resolve(folder, process.env.TF_DATA_DIR || ".terraform", INITIALIZED);
  if (!existsSync(file)) return [];
  const { backend } = parseInitialized(file) ?? {};
  return backend === undefined ? [] : [{ [backend.type]: backend.config }];
}

/** @throws {UserError} for a file that a killed Terraform or a full disk left in part. */
function parseInitialized(file: string): { backend?: { type: string; config: object } } | null {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    const name = path.relative(process.cwd(), file);
    throw new UserError(
      `${name}: got no JSON, takes what terraform init writes. Fix: delete this file, and run the command again`,
    );
  }
}

function isSamePlace(one: Backend, other: Backend): boolean {
  const place = ({ local, s3 }: Backend) => (local ? path.basename(local.path) : [s3?.bucket, s3?.key]);
  return isDeepStrictEqual(place(one), place(other));
}

function inWords({ local, s3 }: Backend): string {
  return local === undefined ? `s3://${s3?.bucket}/${s3?.key}` : path.basename(local.path);
}
