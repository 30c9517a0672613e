import fc from "fast-check";

/** Inputs that each property tries: 100, or FUZZ_RUNS as in `FUZZ_RUNS=10000 npx jest fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 100);
const MS_A_RUN = 200;

/** How long a property may take. Milliseconds. */
export const FUZZ_MS = Math.max(60_000, RUNS * MS_A_RUN);
export const FUZZ = { numRuns: RUNS };

/** Text with the characters that parsers stumble over. */
export const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "toString",
    "%00",
    "%",
    "../../etc/passwd",
    "\u2028",
    "\ud800",
    "<script>",
    "-1",
    "1e999",
    "NaN",
  ),
);

const json = fc.jsonValue({ maxDepth: 3 });

/** Replaces or removes one part of a JSON value. @param at - picks the part */
export function damage(
  value: unknown,
  at: number,
  by: { readonly what: "replace" | "remove"; readonly value: unknown },
): unknown {
  const places = listPlaces(value);
  const place = places[at % places.length] ?? [];
  const copy: unknown = structuredClone(value);
  if (place.length === 0) return by.what === "remove" ? null : by.value;
  let parent = copy as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = place.at(-1) as string | number;
  if (by.what === "replace") parent[last] = by.value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

/** A JSON value with one to four parts damaged. */
export function damaged(value: unknown): fc.Arbitrary<unknown> {
  const one = fc.tuple(
    fc.nat(),
    fc.record({ what: fc.constantFrom("replace" as const, "remove" as const), value: json }),
  );
  return fc
    .array(one, { minLength: 1, maxLength: 4 })
    .map((all) => all.reduce((result, [at, by]) => damage(result, at, by), value));
}

function listPlaces(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, part]) => listPlaces(part, [...at, key]))];
}
