import { readFileSync } from "node:fs";
import path from "node:path";

const DOCS = path.join(__dirname, "..", "..", "..", "docs");

/** Reads the first program of a page, which readers copy. @param under - a heading that it comes after. @default - anywhere */
export function readSample(page = "sessions.md", under = ""): string {
  const [, text] = readFileSync(path.join(DOCS, page), "utf8").split(under, 2);
  const program = /```ts\n([\s\S]*?)```/.exec(text ?? "")?.[1];
  if (program === undefined) throw new Error(`docs/${page} has no program after "${under}"`);
  return program;
}
