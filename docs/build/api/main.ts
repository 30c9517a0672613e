import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { main } from "../../../cli/machine/command";
import { ROOT } from "../../../cli/machine/root";
import { generate } from "./generate";

void main({
  name: "api",
  says: "Writes docs/api and docs/reference out of the types that the package exports.",
  finds: "when a public name has no docstring or no default",
  options: {},
  async run() {
    const { files, complaints } = await generate();
    for (const folder of new Set([...files.keys()].map((file) => path.dirname(file)))) {
      rmSync(path.join(ROOT, folder), { recursive: true, force: true });
      mkdirSync(path.join(ROOT, folder), { recursive: true });
    }
    for (const [file, text] of files) writeFileSync(path.join(ROOT, file), text);
    for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
    return complaints.length > 0 ? 1 : 0;
  },
});
