import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout } from "../programs/checkout";

const root = path.join(__dirname, "..", "..");
const FAKE_CLOCK = `const now = Date.now; Date.now = () => now() + 86400000 * 1000;`;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Every file below a folder by its relative path, as text. */
function filesBelow(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), readFileSync(file, "utf8")]));
}

const bundlePath = (folder: string) => path.join(folder, "webapp", "dist", "session-app.js");

function shuffleTimes(folder: string): void {
  for (const name of Object.keys(filesBelow(path.join(folder, "webapp")))) {
    utimesSync(path.join(folder, "webapp", name), 1, Math.floor(Math.random() * 1e9));
  }
}

const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));

/** `npm run --silent <script> -- <args>`, without npm's own start. */
function run(
  folder: string,
  [script, ...args]: readonly [string, ...string[]],
  environment: Record<string, string> = {},
) {
  const env = { ...process.env, ...environment };
  return spawnSync("sh", ["-c", `${scripts[script]} "$@"`, "sh", ...args], { cwd: folder, env, encoding: "utf8" });
}

/** The warning of the network for documentation that cdktf.json comes with. */
const NETWORK_LEFT =
  /^warning: session-\w+: \w+\.allowedCidrs: 203\.0\.113\.0\/24 is a network for documentation .*\n/gm;

/** Runs main.ts by itself, with settings over cdktf.json's. */
function program(context: Record<string, unknown>, ...stacks: string[]) {
  const outdir = mkdtempSync(path.join(os.tmpdir(), "program-"));
  folders.push(outdir);
  const env = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(context), CDKTF_OUTDIR: outdir };
  const main = ["--require", "./cli/typescript.cjs", "main.ts", ...stacks];
  return { outdir, ...spawnSync(process.execPath, main, { cwd: root, env, encoding: "utf8" }) };
}

describe("npm run synth", () => {
  it("writes the same bytes in another folder, time zone, home and year, and no path of the machine", () => {
    const [here, there] = [checkout(true), checkout(true)];
    writeFileSync(bundlePath(there), "rebuilt");
    shuffleTimes(there);
    writeFileSync(path.join(there, "clock.cjs"), FAKE_CLOCK);
    const elsewhere = { TZ: "Asia/Tokyo", LANG: "ja_JP.UTF-8", HOME: there, NODE_OPTIONS: "--require ./clock.cjs" };
    const { status, stderr } = run(here, ["synth"], { TZ: "UTC" });
    expect(status).toBe(0);
    expect(stderr.replaceAll(NETWORK_LEFT, "")).toBe("");
    expect(run(there, ["synth"], elsewhere)).toMatchObject({ status: 0 });
    const [ours, theirs] = [filesBelow(path.join(here, "cdktf.out")), filesBelow(path.join(there, "cdktf.out"))];
    expect(Object.keys(ours)).toContain(path.join("stacks", "session-ec2", "cdk.tf.json"));
    expect(theirs).toEqual(ours);
    for (const [name, text] of Object.entries(ours)) {
      for (const place of [here, root, os.homedir()]) expect([name, text.includes(place)]).toEqual([name, false]);
    }
  });

  it("synthesizes the stack it is asked for, and refuses one that is none", () => {
    const folder = checkout(true);
    expect(run(folder, ["synth", "session-ec2"])).toMatchObject({ status: 0 });
    expect(run(folder, ["synth", "session-ec3"])).toMatchObject({
      status: 2,
      stderr: "stack: got session-ec3, takes session-ec2, session-ecs, session-lambda\n",
    });
  });

  it("says so on standard error, without a stack trace, and ends with 2", () => {
    expect(program({ nat: "both" })).toMatchObject({
      status: 2,
      stdout: "",
      stderr: 'nat: got "both", takes "none" or "single" or "per-zone"\n',
    });
  });

  it("warns of a task smaller than the document's, and writes it", () => {
    const { status, stdout, stderr } = program({
      ecs: { http: true, allowedCidrs: ["203.0.113.0/24"], cpu: 256, memoryMib: 512 },
    });
    expect([status, stdout.trim().split("\n").length]).toEqual([0, 3]);
    const others = stderr.replaceAll(NETWORK_LEFT, "");
    expect(others).toMatch(/^warning: session-ecs\/web: cpu 256 and memoryMib 512 are below .*\n$/);
  });
});

describe("the bundle", () => {
  it("is one file that starts on its own, wherever it lies", () => {
    const bundle = path.join(mkdtempSync(path.join(os.tmpdir(), "alone-")), "alone.js");
    folders.push(path.dirname(bundle));
    cpSync(bundlePath(root), bundle);
    const { status, stderr } = spawnSync(process.execPath, [bundle], { env: { PORT: "x" }, encoding: "utf8" });
    expect([status, stderr]).toEqual([1, 'PORT: got "x", takes a whole number from 0 to 65535\n']);
  });

  it("is left alone while its sources are the same, and rebuilt after an edit", () => {
    const folder = checkout(true);
    utimesSync(bundlePath(folder), 1, 1);
    expect(run(folder, ["build"])).toMatchObject({ status: 0, stdout: "", stderr: "" });
    expect(statSync(bundlePath(folder)).mtimeMs).toBe(1000);
    writeFileSync(path.join(folder, "webapp", "views", "life.ts"), "no program");
    const says = expect.stringContaining("webapp/views/life.ts:1");
    expect(run(folder, ["synth"])).toMatchObject({ status: 1, stdout: "", stderr: says });
  });
});
