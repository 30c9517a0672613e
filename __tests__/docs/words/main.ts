import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Allowed, complaints, findAll } from "./check";

/** npm run words: looks for sentences that readers stumble over. With --update, writes how often each file has them. */
const ROOT = path.join(__dirname, "..", "..", "..");
const LIST = path.join(__dirname, "allowed.json");

const all = findAll(ROOT);
if (process.argv.includes("--update")) {
  const counts = [...all].map(([file, found]) => [file, found.length] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(LIST, `${JSON.stringify(Object.fromEntries(counts), undefined, 2)}\n`);
} else {
  const wrong = complaints(all, JSON.parse(readFileSync(LIST, "utf8")) as Allowed);
  if (wrong.length > 0) {
    const fix = 'CONTRIBUTING.md, "Words", has examples. "npm run words -- --update" writes lower numbers';
    process.stderr.write(`${wrong.join("\n")}\n\nwords: ${fix}\n`);
    process.exitCode = 1;
  }
}
