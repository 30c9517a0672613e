import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { until } from "../harness/poll";

const ROOT = path.join(__dirname, "..", "..");

/** A command of `cli/dev/` that listens. */
export interface LocalCommand {
  readonly url: string;
  readonly process: ChildProcess;
  output(): string;
  /** Types a line. */
  type(line: string): void;
  /** Ctrl-C; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts it on a stack's JSON and waits until it listens.
 *
 * @param command - its file's name in `cli/dev/`.
 */
export async function startCommand(
  command: string,
  file: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<LocalCommand> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--require", "./cli/typescript.cjs", path.join("cli", "dev", command), file], {
    cwd: ROOT,
    env: { PATH, HOME, PORT: "0", ...variables },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const url = await until(
    () => (child.exitCode !== null ? "nowhere" : /listening on (http:\S+);/.exec(output)?.[1]),
    command,
  );
  if (child.exitCode !== null) throw new Error(`${command} ended with ${child.exitCode}:\n${output}`);
  return {
    url,
    process: child,
    output: () => output,
    type: (line) => void child.stdin.write(`${line}\n`),
    async stop() {
      const exit = once(child, "exit");
      if (child.exitCode === null && child.kill("SIGINT")) await exit;
      return child.exitCode;
    },
  };
}
