import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { markdownTable, measuredTable, type Row } from "./table";

/** Tests of this kind, one after the other; then the table. `--write` puts it into docs/reliability.md too. */
const ROOT = path.join(__dirname, "..", "..");
const PAGE = path.join(ROOT, "docs", "reliability.md");
const PLACE = /(<!-- table: npm run test:faults -- --write -->\n)[\s\S]*?(<!-- end of table -->)/;

const args = process.argv.slice(2);
const folder = mkdtempSync(path.join(os.tmpdir(), "fault-rows-"));
const file = path.join(folder, "rows");
const jest = [path.join(ROOT, "node_modules", "jest", "bin", "jest.js"), "--selectProjects", "faults", "--runInBand"];
const { status } = spawnSync(process.execPath, [...jest, ...args.filter((arg) => arg !== "--write")], {
  cwd: ROOT,
  stdio: "inherit",
  env: { ...process.env, FAULT_ROWS: file },
});
const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
const rows = lines.map((line) => JSON.parse(line) as Row).sort((a, b) => a.fault.localeCompare(b.fault));
rmSync(folder, { recursive: true });
process.stdout.write(`\n${measuredTable(rows)}\n`);
if (args.includes("--write")) {
  if (status !== 0) process.stderr.write("docs/reliability.md stays as it is: a test failed\n");
  else writeFileSync(PAGE, readFileSync(PAGE, "utf8").replace(PLACE, `$1${markdownTable(rows)}\n$2`));
}
process.exitCode = status ?? 1;
