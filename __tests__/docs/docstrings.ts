import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
/** Biome puts each export at the start of a line. */
const EXPORT = /^export (?:declare |abstract |async )*(class|function\*?|const|interface|type|enum) (\w+)/;

/** Folders whose files are built or installed: `npm run bench` installs its peers. */
const GENERATED = new Set(["dist", "node_modules"]);

/** A name that a file exports. */
export interface ExportedName {
  /** From the root, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** Whether a docstring is right above it. */
  readonly isDocumented: boolean;
}

/** The names that the TypeScript of a folder exports, each once: a type beside a value of its name is the value's. */
export function listExports(folder: string): ExportedName[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.m?ts$/.test(name) && !name.split(path.sep).some((part) => GENERATED.has(part)))
    .map((name) => path.join(folder, name).split(path.sep).join("/"))
    .sort()
    .flatMap((file) => parseExports(file, readFileSync(path.join(ROOT, file), "utf8")));
}

/** The names that a file with this text exports. */
export function parseExports(file: string, text: string): ExportedName[] {
  const lines = text.split(/\r?\n/);
  const names = new Map<string, ExportedName>();
  for (const [index, line] of lines.entries()) {
    const name = EXPORT.exec(line)?.[2];
    if (name === undefined || names.has(name)) continue;
    names.set(name, { file, line: index + 1, name, isDocumented: isDocstringEnd(lines, index - 1) });
  }
  return [...names.values()];
}

/** Whether a docstring, which opens with two stars, ends in this line, or above it where the line is for the linter. */
function isDocstringEnd(lines: readonly string[], end: number): boolean {
  if (lines[end]?.startsWith("// biome-ignore ")) return isDocstringEnd(lines, end - 1);
  if (!lines[end]?.endsWith("*/")) return false;
  let first = end;
  while (first > 0 && !lines[first]?.startsWith("/*")) first -= 1;
  return lines[first]?.startsWith("/**") ?? false;
}
