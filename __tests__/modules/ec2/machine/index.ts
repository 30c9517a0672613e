import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** A stand-in for an instance that has just booted; nothing it does is left on this host. */
export interface Machine {
  /** Runs a command line as root of the machine. */
  run(command: string): Promise<{ code: number; output: string }>;
  /** Runs a script as cloud-init does. */
  runUserData(script: string): Promise<{ code: number; output: string }>;
  /** What stands on the console. */
  console(): string;
  /** What was asked of dnf and systemctl since the last time this was asked. */
  calls(): Promise<string[]>;
  /** Ends the machine with all that runs on it. */
  stop(): Promise<void>;
}

/**
 * Boots a machine.
 *
 * @param environment - what an instance has from its role and what only a test needs.
 */
export function bootMachine(environment: Readonly<Record<string, string>>): Machine {
  const dir = mkdtempSync(path.join(os.tmpdir(), "machine-"));
  const file = (name: string) => path.join(dir, name);
  mkdirSync(file("layers"));
  writeFileSync(file("console"), "");
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn("unshare", ["-rmpf", "--kill-child", "bash", path.join(__dirname, "boot.sh")], {
    env: {
      ...environment,
      PATH,
      HOME,
      LAYERS: file("layers"),
      CONSOLE: file("console"),
      STUBS: path.join(__dirname, "bin"),
      NODE: process.execPath,
    },
  });
  let output = "";
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
      wake();
    });
  }
  child.on("exit", () => wake());

  async function run(command: string) {
    output = "";
    child.stdin.write(`${command}\n`);
    for (;;) {
      const end = /\n<end> (\d+)\n$/.exec(output);
      if (end !== null) return { code: Number(end[1]), output: output.slice(0, end.index) };
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the machine ended:\n${output}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  return {
    run,
    async runUserData(script) {
      writeFileSync(file("user-data"), script);
      return run(`bash ${file("user-data")}`);
    },
    console: () => readFileSync(file("console"), "utf8"),
    async calls() {
      const { output: lines } = await run('cat "$RUN/calls"; : >"$RUN/calls"');
      return lines.split("\n").filter((line) => line !== "");
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
