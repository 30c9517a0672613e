import type * as z from "zod";
import { SessionDataError } from "./session-data-error";
import type { Counter, RefusedCount } from "./store";

type Check = z.core.$ZodChecks["_zod"]["def"];

/** Checks of a number that are bounds, or hold for all whole numbers: the store can keep to them by itself. */
const BOUNDS: ReadonlySet<string> = new Set(["greater_than", "less_than", "number_format"]);

/**
 * The numbers an attribute of this type may count through. The store checks name and result in the step that counts, so
 * a type takes part when its checks are bounds.
 *
 * @see https://zod.dev/library-authors for `_zod`, the part of a type that libraries may read.
 * @throws {SessionDataError} with the name, when the type is no whole number or has checks of its own.
 */
export function buildCounter(name: string, type: z.core.$ZodType): Counter {
  let start = 0;
  let inner = type as z.core.$ZodTypes;
  for (;;) {
    const { def } = inner._zod;
    for (const check of def.checks ?? []) {
      const kind = check._zod.def.check;
      if (!BOUNDS.has(kind)) throw refused(name, `a schema with the check "${kind}"`);
    }
    if (def.type === "number") return { start, ...findBounds(listChecks(def)) };
    if (!("innerType" in def) || def.type === "promise" || def.type === "success") {
      throw refused(name, `a schema of the type "${def.type}"`);
    }
    if (def.type === "default" || def.type === "prefault") start = Number(def.defaultValue);
    inner = def.innerType as z.core.$ZodTypes;
  }
}

/** Why an increment was not done. */
export function refusedCount(name: string, { stored }: RefusedCount, by: number, { start, min, max }: Counter) {
  const before = stored === undefined ? start : Number(stored);
  if (!/^-?\d+$/.test(stored ?? "0")) return new SessionDataError(`session data: ${name}: holds no whole number`);
  return new SessionDataError(`session data: ${name}: got ${before + by}, allowed: ${min} to ${max}`);
}

/** A type such as `z.int32()` is a check by itself. */
function listChecks(def: z.core.$ZodNumberDef | z.core.$ZodNumberFormatDef): Check[] {
  const checks = (def.checks ?? []).map((check) => (check as z.core.$ZodChecks)._zod.def);
  return "format" in def ? [...checks, def] : checks;
}

/** The least and the greatest whole number that passes the checks. */
function findBounds(checks: readonly Check[]): { min: number; max: number } {
  let min: number = Number.MIN_SAFE_INTEGER;
  let max: number = Number.MAX_SAFE_INTEGER;
  for (const check of checks) {
    if (check.check === "greater_than") {
      const value = Number(check.value);
      min = Math.max(min, check.inclusive ? Math.ceil(value) : Math.floor(value) + 1);
    } else if (check.check === "less_than") {
      const value = Number(check.value);
      max = Math.min(max, check.inclusive ? Math.floor(value) : Math.ceil(value) - 1);
    } else if (check.check === "number_format") {
      if (check.format === "int32") [min, max] = [Math.max(min, -(2 ** 31)), Math.min(max, 2 ** 31 - 1)];
      if (check.format === "uint32") [min, max] = [Math.max(min, 0), Math.min(max, 2 ** 32 - 1)];
    }
  }
  return { min, max };
}

function refused(name: string, got: string): SessionDataError {
  return new SessionDataError(`session: increment of ${name}: got ${got}, allowed: a number, with bounds or without`);
}
