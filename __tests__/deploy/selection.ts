import { parseArgs } from "node:util";
import { VARIANTS, type Variant } from "./variants";

/** Which variants a run goes through. */
export interface Selection {
  readonly variants: readonly Variant[];
  /** Whether stacks or variants are named: the tests of the double and the package are left out then. */
  readonly narrowed: boolean;
  /** Whether each variant is deployed and destroyed twice. */
  readonly twice: boolean;
}

/**
 * Reads the arguments of `npm run verify`. Without a name they mean the core; with `--all`, every variant; with the name
 * of a stack or a variant, all that have it.
 *
 * @throws for a stack or variant that does not exist, with those that do.
 */
export function selectVariants(args: readonly string[]): Selection {
  const options = {
    variant: { type: "string", multiple: true },
    twice: { type: "boolean" },
    all: { type: "boolean" },
  } as const;
  const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
  const names = values.variant ?? [];
  refuseUnknown("stack", positionals, [...new Set(VARIANTS.map(({ stack }) => stack))]);
  refuseUnknown("variant", names, [...new Set(VARIANTS.map(({ name }) => name))]);
  const narrowed = positionals.length + names.length > 0;
  const variants = VARIANTS.filter(
    ({ stack, name, core = false }) =>
      (narrowed || values.all || core) &&
      (positionals.length === 0 || positionals.includes(stack)) &&
      (names.length === 0 || names.includes(name)),
  );
  return { variants, narrowed, twice: values.twice ?? names.length > 0 };
}

function refuseUnknown(what: string, got: readonly string[], takes: readonly string[]): void {
  const unknown = got.filter((name) => !takes.includes(name));
  if (unknown.length > 0) throw new Error(`${what}: got ${unknown.join(", ")}, takes ${takes.join(", ")}`);
}
