import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..", "..");
const CHECK = path.join(ROOT, "cli", "machine", "node-version.cjs");
const read = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
const { engines, scripts } = read("package.json");
const FIX = "install Node.js 24 from https://nodejs.org/en/download";
const line = (got: string) => `Node.js: got ${got}, allowed: ${engines.node}. Fix: ${FIX}.\n`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "node-version-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command on a Node.js that takes itself for another version. */
function runAs(version: string, command: string) {
  const file = path.join(folder, `${version}.cjs`);
  writeFileSync(file, `Object.defineProperty(process.versions, "node", { value: "${version}" });\n`);
  const PATH = [path.join(ROOT, "node_modules", ".bin"), process.env.PATH].join(path.delimiter);
  const env = { ...process.env, PATH, NODE_OPTIONS: `--require "${file.replaceAll("\\", "/")}"` };
  const options = { cwd: ROOT, env, shell: true, encoding: "utf8", timeout: 20_000 } as const;
  const { status, stdout, stderr } = spawnSync(command, options);
  return { status, output: stdout + stderr };
}

describe("A Node.js that is too old gets one line", () => {
  const commands = { ...scripts, "cdktf synth": read("cdktf.json").app, "npx jest": "jest --showConfig" };

  test.each(Object.entries(commands))("from %s", (_name, command) => {
    expect(runAs("18.20.8", command as string)).toEqual({ status: 2, output: line("18.20.8") });
  });
});

test.each(["18.20.8", "20.18.3", "21.7.3", "22.11.0", "23.11.1"])("%s is refused", (version) => {
  expect(runAs(version, `node "${CHECK}"`)).toEqual({ status: 2, output: line(version) });
});

test.each(["20.19.0", "20.20.2", "22.12.0", "22.23.3", "24.0.0", "24.21.0", "26.1.0"])("%s is taken", (version) => {
  expect(runAs(version, `node "${CHECK}"`)).toEqual({ status: 0, output: "" });
});
