import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { until } from "./poll";
import { twoServices } from "./two-services";

const ROOT = path.join(__dirname, "..", "..");

/** `npm run dev:ecs` on the JSON of a stack with two services. */
export interface LocalEcs {
  readonly url: string;
  readonly process: ChildProcess;
  output(): string;
  /** Types a line. */
  type(line: string): void;
  /** Process id of a task by its host name, once it is healthy. */
  pidOf(host: string): Promise<number>;
  /** Ctrl-C; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts it with these variables and waits until it listens. */
export async function startEcs(variables: Readonly<Record<string, string>> = {}): Promise<LocalEcs> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "local-ecs-"));
  const file = path.join(dir, "cdk.tf.json");
  writeFileSync(file, twoServices());
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--import", "tsx", path.join("dev", "ecs.ts"), file], {
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
    "dev:ecs",
  );
  if (child.exitCode !== null) throw new Error(`dev:ecs ended with ${child.exitCode}:\n${output}`);
  return {
    url,
    process: child,
    output: () => output,
    type: (line) => void child.stdin.write(`${line}\n`),
    pidOf: async (host) =>
      Number(
        await until(() => new RegExp(`${host}: healthy, process (\\d+)`).exec(output)?.[1], `${host} to be healthy`),
      ),
    async stop() {
      const exit = once(child, "exit");
      if (child.exitCode === null && child.kill("SIGINT")) await exit;
      rmSync(dir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
