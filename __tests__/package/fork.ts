import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { copyRenamed } from "../../cli/cdktn/rename-imports";

const ROOT = path.join(__dirname, "..", "..");
const PACKAGES = path.join(ROOT, "node_modules");
/** The folder in which `npm run package:cdktn` installs the fork. */
export const FORK_PACKAGES = path.join(PACKAGES, ".cache", "cdktn", "node_modules");
export const FORK = ["cdktn", "constructs", "@cdktn/provider-aws"];
const PROGRAM = ["main.ts", "modules", "environment", "settings", "stacks"];
const BESIDE = ["cdktf.json", "package.json", "cli/typescript.cjs", "cli/machine", "webapp/dist", "webapp/build"];

function link(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  symlinkSync(from, to);
}

/** Copies this repository's program with its imports renamed to the fork's. @returns the folder, which the caller removes. */
export function programOnFork(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "cdktn-")));
  copyRenamed(PROGRAM, folder);
  for (const name of BESIDE) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  for (const name of FORK) link(path.join(FORK_PACKAGES, name), path.join(folder, "node_modules", name));
  for (const name of ["zod", "fflate", "@swc"])
    link(path.join(PACKAGES, name), path.join(folder, "node_modules", name));
  return folder;
}

/** The file of a synthesized stack in a program's folder. */
export const stackFile = (folder: string, stack: string): string =>
  path.join(folder, "cdktf.out", "stacks", stack, "cdk.tf.json");

/** Synthesizes stacks of a program. @param node - the Node.js program that runs it @returns the JSON of each. */
export function synthesizeStacks(folder: string, stacks: readonly string[], node: string): Record<string, unknown> {
  execFileSync(node, ["--require", "./cli/typescript.cjs", "main.ts", ...stacks], { cwd: folder, stdio: "pipe" });
  const json = (stack: string): unknown => JSON.parse(readFileSync(stackFile(folder, stack), "utf8"));
  return Object.fromEntries(stacks.map((stack) => [stack, json(stack)]));
}
