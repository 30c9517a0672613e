import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { copied, ROOT } from "./dockerfile";

it("the Dockerfile builds the same bytes from what it copies as npm run build does here", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "image-"));
  const made = ["session-app.js", "session-app.THIRD-PARTY-NOTICES.txt"];
  const sha256 = (root: string) =>
    made.map((file) =>
      createHash("sha256")
        .update(readFileSync(path.join(root, "webapp", "dist", file)))
        .digest("hex"),
    );
  try {
    const isSource = (file: string) => !file.startsWith(path.join(ROOT, "webapp", "dist"));
    for (const file of copied) {
      cpSync(path.join(ROOT, file), path.join(dir, file), { recursive: true, filter: isSource });
    }
    symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
    execFileSync("node", ["webapp/build/if-edited.cjs"], { cwd: dir, stdio: "ignore" });
    expect(sha256(dir)).toEqual(sha256(ROOT));
  } finally {
    rmSync(dir, { recursive: true });
  }
});
