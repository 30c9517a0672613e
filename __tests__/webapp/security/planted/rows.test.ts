import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { CLAIMS } from "./claims";

const ROOT = path.join(__dirname, "..", "..", "..", "..");
const read = (...parts: string[]) => readFileSync(path.join(ROOT, ...parts), "utf8");

/** A test as a row names it: a number stands for the tests of the folder `security` with that number in their names. */
interface NamedTest {
  readonly row: string;
  readonly file: string | undefined;
  readonly name: string;
}

function parseTests(row: string, cell: string): NamedTest[] {
  return cell.split("; ").flatMap((part): NamedTest[] => {
    const [, file, name] = /^`(.+?)`(?: "(.+)")?$/.exec(part) ?? [];
    if (file !== undefined) return [{ row, file, name: name ?? "" }];
    return part.split(", ").map((number) => ({ row, file: undefined, name: number }));
  });
}

/** The rows of each table of docs/security.md whose last column is headed `test`. */
function rows(): { row: string; tests: NamedTest[] }[] {
  const found: { row: string; tests: NamedTest[] }[] = [];
  let isTable = false;
  for (const line of read("docs", "security.md").split("\n")) {
    const cells = line.split("|").slice(1, -1);
    const [row = "", last = ""] = [cells[0], cells.at(-1)].map((cell) => cell?.trim());
    if (cells.length === 0) isTable = false;
    else if (last === "test") isTable = true;
    else if (isTable && !/^-+$/.test(last)) found.push({ row, tests: parseTests(row, last) });
  }
  return found;
}

const names = ({ row, file, name }: NamedTest) =>
  CLAIMS.filter(
    (claim) =>
      claim.row === row &&
      claim.name === name &&
      (file === undefined ? claim.test.startsWith("security/") : claim.test === file),
  );
/** The browser runs the built bundle, and a fault is planted in the sources. */
const isInBrowser = ({ file = "" }: NamedTest) => file.startsWith("e2e/");

describe("docs/security.md", () => {
  it("has two tables of rows with tests", () => {
    expect(rows().length).toBeGreaterThan(30);
    expect(new Set(rows().map(({ row }) => row)).size).toBe(rows().length);
  });

  it("names no test without a planted fault", () => {
    const tests = rows().flatMap((row) => row.tests);
    expect(tests.filter((test) => !isInBrowser(test) && names(test).length === 0)).toEqual([]);
    for (const { file = "" } of tests.filter(isInBrowser))
      expect([file, existsSync(path.join(ROOT, "__tests__", file))]).toEqual([file, true]);
  });

  it("names every test that a fault is planted for, in its own row", () => {
    const named = new Set(rows().flatMap((row) => row.tests.flatMap(names)));
    expect(CLAIMS.filter((claim) => !named.has(claim)).map(({ row, test, name }) => [row, test, name])).toEqual([]);
  });

  it.each(CLAIMS.map((claim) => [claim.row, claim] as const))("plants for %s what changes one line", (_, claim) => {
    expect(claim.faults).not.toEqual([]);
    for (const { file, from, to } of claim.faults) {
      expect([file, from, read(file).split(from).length - 1]).toEqual([file, from, 1]);
      expect(`${from}${to}`).not.toContain("\n");
      expect(to).not.toBe(from);
    }
    const test = read("__tests__", "webapp", claim.test);
    // The contract of all stores is in a file of its own.
    const contract = test.includes("storeContract(make)") ? read("__tests__/webapp/session/store-contract.ts") : "";
    expect(test + contract).toContain(claim.name);
  });
});
