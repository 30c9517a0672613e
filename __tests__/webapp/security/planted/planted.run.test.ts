import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { run } from "../../../../cli/machine/programs";
import { ROOT } from "../../../../cli/machine/root";
import { describeWith } from "../../../programs/require";
import type { Claim, Fault } from "./claim";
import { CLAIMS } from "./claims";

/** Files and folders that tests of the app load. */
const SOURCES = ["__tests__", "cli", "environment", "webapp", "jest.config.js", "package.json", "tsconfig.json"];
const JEST = path.join("node_modules", "jest", "bin", "jest.js");
/** Two runs of Jest, on a machine that does much else. */
const MINUTES = 5;

jest.setTimeout(MINUTES * 60_000);

// Without redis-server many of these tests are skipped, and no test would notice the fault.
describeWith(["redis-server"], "a planted fault", () => {
  const copy = mkdtempSync(path.join(os.tmpdir(), "planted-"));
  const green = new Map<string, Promise<Outcome>>();

  beforeAll(async () => {
    for (const name of SOURCES) await cp(path.join(ROOT, name), path.join(copy, name), { recursive: true });
    await symlink(path.join(ROOT, "node_modules"), path.join(copy, "node_modules"));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const rows = CLAIMS.flatMap((claim) => claim.faults.map((fault) => ({ claim, fault })));
  it.each(rows.map((row) => [row.claim.row, row.claim.test, row.claim.name, row.fault.from, row] as const))(
    "of row %s is noticed by %s, %j: %s",
    async (_row, _test, _name, _from, { claim, fault }) => {
      const key = `${claim.test} ${claim.name}`;
      const before = green.get(key) ?? runTests(copy, claim);
      green.set(key, before);
      expect(await before).toMatchObject({ failed: [], broken: [], passed: expect.any(Number) });
      expect((await before).passed).toBeGreaterThan(0);

      const after = await withFault(copy, fault, () => runTests(copy, claim));
      expect(after.broken).toEqual([]);
      expect(after.failed).not.toEqual([]);
    },
  );
});

/** The results of some tests. */
interface Outcome {
  readonly passed: number;
  /** Names of the tests that failed. */
  readonly failed: readonly string[];
  /** Why suites could not be run at all. */
  readonly broken: readonly string[];
}

/** Jest's report, as far as it is used here. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs the tests of a claim in a copy of the repository. */
async function runTests(copy: string, { test, name }: Claim): Promise<Outcome> {
  const file = path.join(copy, "report.json");
  rmSync(file, { force: true });
  // A number is found at its start alone: 3.4 is no part of 3.3.4.
  const pattern = `(?<![\\w.])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
  const args = [JEST, path.join("__tests__", "webapp", test), "--selectProjects", "unit", "--testNamePattern", pattern];
  // A test that failed does not run again: a fault is noticed every time.
  const { REQUIRE_ALL: _, ...env } = process.env;
  const { stderr } = await run(process.execPath, [...args, "--json", `--outputFile=${file}`], { cwd: copy, env });
  const report = read(file, stderr);
  const { numPassedTests: passed, testResults, numRuntimeErrorTestSuites } = report;
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "failed")
    .map(({ fullName }) => fullName);
  const broken = numRuntimeErrorTestSuites === 0 ? [] : testResults.map(({ message }) => message);
  return { passed, failed, broken };
}

function read(file: string, stderr: string): Report {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`jest wrote no report:\n${stderr}`, { cause });
  }
}

/** Does something while a file of the copy has a fault. */
async function withFault<T>(copy: string, { file, from, to }: Fault, act: () => Promise<T>): Promise<T> {
  const at = path.join(copy, file);
  const content = await readFile(at, "utf8");
  await writeFile(
    at,
    content.replace(from, () => to),
  );
  try {
    return await act();
  } finally {
    await writeFile(at, content);
  }
}
