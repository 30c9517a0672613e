import { readFileSync } from "node:fs";
import path from "node:path";

const DOCS = path.join(__dirname, "..", "..", "..", "docs");

/** Reads the first program of a page, which readers copy. @param heading - comes before it. @default - the page's title */
export function readSample(page = "sessions.md", heading = "# "): string {
  const text = readFileSync(path.join(DOCS, page), "utf8");
  const program = /```ts\n([\s\S]*?)```/.exec(text.slice(text.indexOf(heading)))?.[1];
  if (program === undefined) throw new Error(`docs/${page} has no program after "${heading}"`);
  return program;
}
