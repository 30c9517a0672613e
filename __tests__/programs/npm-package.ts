import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";

const CACHE = path.join(__dirname, "..", "..", "node_modules", ".cache", "npm-packages");

/**
 * A package in a folder of its own, which npm installs when it is asked for the first time: for what is too large or too
 * special to be a dependency.
 *
 * @param spec - as in `node@24`
 * @returns the folder of its commands.
 * @throws when npm does not get it.
 */
function listCommands(spec: string): string {
  const folder = path.join(CACHE, spec);
  const commands = path.join(folder, "node_modules", ".bin");
  if (existsSync(commands)) return commands;
  mkdirSync(folder, { recursive: true });
  execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", spec], { stdio: "ignore" });
  return commands;
}

/** The folder of a package's commands, or why there is none. */
export function installed(spec: string): { readonly commands: string; readonly missing: string | undefined } {
  try {
    return { commands: listCommands(spec), missing: undefined };
  } catch {
    return { commands: "", missing: `needs the package ${spec} (npm install ${spec}, from the npm registry)` };
  }
}

/** The folder of a Node.js of a major version: this one's own, or npm's package `node`. */
export function installNode(major: number): ReturnType<typeof installed> {
  const isOwn = process.versions.node.startsWith(`${major}.`);
  return isOwn ? { commands: path.dirname(process.execPath), missing: undefined } : installed(`node@${major}`);
}
