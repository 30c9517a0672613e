import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A bundle whose name and content never change, so that snapshots hold on every machine. Its folder is new each time. */
export function smallBundle(content = 'console.log("hello");\n', name = "session-app.js"): string {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), "bundle-")), name);
  writeFileSync(file, content);
  return file;
}
