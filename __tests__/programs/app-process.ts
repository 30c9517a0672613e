import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { freePort } from "./redis-server";

const BUNDLE = path.join(__dirname, "..", "..", "webapp", "dist", "session-app.js");

/** The built app as a process of its own, as it runs when deployed. */
export interface AppProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it has written so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the built bundle (`npm run build`) with these variables and waits until it listens. */
export async function startApp(variables: Readonly<Record<string, string>>): Promise<AppProcess> {
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const env = { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }) };
  const child = spawn(process.execPath, [BUNDLE], { env: { ...env, PORT: String(port), ...variables } });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("listening on")) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the app ended with ${code}:\n${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
