/** Header of a hunk: `+12,3` is three new lines from line 12, `+12` is that line, and `+12,0` has removed lines alone. */
const HUNK = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/;
const FILE = "+++ b/";

/**
 * The new and changed lines of a diff, as Stryker's ranges of lines.
 *
 * @param diff answer of `git diff --unified=0`.
 * @returns for example `webapp/forms/form-token.ts:12-14`.
 */
export function listChangedLines(diff: string): string[] {
  let file = "";
  return diff.split("\n").flatMap((line) => {
    if (line.startsWith(FILE)) file = line.slice(FILE.length);
    const [, start, count = "1"] = HUNK.exec(line) ?? [];
    if (start === undefined || count === "0") return [];
    return [`${file}:${start}-${Number(start) + Number(count) - 1}`];
  });
}
