import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/** A link that leads nowhere. */
export interface DeadLink {
  /** The page, relative to the root, and the line of the link. */
  readonly at: string;
  /** The link as it is written. */
  readonly to: string;
}

const LINK = /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|\b(?:href|src)="([^"]+)"/g;
const ELSEWHERE = /^[a-z][a-z0-9+.-]*:/i;

/**
 * The relative links of Markdown pages that lead to no file, and those with an anchor that leads to no heading.
 *
 * @param root - folder that the links may not leave.
 * @param pages - paths relative to it.
 */
export function deadLinks(root: string, pages: readonly string[]): DeadLink[] {
  return pages.flatMap((page) =>
    prose(path.join(root, page)).flatMap((line, index) =>
      [...line.matchAll(LINK)]
        .map(([, markdown, html]) => (markdown ?? html) as string)
        .filter((to) => !ELSEWHERE.test(to) && !leadsSomewhere(root, page, to))
        .map((to) => ({ at: `${page}:${index + 1}`, to })),
    ),
  );
}

function leadsSomewhere(root: string, page: string, to: string): boolean {
  const [target = "", anchor] = to.split("#");
  const file = target === "" ? path.join(root, page) : path.resolve(root, path.dirname(page), decodeURI(target));
  if (path.relative(root, file).startsWith("..") || !existsSync(file)) return false;
  if (anchor === undefined) return true;
  return statSync(file).isFile() && file.endsWith(".md") && listAnchors(file).has(decodeURIComponent(anchor));
}

/** The lines of a page; those of code blocks, and code in a line, are empty. */
function prose(file: string): string[] {
  let fence: string | undefined;
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => {
      const [, mark] = /^ *(`{3,}|~{3,})/.exec(line) ?? [];
      if (fence === undefined && mark !== undefined) fence = mark;
      else if (fence !== undefined && mark?.startsWith(fence)) fence = undefined;
      else if (fence === undefined)
        return line.replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, (code) => (code.includes("](") ? "" : code));
      return "";
    });
}

/** Ids that GitHub gives headings, and those that a page sets. */
function listAnchors(file: string): Set<string> {
  const found = new Set<string>();
  for (const line of prose(file)) {
    for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) found.add(id as string);
    const [, heading] = /^#{1,6}\s+(.*?)\s*#*$/.exec(line) ?? [];
    if (heading === undefined) continue;
    const slug = slugify(heading);
    let id = slug;
    for (let again = 1; found.has(id); again++) id = `${slug}-${again}`;
    found.add(id);
  }
  return found;
}

/** @see https://github.com/gjtorikian/html-pipeline/blob/v2.14.3/lib/html/pipeline/toc_filter.rb */
function slugify(heading: string): string {
  const text = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/<[^>]+>/g, "");
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}
