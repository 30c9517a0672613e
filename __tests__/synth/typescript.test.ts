import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "typescript-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

mkdirSync(path.join(folder, "node_modules"));
symlinkSync(path.join(ROOT, "node_modules", "@swc"), path.join(folder, "node_modules", "@swc"));
for (const file of ["package.json", "cli/typescript.cjs", "cli/machine/node-version.cjs"]) {
  cpSync(path.join(ROOT, file), path.join(folder, file));
}

/** The output of a program of this source. Times are set at random, as a checkout or a copy may do. */
function printed(source: string, ...options: string[]): string {
  const file = path.join(folder, "program.ts");
  writeFileSync(file, source);
  utimesSync(file, 1, 1);
  const args = [...options, "--require", "./cli/typescript.cjs", file];
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

it("runs a source as it is now, in spite of an older cached version, and caches a source once", () => {
  const kept = () => readdirSync(path.join(folder, "node_modules", ".cache", "typescript"));
  const [one, two] = ["one", "two"].map((word) => `const word: string = "${word}";\nprocess.stdout.write(word);\n`);
  expect([one, two, one].map((source) => printed(source as string))).toEqual(["one", "two", "one"]);
  expect(kept()).toHaveLength(2);
});

it("ends a command with one line where the dependencies are not installed", () => {
  const bare = mkdtempSync(path.join(os.tmpdir(), "bare-"));
  for (const file of ["package.json", "cli/typescript.cjs", "cli/machine/node-version.cjs"]) {
    cpSync(path.join(ROOT, file), path.join(bare, file));
  }
  const args = ["--require", "./cli/typescript.cjs", "main.ts"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: bare, encoding: "utf8" });
  rmSync(bare, { recursive: true });
  expect([status, stdout, stderr]).toEqual([2, "", "dependencies: not installed. Fix: npm ci.\n"]);
});

it("names the lines of the source where it is asked to", () => {
  const source = "interface None {\n  readonly none: string;\n}\nprocess.stdout.write(String(new Error().stack));\n";
  expect(printed(source, "--enable-source-maps")).toContain(`${path.join(folder, "program.ts")}:4:`);
});
