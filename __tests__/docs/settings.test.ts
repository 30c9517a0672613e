import { readFileSync } from "node:fs";
import path from "node:path";
import { readContext, readSettings } from "../../settings";

const ROOT = path.join(__dirname, "..", "..");
const PAGE = readFileSync(path.join(ROOT, "docs", "settings.md"), "utf8");
const NONE = "none-such";

/** The values that the program's error lists for a place, after a wrong value there. */
function takenAt(place: readonly string[]): string[] {
  const wrong = [...place, NONE].reduceRight<unknown>((value, key) => ({ [key]: value }), 1) as object;
  try {
    readSettings({ ...readContext(ROOT, undefined), ...wrong });
  } catch (error) {
    const at = [...place, NONE].join(".");
    const line = (error as Error).message.split("\n").find((one) => one.startsWith(`${at}: `));
    return /is no setting, takes (.*)$/.exec(line ?? "")?.[1]?.split(", ") ?? [];
  }
  return [];
}

/** Every key, in full. */
function keysBelow(place: readonly string[]): string[] {
  return takenAt(place).flatMap((key) => {
    const below = [...place, key];
    return [below.join("."), ...keysBelow(below)];
  });
}

/** The code of each row of the tables, its first cell apart: `a.b`, `.c` are a.b and a.c. */
const rows = PAGE.split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => {
    const [, keys = "", ...rest] = line.split("|");
    const names = [...keys.matchAll(/`([^`]+)`/g)].map((found) => found[1] as string);
    const parent = (names[0] as string).split(".").slice(0, -1).join(".");
    return { keys: names.map((name) => (name.startsWith(".") ? parent + name : name)), text: rest.join("|") };
  });

describe("docs/settings.md", () => {
  const taken = keysBelow([]);
  const rowed = new Set(rows.flatMap(({ keys }) => keys));

  it("has no row for a key that is no setting", () => {
    expect([...rowed].filter((key) => !taken.includes(key))).toEqual([]);
  });

  it("names every key that a setting takes, in a row of its own or in the one above it", () => {
    const missing = taken.filter((key) => {
      if (rowed.has(key) || [...rowed].some((row) => row.startsWith(`${key}.`))) return false;
      const name = key.split(".").at(-1) as string;
      const above = rows.filter(({ keys }) => keys.some((row) => key.startsWith(`${row}.`)));
      return !above.some(({ text }) => text.includes(name));
    });
    expect(missing).toEqual([]);
  });
});
