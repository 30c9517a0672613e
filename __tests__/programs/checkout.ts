import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
/** All that the commands of this repository are made of. */
const SOURCES = [
  "main.ts",
  "settings",
  "stacks",
  "cdktf.json",
  "package.json",
  "tsconfig.json",
  "modules",
  "environment",
  "webapp",
  "cli",
];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * The repository somewhere else, with its dependencies where they are; gone after the tests.
 *
 * @param isBuilt - with the bundles of here. @default false - as it comes from git
 */
export function checkout(isBuilt = false): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "checkout with blanks-")));
  folders.push(folder);
  const filter = (source: string) => isBuilt || !source.endsWith(`${path.sep}dist`);
  for (const name of SOURCES) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true, filter });
  symlinkSync(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/**
 * The built repository somewhere else, with this stack synthesized: its main.ts writes that synthesis again. A command that synthesizes
 * first takes a fraction of its time there.
 */
export function checkoutSynthesized(id: string): string {
  const folder = checkout(true);
  const args = ["--require", "./cli/typescript.cjs", "main.ts", id];
  const written = execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  renameSync(path.join(folder, "cdktf.out"), path.join(folder, "synthesized"));
  const copy = 'require("node:fs").cpSync("synthesized", "cdktf.out", { recursive: true });';
  writeFileSync(path.join(folder, "main.ts"), `${copy}\nprocess.stdout.write(${JSON.stringify(written)});\n`);
  return folder;
}
