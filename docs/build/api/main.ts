import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { generate } from "./generate";

/** npm run api: writes what of docs/ is made of the types. Ends with 1 when a name is public and not described. */
const ROOT = path.join(__dirname, "..", "..", "..");

const { files, complaints } = generate();
for (const folder of new Set([...files.keys()].map((file) => path.dirname(file)))) {
  rmSync(path.join(ROOT, folder), { recursive: true, force: true });
  mkdirSync(path.join(ROOT, folder), { recursive: true });
}
for (const [file, text] of files) writeFileSync(path.join(ROOT, file), text);
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
if (complaints.length > 0) process.exitCode = 1;
