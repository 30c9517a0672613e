import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "./service";

/** A Redis for this run. */
export interface LocalRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The Redis of REDIS_URL, or a redis-server of this run's own, gone with it.
 *
 * @throws when there is neither.
 */
export async function openRedis(url: string | undefined): Promise<LocalRedis> {
  if (url !== undefined && url !== "") return { url, stop: async () => {} };
  const [port, dir] = [await freePort(), mkdtempSync(path.join(os.tmpdir(), "session-redis-"))];
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", settings, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await new Promise<void>((resolve, reject) => {
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("Ready to accept connections")) resolve();
      });
      child.once("error", reject);
      child.once("exit", () => reject(new Error(output)));
    });
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(
      "redis-server is not on PATH: install it (apt-get install redis-server, brew install redis) or set REDIS_URL",
    );
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const exit = once(child, "exit");
      if (child.exitCode === null && child.kill()) await exit;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
