import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.join(__dirname, "..", "..");
const outdir = mkdtempSync(path.join(os.tmpdir(), "policy-"));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** What the program writes for some settings, by stack. */
export function synthesizeAll(name: string, context: object): Map<string, string> {
  const folder = path.join(outdir, name);
  const env = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(context), CDKTF_OUTDIR: folder };
  const tsx = path.join(root, "node_modules", ".bin", "tsx");
  const written = execFileSync(tsx, ["main.ts"], { cwd: root, env, encoding: "utf8" }).trim().split("\n");
  const files = written.map((file) => path.resolve(root, file));
  return new Map(files.map((file) => [path.basename(path.dirname(file)), readFileSync(file, "utf8")]));
}
