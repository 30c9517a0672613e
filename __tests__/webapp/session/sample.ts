import { readFileSync } from "node:fs";
import path from "node:path";

const PAGE = path.join(__dirname, "..", "..", "..", "docs", "sessions.md");

/** Reads the first program of docs/sessions.md, which readers copy. */
export function readSample(): string {
  const program = /```ts\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8"))?.[1];
  if (program === undefined) throw new Error(`${PAGE} has no program`);
  return program;
}
