import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment";
import { ROOT } from "./root";

/** On the file system of the repository, so that a folder there can be renamed into it. */
const CACHE = path.join(ROOT, "node_modules", ".cache");
const FILES = ["package.json", "package-lock.json"];

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readManifest(...folder: string[]): Manifest {
  return JSON.parse(readFileSync(path.join(...folder, "package.json"), "utf8"));
}

/** Whether each dependency is installed in the exact version that the folder's package.json names, as `1.2.3` or `npm:other@1.2.3`. */
function isInstalled(folder: string, into: string): boolean {
  return Object.entries(readManifest(folder).dependencies ?? {}).every(([name, version]) => {
    const installed = path.join(into, "node_modules", name);
    return (
      existsSync(path.join(installed, "package.json")) && readManifest(installed).version === version.split("@").pop()
    );
  });
}

/**
 * Installs the packages of a folder that has a package.json and a package-lock.json of its own, unless they are installed. They come
 * whole or not at all, because another process may install them at the same time.
 *
 * @param into - the folder that gets `node_modules`, on the file system of the repository. @default - the folder itself
 * @throws {UserError} when npm cannot install them.
 */
export function installPackages(folder: string, into = folder): void {
  if (isInstalled(folder, into)) return;
  for (const needed of [CACHE, into]) mkdirSync(needed, { recursive: true });
  const fresh = mkdtempSync(path.join(CACHE, "install-"));
  try {
    for (const file of FILES) cpSync(path.join(folder, file), path.join(fresh, file));
    runNpm(fresh, path.relative(ROOT, folder));
    moveIn(fresh, folder, into);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Errors of a rename onto a folder that is not empty: on Linux and macOS, and on Windows. */
const NOT_EMPTY: ReadonlySet<unknown> = new Set(["ENOTEMPTY", "EEXIST", "EPERM"]);
const TRIES = 10;

/** Moves the installed packages into a folder, unless another process was first. A folder that is not empty is no target of a rename. */
function moveIn(fresh: string, folder: string, into: string): void {
  const [from, to] = [path.join(fresh, "node_modules"), path.join(into, "node_modules")];
  for (let left = TRIES; !isInstalled(folder, into); left--) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      if (left <= 1 || !NOT_EMPTY.has((error as NodeJS.ErrnoException).code)) throw error;
      moveAway(to, path.join(fresh, `older-${left}`));
    }
  }
}

function moveAway(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

function runNpm(folder: string, name: string): void {
  // On Windows, Node.js cannot start `npm` itself. In a script of npm, this variable has the path of npm's program.
  const npm = process.env.npm_execpath;
  const [program, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const args = [...first, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
  try {
    execFileSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    throw new UserError(`${name}: npm could not install its packages. Fix: npm ci --prefix ${name} shows the reason.`);
  }
}
