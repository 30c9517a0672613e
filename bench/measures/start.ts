import http from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { median } from "../median";
import { contender, type Key } from "../programs";
import { spawnServer } from "../served";

const POLL_MS = 2;

/** From the start of the process to the first 200 at `/`, in turn. Milliseconds, medians. */
export async function measureStart(
  redisPort: number,
  keys: readonly Key[],
  rounds: number,
): Promise<Readonly<Partial<Record<Key, number>>>> {
  const times = new Map<Key, number[]>();
  for (let round = 0; round <= rounds; round++) {
    for (const key of keys) {
      const start = performance.now();
      const server = await spawnServer(contender(key), redisPort);
      while (!(await isUp(server.origin))) await pause(POLL_MS);
      // The first round fills the disk's cache.
      if (round > 0) times.set(key, [...(times.get(key) ?? []), performance.now() - start]);
      await server.stop();
    }
  }
  return Object.fromEntries([...times].map(([key, all]) => [key, median(all)]));
}

function isUp(origin: string): Promise<boolean> {
  return new Promise((resolve) => {
    http
      .get(`${origin}/`, { agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
      .once("error", () => resolve(false));
  });
}
