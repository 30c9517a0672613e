import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A bundle whose name and content never change, so that snapshots hold on every machine. Its folder is new each time. */
export function smallBundle(content = 'console.log("hello");\n', name = "session-app.js"): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "bundle-"));
  folders.push(folder);
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}
