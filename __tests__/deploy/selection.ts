import { UserError } from "../../environment";
import { VARIANTS, type Variant } from "./variants";

/** Which variants a run goes through. */
export interface Selection {
  readonly variants: readonly Variant[];
  /** Whether stacks or variants are named: the tests of the double and the package are left out then. */
  readonly narrowed: boolean;
  /** Whether each variant is deployed and destroyed twice. */
  readonly twice: boolean;
}

/** The arguments of `npm run verify`. */
interface Request {
  /** Names of stacks. @default - all */
  readonly stacks?: readonly string[];
  /** Names of variants. @default - all */
  readonly names?: readonly string[];
  readonly all?: boolean | undefined;
  readonly twice?: boolean | undefined;
}

/**
 * Selects variants: without a name the core; with `all`, every variant; with the name of a stack or a variant, all that
 * have it.
 *
 * @throws {UserError} for a stack or variant that does not exist, with those that do.
 */
export function selectVariants({ stacks = [], names = [], all = false, twice }: Request): Selection {
  refuseUnknown("stack", stacks, [...new Set(VARIANTS.map(({ stack }) => stack))]);
  refuseUnknown("variant", names, [...new Set(VARIANTS.map(({ name }) => name))]);
  const narrowed = stacks.length + names.length > 0;
  const variants = VARIANTS.filter(
    ({ stack, name, core = false }) =>
      (narrowed || all || core) &&
      (stacks.length === 0 || stacks.includes(stack)) &&
      (names.length === 0 || names.includes(name)),
  );
  return { variants, narrowed, twice: twice ?? names.length > 0 };
}

function refuseUnknown(what: string, got: readonly string[], takes: readonly string[]): void {
  const unknown = got.filter((name) => !takes.includes(name));
  if (unknown.length > 0) throw new UserError(`${what}: got ${unknown.join(", ")}, takes ${takes.join(", ")}`);
}
