import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { markdownTable, measuredTable, type Row } from "./table";

/** Tests of this kind, one after the other; then the tables. `--write` puts them into their pages too. */
const ROOT = path.join(__dirname, "..", "..");
const PAGES = [
  { page: "docs/reliability.md", holds: ({ kind }: Row) => kind === undefined },
  { page: "docs/upgrades.md", holds: ({ kind }: Row) => kind !== undefined },
] as const;
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
const order = (row: Row) => `${row.kind === "drill" ? 2 : 1} ${row.fault}`;
const rows = lines.map((line) => JSON.parse(line) as Row).sort((a, b) => order(a).localeCompare(order(b)));
rmSync(folder, { recursive: true });
for (const { page, holds } of PAGES) {
  const own = rows.filter(holds);
  if (own.length === 0) continue;
  process.stdout.write(`\n${measuredTable(own)}\n`);
  if (!args.includes("--write")) continue;
  const file = path.join(ROOT, page);
  if (status !== 0) process.stderr.write(`${page} stays as it is: a test failed\n`);
  else writeFileSync(file, readFileSync(file, "utf8").replace(PLACE, `$1${markdownTable(own)}\n$2`));
}
process.exitCode = status ?? 1;
