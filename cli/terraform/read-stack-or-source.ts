import { existsSync } from "node:fs";
import { UserError } from "../../environment/user-error";
import { showWhile } from "../machine/progress";
import { IS_REPOSITORY } from "../machine/root";
import { readSource, SOURCE_SAYS } from "./read-source";
import { synthesize } from "./synthesize";

/** Arguments of commands that read a stack by its name too, for their usage. */
export const STACK_OR_SOURCE_SAYS = IS_REPOSITORY
  ? `a stack of this repository by name, which is synthesized; or ${SOURCE_SAYS}`
  : SOURCE_SAYS;

/**
 * Reads a source as {@link readSource} does. In this repository it also takes the name of a stack, and synthesizes it.
 *
 * @param parse - reads the JSON. Its {@link UserError}s get the source's name before them.
 * @throws {UserError} for anything else, and for settings that synthesis refuses.
 */
export async function readStackOrSource<T>(source: string, parse: (json: string) => T): Promise<T> {
  if (source === "-" || existsSync(source)) return readSource(source, parse);
  const ids = findStackIds();
  if (!ids.includes(source)) throw new UserError(`${source}: no such file; takes ${[...ids, SOURCE_SAYS].join(", ")}`);
  const [stack] = await showWhile("synthesizing", synthesize([source]));
  return parse(stack?.text ?? "");
}

/** The package has no stacks, and need not have the constructs beside it, which their names load. */
function findStackIds(): readonly string[] {
  if (!IS_REPOSITORY) return [];
  const { STACK_IDS }: typeof import("../../stacks/names") = require("../../stacks/names");
  return STACK_IDS;
}
