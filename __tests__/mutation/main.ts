import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { main } from "../../cli/machine/command";
import { FailedError } from "../../cli/machine/failed-error";
import { installPackages } from "../../cli/machine/install-packages";
import { run } from "../../cli/machine/programs";
import { UserError } from "../../environment/user-error";
import { listChangedLines } from "./changed-lines";
import { FOLDERS, type MutatedFolder } from "./folders";
import { type Report, score } from "./score";

const ROOT = path.join(__dirname, "..", "..");
const OUTPUT = path.join(ROOT, "node_modules", ".cache", "mutation");

/** Lines of a folder that differ from a commit, as Stryker's ranges. */
async function listChanged({ folder }: MutatedFolder, base: string): Promise<string[]> {
  const args = ["diff", "--unified=0", "--diff-filter=d", base, "--", `${folder}/*.ts`];
  const { code, stdout, stderr } = await run("git", args, { cwd: ROOT });
  if (code !== 0) throw new UserError(`--changed: git diff ${base}: ${stderr.trim()}`);
  return listChangedLines(stdout);
}

/** Plants faults in these files or lines, one at a time, and runs the tests of the folder that reach each. */
async function mutate({ folder, tests }: MutatedFolder, files: readonly string[], isWhole: boolean): Promise<Report> {
  const name = folder.replaceAll("/", "-");
  const report = path.join(OUTPUT, `${name}.json`);
  const config = path.join(OUTPUT, `${name}.config.json`);
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(
    config,
    JSON.stringify({
      plugins: ["@stryker-mutator/jest-runner"],
      testRunner: "jest",
      jest: { configFile: "__tests__/mutation/jest.config.cjs" },
      coverageAnalysis: "perTest",
      // A fault in code that runs once, when its file is loaded, needs all tests of the folder: hours for tables and constants.
      ignoreStatic: true,
      // A run of whole folders continues from the one before: it plants a fault again if its code or one of its tests has changed.
      incremental: isWhole,
      incrementalFile: path.relative(ROOT, path.join(OUTPUT, `${name}.incremental.json`)),
      concurrency: availableParallelism(),
      // A fault that hangs ends here. The limit leaves room for other work on the machine, so that slow is not taken for hanging.
      timeoutMS: 20_000,
      timeoutFactor: 3,
      mutate: files,
      reporters: ["clear-text", "progress-append-only", "json"],
      jsonReporter: { fileName: path.relative(ROOT, report) },
      // Jest finds no tests in a folder within node_modules.
      tempDirName: ".stryker-tmp",
      ignorePatterns: ["cdktf.out", "bench", "docs"],
    }),
  );
  const stryker = path.join(__dirname, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js");
  const env = { ...process.env, MUTATION_TESTS: JSON.stringify(tests) };
  const { code } = await run(process.execPath, [stryker, "run", path.relative(ROOT, config)], {
    cwd: ROOT,
    env,
    isShown: true,
  });
  if (code !== 0) throw new FailedError(`${folder}: Stryker ended with ${code}; the reason is above`);
  return JSON.parse(readFileSync(report, "utf8")) as Report;
}

void main({
  name: "mutate",
  says: "Plants faults in the code, one at a time, and counts those that no test finds. A folder takes minutes to hours.",
  finds: "a folder is below its bound",
  operands: { usage: "[folder...]", says: FOLDERS.map(({ folder }) => folder).join(", ") },
  options: {
    changed: { value: "<commit>", says: "only lines that differ from this commit" },
  },
  async run(operands, { changed }) {
    const known = FOLDERS.map(({ folder }) => folder);
    const unknown = operands.find((operand) => !known.includes(operand));
    if (unknown !== undefined) throw new UserError(`folder: got ${unknown}, takes ${known.join(", ")}`);
    installPackages(__dirname);
    let isBelow = false;
    for (const one of FOLDERS.filter(({ folder }) => operands.length === 0 || operands.includes(folder))) {
      const files = changed === undefined ? [`${one.folder}/**/*.ts`] : await listChanged(one, changed);
      if (files.length === 0) {
        process.stdout.write(`${one.folder}: no line differs from ${changed}\n`);
        continue;
      }
      const { percent, found, planted } = score(await mutate(one, files, changed === undefined));
      const isMet = percent >= one.least;
      isBelow ||= !isMet;
      process.stdout.write(
        `${one.folder}: ${found} of ${planted} faults found, ${percent.toFixed(1)} % (at least ${one.least} %)${isMet ? "" : ": below"}\n`,
      );
    }
    return isBelow ? 1 : 0;
  },
});
