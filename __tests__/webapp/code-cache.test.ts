import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { readProgram } from "../../webapp/code-cache";

const DIST = path.join(__dirname, "..", "..", "webapp", "dist");
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), "code-cache-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function bundle(source: string): string {
  const file = path.join(dir, "bundle.js");
  writeFileSync(file, source);
  return file;
}
const run = (file: string, ...args: string[]) =>
  execFileSync(process.execPath, [file, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

describe("code that is kept", () => {
  it("is used at the next start", () => {
    const file = bundle("const answer = () => 42; answer();");
    expect(readProgram(file).isCompiled).toBe(false);
    readProgram(file).keep();
    expect(readProgram(file).isCompiled).toBe(true);
  });

  it("is not used for another bundle, not even of the same length", () => {
    readProgram(bundle("const answer = () => 42; answer();")).keep();
    expect(readProgram(bundle("const answer = () => 43; answer();")).isCompiled).toBe(false);
  });
});

describe("the built app", () => {
  it("starts compiled", () => {
    // Asked of a plain Node: V8 takes only what was compiled under its own flags, and a test's process has some.
    const script = "console.log(require('./webapp/code-cache').readProgram(process.argv[1]).isCompiled)";
    const args = ["--require", "./typescript.cjs", "-e", script, path.join(DIST, "session-app.js")];
    expect(execFileSync(process.execPath, args, { cwd: path.join(DIST, "..", ".."), encoding: "utf8" })).toBe("true\n");
  });

  it("is the same program, compiled or not, and with a cache that is another Node's or cut short", () => {
    const files = ["start.js", "session-app.js"];
    for (const file of files) cpSync(path.join(DIST, file), path.join(dir, file));
    const start = path.join(dir, "start.js");
    const plain = run(path.join(dir, "session-app.js"), "inspect", "--help");
    expect(run(start, "inspect", "--help")).toBe(plain);
    expect(readdirSync(dir).sort()).toEqual(files.toSorted());

    const [name] = readdirSync(DIST).filter((file) => file.endsWith(".cache")) as [string];
    const cache = readFileSync(path.join(DIST, name));
    const otherNode = Buffer.from(cache);
    otherNode.fill(0xff, 36, 40);
    for (const other of [otherNode, cache.subarray(0, cache.length / 2)]) {
      writeFileSync(path.join(dir, name), other);
      expect(run(start, "inspect", "--help")).toBe(plain);
    }
  });
});
