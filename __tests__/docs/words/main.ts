import { main } from "../../../cli/machine/command";
import { ROOT } from "../../../cli/machine/root";
import { findAll } from "./check";

void main({
  name: "words",
  says: "Looks in pages, comments and messages for sentences that readers stumble over (CONTRIBUTING.md, Words).",
  finds: "when a file has such a sentence",
  options: {},
  run() {
    const found = findAll(ROOT);
    if (found.length === 0) return 0;
    const lines = found.map(
      ({ file, line, words, pattern }) => `${file}:${line} "${words}": write ${pattern.instead}\n`,
    );
    process.stderr.write(`${lines.join("")}\nwords: ${found.length} found. CONTRIBUTING.md, "Words", has examples\n`);
    return 1;
  },
});
