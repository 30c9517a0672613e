import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../harness/poll";

type Variables = Readonly<Record<string, string>>;

/** A shell that takes one command after the other; variables and functions are kept. */
export class Terminal {
  readonly #shell: ChildProcess;
  #output = "";
  #commands = 0;

  constructor(cwd: string, env: Variables) {
    this.#shell = spawn("bash", ["--noprofile", "--norc"], { cwd, env, stdio: ["pipe", "pipe", "ignore"] });
    this.#shell.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.#output += text;
    });
    this.#shell.stdin?.write("exec 2>&1\n");
  }

  /** Runs a command to its end. @returns what it printed, both streams as they came, and its exit code. */
  async run(command: string, deadlineMs: number): Promise<{ output: string; code: number }> {
    const mark = `end-of-command-${++this.#commands}`;
    this.#output = "";
    // The command must not read the next command as its input.
    this.#shell.stdin?.write(`{ ${command}\n} < /dev/null\nprintf '%s %s\\n' ${mark} $?\n`);
    const ended = new RegExp(`${mark} (\\d+)\\n$`);
    const deadline = Date.now() + deadlineMs;
    for (;;) {
      const code = ended.exec(this.#output)?.[1];
      if (code !== undefined) return { output: this.#output.replace(ended, ""), code: Number(code) };
      if (this.#shell.exitCode !== null || Date.now() > deadline) throw new Error(`$ ${command}\n${this.#output}`);
      await pause(20);
    }
  }

  async close(): Promise<void> {
    this.#shell.stdin?.end("exit\n");
    if (this.#shell.exitCode === null) await once(this.#shell, "exit");
  }
}

/** A command that goes on until it is stopped. */
export class Server {
  readonly #process: ChildProcess;
  output = "";

  constructor(command: string, cwd: string, env: Variables) {
    // A process group of its own: npm and tsx are between this process and the program.
    this.#process = spawn("bash", ["-c", command], { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null;
  }

  /** Ctrl-C. */
  async stop(): Promise<void> {
    const { pid, exitCode } = this.#process;
    if (exitCode !== null || pid === undefined) return;
    process.kill(-pid, "SIGINT");
    await until(() => !isThere(pid), "the server to stop");
  }
}

/** Whether anybody of a process group is left. */
function isThere(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
