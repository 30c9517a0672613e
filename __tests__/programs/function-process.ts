import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

/** A built Lambda function as a process of its own, one invocation at a time, frozen in between as Lambda does. */
export interface FunctionProcess {
  readonly process: ChildProcess;
  /** Milliseconds from the process's start to the end of its initialization; NaN before. */
  readonly initMs: number;
  /** What was written so far. */
  output(): string;
  /** @throws what the handler threw. */
  invoke(event: unknown, timeoutMs?: number): Promise<unknown>;
  stop(): Promise<void>;
}

/** Loads the bundle, then does as Lambda's runtime: takes an event, hands it to the handler, says what came of it. */
const RUNTIME = `
  const { handler } = require(process.argv[1]);
  process.on("message", async ({ event, timeoutMs }) => {
    const end = Date.now() + timeoutMs;
    try {
      process.send({ result: await handler(event, { getRemainingTimeInMillis: () => end - Date.now() }) });
    } catch (error) {
      process.send({ error: error.message });
    }
  });
  process.send({});
`;

/** @param bundle - name of the file in webapp/dist, which `npm run build` makes. */
export async function startFunction(
  bundle: string,
  variables: Readonly<Record<string, string>>,
): Promise<FunctionProcess> {
  const file = path.join(__dirname, "..", "..", "webapp", "dist", bundle);
  const { PATH } = process.env;
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["-e", RUNTIME, file], {
    env: { ...(PATH === undefined ? {} : { PATH }), ...variables },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(child, "exit");
  async function told(): Promise<{ result?: unknown; error?: string }> {
    const [message] = await Promise.race([
      once(child, "message"),
      ended.then(([code]) => {
        throw new Error(`the function ended with ${code}:\n${output}`);
      }),
    ]);
    return message;
  }
  await told();
  const initMs = performance.now() - startedAt;
  child.kill("SIGSTOP");
  let last: Promise<unknown> = Promise.resolve();
  async function invoke(event: unknown, timeoutMs: number): Promise<unknown> {
    child.kill("SIGCONT");
    child.send({ event, timeoutMs });
    const { result, error } = await told();
    child.kill("SIGSTOP");
    if (error !== undefined) throw new Error(error);
    return result;
  }
  return {
    process: child,
    initMs,
    output: () => output,
    invoke(event, timeoutMs = 15_000) {
      const mine = last.then(() => invoke(event, timeoutMs));
      last = mine.catch(() => {});
      return mine;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await ended;
    },
  };
}
