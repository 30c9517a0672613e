import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

type Answer = { status: number; stdout: string; stderr: string };

/** The AWS CLI, started by the first command and asked for all that follow, one after the other. */
export class AwsCli {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  #process: ChildProcess | undefined;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** @returns its standard output. @throws with what it wrote when it ends with anything but 0. */
  async run(args: readonly string[]): Promise<string> {
    this.#process ??= this.#start();
    const answered = new Promise<Answer>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#process.stdin?.write(`${JSON.stringify(args)}\n`);
    const { status, stdout, stderr } = await answered;
    if (status !== 0) throw new Error(`aws ${args.join(" ")}: ${status}\n${stderr}`);
    return stdout;
  }

  stop(): void {
    this.#process?.kill();
  }

  #start(): ChildProcess {
    const stdio = ["pipe", "pipe", "inherit"] as const;
    const child = spawn("python3", [path.join(__dirname, "cli.py")], { env: this.#environment, stdio: [...stdio] });
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const [status, stdout, stderr] = JSON.parse(line);
      this.#waiting.shift()?.resolve({ status, stdout, stderr });
    });
    const fail = (why: string) => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`aws: ${why}`));
    };
    child.once("error", ({ message }) => fail(message));
    child.once("exit", (code, signal) => fail(`ended with ${code ?? signal}`));
    return child;
  }
}
