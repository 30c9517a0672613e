import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** A Node.js on this machine. */
export interface NodeProgram {
  readonly version: string;
  /** Its program. */
  readonly file: string;
}

interface RunOptions {
  readonly cwd: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The newest Node.js of a major version, by npm's package `node`, kept in node_modules/.cache. @throws when npm cannot install it. */
export function installNode(major: number, root: string): NodeProgram {
  const folder = path.join(root, "node_modules", ".cache", "nodes", String(major));
  const npm = process.env.npm_execpath;
  if (npm === undefined) throw new Error("npm_execpath: got nothing. Fix: start this by npm run test:nodes");
  process.stdout.write(`\nnode@${major} by npm ...\n`);
  const args = [npm, "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, `node@${major}`];
  const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
  const installed = path.join(folder, "node_modules", "node");
  const file = [path.join(installed, "bin", "node"), path.join(installed, "bin", "node.exe")].find(existsSync);
  if (status !== 0 || file === undefined) throw new Error(`node@${major}: npm could not install it`);
  const { version } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")) as { version: string };
  return { version, file };
}

/** Its folder comes first on PATH, so that its child processes use it too. */
function environment({ file }: NodeProgram, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const before = process.env as Record<string, string>;
  return { ...before, ...more, [name]: `${path.dirname(file)}${path.delimiter}${before[name] ?? ""}` };
}

/** Runs a program on a Node.js; what it prints is seen. @returns whether it ended well. */
export function runNode(node: NodeProgram, args: readonly string[], { cwd, env }: RunOptions): boolean {
  return spawnSync(node.file, args, { cwd, env: environment(node, env), stdio: "inherit" }).status === 0;
}

/** Runs an npm script on a Node.js. @returns how it ended and all it printed. */
export function runScript(node: NodeProgram, script: string, cwd: string) {
  const npm = process.env.npm_execpath as string;
  // A script that does not look at its Node.js would go on for minutes.
  const options = { cwd, env: environment(node), encoding: "utf8", timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(node.file, [npm, "run", "--silent", script], options);
  return { status, output: stdout + stderr };
}
