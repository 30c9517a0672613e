import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { until } from "../harness/poll";
import { freePort } from "./redis-server";

export const BUNDLE = path.join(__dirname, "..", "..", "webapp", "dist", "session-app.js");

/** The built app as a process of its own, as it runs when deployed. */
export interface AppProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Its output so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts the built bundle (`npm run build`), or another, with these variables and waits until it listens. */
export async function startApp(variables: Readonly<Record<string, string>>, bundle = BUNDLE): Promise<AppProcess> {
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const env = { ...(PATH === undefined ? {} : { PATH }), ...(HOME === undefined ? {} : { HOME }) };
  const child = spawn(process.execPath, [bundle], { env: { ...env, PORT: String(port), ...variables } });
  let output = "";
  const read = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const url = `http://127.0.0.1:${port}`;
  try {
    await until(async () => {
      if (child.exitCode !== null) return "it ended";
      return (await fetch(`${url}/healthz`)).ok;
    }, "the app");
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  if (child.exitCode !== null) throw new Error(`the app ended with ${child.exitCode}:\n${output}`);
  return {
    url,
    process: child,
    output: () => output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
