/** Paths at which two JSON values differ, sorted; a path that ends at an object or a list that only one has is one path. */
export function differences(one: unknown, other: unknown, at = ""): string[] {
  if (isTree(one) && isTree(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    return keys.flatMap((key) => differences(one[key], other[key], at === "" ? key : `${at}.${key}`));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [at];
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
