import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { differences, hashes } from "./hashes";
import { installNode, type NodeProgram, runNode, runScript } from "./node-program";

/**
 * Runs the unit tests and a synthesis on each supported Node.js, and every npm script on one that is too old. The Node.js that runs
 * this only synthesizes: `npm test` tests it. Words behind the command go to Jest, as in
 * `npm run test:nodes -- __tests__/settings.test.ts`.
 */
const ROOT = path.join(__dirname, "..", "..");
const MAJORS = [20, 22, 24];
const TOO_OLD = 18;
const JEST = [path.join("node_modules", "jest", "bin", "jest.js"), "--selectProjects=unit"];

const failed: string[] = [];

function step(what: string, act: () => boolean): void {
  const start = Date.now();
  process.stdout.write(`\n== ${what}\n`);
  const passed = act();
  process.stdout.write(`== ${what}: ${passed ? "passed" : "FAILED"}, ${((Date.now() - start) / 1000).toFixed(0)} s\n`);
  if (!passed) failed.push(what);
}

function synthesize(node: NodeProgram): ReadonlyMap<string, string> {
  const outdir = mkdtempSync(path.join(os.tmpdir(), "nodes-"));
  try {
    const args = ["--require", "./cli/typescript.cjs", "--require", "./webapp/build/if-edited.cjs", "main.ts"];
    return runNode(node, args, { cwd: ROOT, env: { CDKTF_OUTDIR: outdir } }) ? hashes(outdir) : new Map();
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The exit code of a command that could not start (docs/operations.md, "Exit codes"). */
const REFUSED = 2;

function refuses(node: NodeProgram, script: string): boolean {
  const { status, output } = runScript(node, script, ROOT);
  const isOneLine = /^Node\.js: got 18\.\S+, allowed: .+\. Fix: .+\.\n$/.test(output);
  if (status !== REFUSED || !isOneLine) process.stdout.write(`npm run ${script} ended with ${status}:\n${output}\n`);
  return status === REFUSED && isOneLine;
}

const own = Number(process.versions.node.split(".")[0]);
const mine: NodeProgram = { version: process.versions.node, file: process.execPath };
const expected = synthesize(mine);
if (expected.size === 0) failed.push(`synthesis on Node.js ${mine.version}`);

for (const major of MAJORS.filter((one) => one !== own)) {
  const node = installNode(major, ROOT);
  step(`synthesis on Node.js ${node.version}, compared with ${mine.version}`, () => {
    const other = differences(expected, synthesize(node));
    for (const file of other) process.stdout.write(`differs: ${file}\n`);
    return other.length === 0;
  });
  step(`unit tests on Node.js ${node.version}`, () =>
    runNode(node, [...JEST, ...process.argv.slice(2)], { cwd: ROOT }),
  );
}

const old = installNode(TOO_OLD, ROOT);
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { scripts: object };
step(`refusals on Node.js ${old.version}`, () => Object.keys(scripts).filter((one) => !refuses(old, one)).length === 0);

if (failed.length > 0) {
  process.stderr.write(`\nfailed:\n${failed.map((what) => `  ${what}\n`).join("")}`);
  process.exitCode = 1;
}
