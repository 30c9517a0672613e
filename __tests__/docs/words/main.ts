import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { main } from "../../../cli/machine/command";
import { ROOT } from "../../../cli/machine/root";
import { type Allowed, complaints, findAll } from "./check";

const LIST = path.join(__dirname, "allowed.json");

void main({
  name: "words",
  says: "Looks in pages, comments and messages for sentences that readers stumble over (CONTRIBUTING.md, Words).",
  finds: "when a file has more or fewer of them than allowed.json says",
  options: { update: { says: "write the lower numbers into allowed.json" } },
  run(_operands, { update }) {
    const all = findAll(ROOT);
    if (update) {
      const counts = [...all].map(([file, found]) => [file, found.length] as const);
      counts.sort(([a], [b]) => (a < b ? -1 : 1));
      writeFileSync(LIST, `${JSON.stringify(Object.fromEntries(counts), undefined, 2)}\n`);
      return 0;
    }
    const wrong = complaints(all, JSON.parse(readFileSync(LIST, "utf8")) as Allowed);
    if (wrong.length === 0) return 0;
    const fix = 'CONTRIBUTING.md, "Words", has examples. "npm run words -- --update" writes lower numbers';
    process.stderr.write(`${wrong.join("\n")}\n\nwords: ${fix}\n`);
    return 1;
  },
});
