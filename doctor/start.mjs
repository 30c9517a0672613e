import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

// Plain JavaScript of any age: what it looks for is what the rest of the doctor needs to run at all.
const root = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const { engines } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const [, major, minor] = /(\d+)\.(\d+)/.exec(engines.node).map(Number);
const [ownMajor, ownMinor] = process.versions.node.split(".").map(Number);

const wrong = [];
if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  wrong.push(`Node.js is ${process.versions.node}, takes ${engines.node}: https://nodejs.org/en/download`);
}
if (!existsSync(path.join(root, "node_modules", "@swc", "core"))) wrong.push("dependencies are not installed: npm ci");

if (wrong.length > 0) {
  for (const line of wrong) process.stderr.write(`doctor: ${line}\n`);
  process.exitCode = 1;
} else {
  const program = ["--require", "./typescript.cjs", path.join("doctor", "main.ts"), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, program, { cwd: root, stdio: "inherit" }).status ?? 1;
}
