import "../machine/node-version.cjs";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

// Plain JavaScript: it looks for the packages that the rest of the doctor needs to run at all.
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

if (existsSync(path.join(root, "node_modules", "@swc", "core"))) {
  const program = [
    "--require",
    "./cli/typescript.cjs",
    path.join("cli", "doctor", "main.ts"),
    ...process.argv.slice(2),
  ];
  process.exitCode = spawnSync(process.execPath, program, { cwd: root, stdio: "inherit" }).status ?? 1;
} else {
  process.stderr.write("doctor: dependencies are not installed: npm ci\n");
  process.exitCode = 1;
}
