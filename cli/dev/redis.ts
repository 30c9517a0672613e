import { type LocalProgram, startProgram } from "./program";

/** The Redis of this run. */
export interface LocalRedis extends LocalProgram {
  readonly url: string;
}

/**
 * Connects to the Redis of REDIS_URL, or starts a redis-server for this run.
 *
 * @throws {UserError} when neither is available.
 */
export async function openRedis(url: string | undefined): Promise<LocalRedis> {
  if (url !== undefined && url !== "") return { url, stop: async () => {} };
  const program = await startProgram({
    command: "redis-server",
    args: (port) => ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    ready: /Ready to accept connections/,
  });
  return { ...program, url: `redis://127.0.0.1:${program.port}` };
}
