import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { eachLine, hasEnded, run, start, stop } from "../../../cli/machine/programs";
import { UserError } from "../../../environment";
import { until } from "../../harness/poll";

const ROOT = path.join(__dirname, "..", "..", "..");
const NODE = process.execPath;

describe("a program that is run", () => {
  it("is captured, told of piece by piece, and reads what it is given", async () => {
    const pieces: string[] = [];
    const script =
      "process.stdin.on('data', (text) => { console.log('got ' + text); console.error('no'); process.exitCode = 3; })";
    const ended = await run(NODE, ["-e", script], { input: "tea", onStdout: (piece) => pieces.push(piece) });
    expect(ended).toEqual({ code: 3, stdout: "got tea\n", stderr: "no\n", isInterrupted: false });
    expect(pieces.join("")).toBe("got tea\n");
  });

  it("gets the folder and the variables it is given", async () => {
    const script = "console.log(process.cwd(), process.env.TEA)";
    const { stdout } = await run(NODE, ["-e", script], { cwd: os.tmpdir(), env: { TEA: "green" } });
    expect(stdout).toBe(`${os.tmpdir()} green\n`);
  });

  it("is ended when it takes too long", async () => {
    const { code } = await run(NODE, ["-e", "setInterval(() => {}, 1000)"], { timeoutMs: 50 });
    expect(code).toBeNull();
  });

  it.each([
    ["terraform", "terraform: not found on PATH; to install it: https://developer.hashicorp.com/terraform/install"],
    ["memcached", "memcached: not found on PATH; to install it: apt-get install memcached, brew install memcached"],
    ["sextant", "sextant: not found on PATH"],
  ])("is named with how to install it when it is missing: %s", async (program, says) => {
    const ended = run(program, [], { env: { PATH: "/nowhere" } });
    await expect(ended).rejects.toThrow(new UserError(says));
  });

  it("gets Ctrl-C once however often it is pressed, and is waited for", async () => {
    const child = `let count = 0;
      process.on("SIGINT", () => { count += 1; setTimeout(() => { console.log("caught " + count); process.exit(5); }, 100); });
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const parent = `const { run } = require("./cli/machine/programs.ts");
      const onStdout = (piece) => process.stdout.write(piece);
      const onInterrupt = () => process.stdout.write("told\\n");
      run(process.execPath, ["-e", ${JSON.stringify(child)}], { onStdout, onInterrupt }).then(({ code, isInterrupted }) => {
        process.stdout.write(JSON.stringify({ code, isInterrupted }));
      });`;
    const args = ["--require", "./cli/typescript.cjs", "-e", parent];
    const command = spawn(NODE, args, { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    command.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    await until(() => output.includes("ready\n"), "the program");
    // As a terminal does: to the whole group. npm hands it on once more.
    process.kill(-(command.pid as number), "SIGINT");
    await until(() => output.includes("told\n"), "the command to be told");
    process.kill(-(command.pid as number), "SIGINT");
    await once(command, "close");
    expect(output).toBe('ready\ntold\ncaught 1\n{"code":5,"isInterrupted":true}');
  });
});

describe("a program that goes on", () => {
  it("is told of line by line, and is stopped", async () => {
    const lines: string[] = [];
    const child = start(NODE, ["-e", "console.log('one'); console.log('two'); setInterval(() => {}, 1000)"]);
    eachLine(child, (line) => lines.push(line));
    await until(() => lines.length === 2, "two lines");
    expect([lines, hasEnded(child)]).toEqual([["one", "two"], false]);
    await stop(child);
    expect([hasEnded(child), child.signalCode]).toEqual([true, "SIGTERM"]);
    await stop(child);
  });

  it.each([0, 50])("is killed after %i ms when it does not end", async (killAfterMs) => {
    const child = start(NODE, [
      "-e",
      "process.on('SIGTERM', () => {}); console.log('on'); setInterval(() => {}, 1000)",
    ]);
    await once(child.stdout as NodeJS.ReadableStream, "data");
    await stop(child, killAfterMs);
    expect(child.signalCode).toBe("SIGKILL");
  });
});
