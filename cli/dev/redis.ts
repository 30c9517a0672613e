import { freePort, type LocalProgram, startProgram } from "./program";

/** A Redis for this run. */
export interface LocalRedis extends LocalProgram {
  readonly url: string;
}

/**
 * The Redis of REDIS_URL, or a redis-server of this run's own, gone with it.
 *
 * @throws {UserError} when there is neither.
 */
export async function openRedis(url: string | undefined): Promise<LocalRedis> {
  if (url !== undefined && url !== "") return { url, stop: async () => {} };
  const port = await freePort();
  const program = await startProgram({
    command: "redis-server",
    args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    port,
  });
  return { ...program, url: `redis://127.0.0.1:${port}` };
}
