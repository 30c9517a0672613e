import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { JAPANESE_PATTERNS } from "./japanese";
import { PATTERNS, type Pattern } from "./patterns";
import { extractProse } from "./prose";

const FILES = ["*.md", "*.ts", "*.mts", "*.mjs", "*.cjs", "*.js", "*.py"];
/** Pages that are made of comments, and the patterns with their examples. */
const LEFT_OUT = /^docs\/(?:api|reference)\/|^__tests__\/docs\/(?:words|japanese)/;
const JAPANESE = /\.ja\.md$|\/japanese\.ts$/;

/** AWS cannot change the description of a security group, so a new text would replace the groups of deployed functions. */
const KEPT: ReadonlySet<string> = new Set(["A function: nobody gets in, it gets out to what it needs"]);

/** A pattern found in a file. */
export interface Found {
  readonly line: number;
  readonly words: string;
  readonly pattern: Pattern;
}

/** How often each file may have a pattern; a file that is not named may not. */
export type Allowed = Readonly<Record<string, number>>;

export function findIn(file: string, content: string): Found[] {
  const patterns = JAPANESE.test(file) ? JAPANESE_PATTERNS : PATTERNS;
  return extractProse(file, content).flatMap(({ number, text }) =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern.finds)].map(({ 0: words, index }) => {
        const line = number + (text.slice(0, index).match(/\n/g)?.length ?? 0);
        return { line, words: words.slice(0, 60), pattern };
      }),
    ),
  );
}

/** Every file of the repository that has a pattern, those that are not committed yet included. */
export function findAll(root: string): ReadonlyMap<string, readonly Found[]> {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ...FILES];
  const deleted = lines(execFileSync("git", ["ls-files", "--deleted"], { cwd: root, encoding: "utf8" }));
  const files = lines(execFileSync("git", args, { cwd: root, encoding: "utf8" }));
  const read = files.filter((file) => !LEFT_OUT.test(file) && !deleted.includes(file));
  const found = read.map((file) => [file, findIn(file, readFileSync(path.join(root, file), "utf8"))] as const);
  return new Map(found.filter(([, all]) => all.length > 0));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/** What is wrong, a line each: more than a file may have, and less than the list says. */
export function complaints(all: ReadonlyMap<string, readonly Found[]>, allowed: Allowed): string[] {
  const files = [...new Set([...all.keys(), ...Object.keys(allowed)])].sort();
  return files.flatMap((file) => {
    const found = all.get(file) ?? [];
    const most = allowed[file] ?? 0;
    if (found.length < most) return [`${file}: got ${found.length}, the list says ${most}: lower the number`];
    if (found.length === most) return [];
    const shown = found.map(({ line, words, pattern }) => `  ${file}:${line} "${words}": take ${pattern.instead}`);
    return [`${file}: got ${found.length}, takes ${most}`, ...shown];
  });
}
