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

/** A sentence that has a pattern, and its place. */
export interface Found {
  readonly file: string;
  readonly line: number;
  readonly words: string;
  readonly pattern: Pattern;
}

export function findIn(file: string, content: string): Found[] {
  const patterns = JAPANESE.test(file) ? JAPANESE_PATTERNS : PATTERNS;
  const read = extractProse(file, content).filter(({ text }) => !KEPT.has(text));
  return read.flatMap(({ number, text }) =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern.finds)].map(({ 0: words, index }) => {
        const line = number + (text.slice(0, index).match(/\n/g)?.length ?? 0);
        return { file, line, words: words.slice(0, 60), pattern };
      }),
    ),
  );
}

/** Finds the patterns in all files of the repository, including files that are not committed yet. */
export function findAll(root: string): Found[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ...FILES];
  const deleted = lines(execFileSync("git", ["ls-files", "--deleted"], { cwd: root, encoding: "utf8" }));
  const files = lines(execFileSync("git", args, { cwd: root, encoding: "utf8" }));
  const read = files.filter((file) => !LEFT_OUT.test(file) && !deleted.includes(file)).sort();
  return read.flatMap((file) => findIn(file, readFileSync(path.join(root, file), "utf8")));
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
