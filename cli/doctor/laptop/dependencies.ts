import { readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../machine/root";
import { type Finding, fail, ok } from "../finding";

type Lock = { readonly packages: Record<string, { readonly version?: string; readonly optional?: boolean }> };

/** Compares the installed packages, which npm records, with package-lock.json. */
export function checkDependencies(root = ROOT): Finding {
  const read = (...file: string[]) => JSON.parse(readFileSync(path.join(root, ...file), "utf8")) as Lock;
  try {
    const wanted = Object.entries(read("package-lock.json").packages).filter(([at, { optional }]) => at && !optional);
    const installed = read("node_modules", ".package-lock.json").packages;
    const other = wanted.filter(([at, { version }]) => installed[at]?.version !== version).map(([at]) => at);
    if (other.length === 0) return ok("dependencies", `${wanted.length} packages, as in package-lock.json`);
    return fail("dependencies", `${other.length} are not as in package-lock.json, as ${other[0]}`, "npm ci");
  } catch {
    return fail("dependencies", "not installed by npm", "npm ci");
  }
}
