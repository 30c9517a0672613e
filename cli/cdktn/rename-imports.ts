import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../machine/root";

/** Import specifiers, and the packages of the fork in their place; texts and names that hold "cdktf" stay. */
const RENAMES: readonly (readonly [RegExp, string])[] = [
  [/(from |require\()"cdktf"/g, '$1"cdktn"'],
  [/(from |require\()"@cdktf\/provider-aws\//g, '$1"@cdktn/provider-aws/'],
];

/** A source with the fork's packages in place of cdktf's. */
function renameImports(source: string): string {
  return RENAMES.reduce((text, [from, to]) => text.replaceAll(from, to), source);
}

/** Copies folders and files of the repository, with the imports of their TypeScript renamed. */
export function copyRenamed(names: readonly string[], to: string): void {
  for (const name of names) cpSync(path.join(ROOT, name), path.join(to, name), { recursive: true });
  for (const name of names) {
    const copied = path.join(to, name);
    const files = name.endsWith(".ts")
      ? [copied]
      : readdirSync(copied, { recursive: true, encoding: "utf8" }).map((one) => path.join(copied, one));
    for (const file of files.filter((one) => one.endsWith(".ts"))) {
      writeFileSync(file, renameImports(readFileSync(file, "utf8")));
    }
  }
}
