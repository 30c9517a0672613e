import path from "node:path";
import { Redis } from "ioredis";
import { load } from "../load";
import { contender } from "../programs";
import { BENCH, serve } from "../served";
import { ask, visit } from "../visitors";

/** Memory of the server and of Redis over a long run. */
export interface MemoryRun {
  readonly requests: number;
  readonly sessions: number;
  /** Used heap after a full collection, at each tenth of the run. Bytes. */
  readonly heap: readonly number[];
  readonly rss: readonly number[];
  /** The growth of Redis' memory from start to end, for each session. Bytes. */
  readonly redisBytes: number;
}

const PARALLEL = 50;
const STEPS = 10;

/** A long run on one process: many sessions begin, then many visits; the heap is looked at ten times. */
export async function measureMemory(
  redisPort: number,
  key: "layer" | "app",
  { requests, sessions }: { readonly requests: number; readonly sessions: number },
  say: (line: string) => void,
): Promise<MemoryRun> {
  const program = contender(key);
  const node = ["--expose-gc", "--require", path.join(BENCH, "heap-probe.cjs")];
  const redis = new Redis(redisPort);
  const server = await serve({ ...program, node }, redisPort);
  try {
    const before = await usedMemory(redis);
    const cookies = await visit(server, key);
    for (let begun = cookies.length; begun < sessions; begun += PARALLEL) {
      await Promise.all(Array.from({ length: PARALLEL }, () => ask(server.origin, "/")));
    }
    const redisBytes = ((await usedMemory(redis)) - before) / Math.max(sessions, cookies.length);
    const heap: number[] = [];
    const rss: number[] = [];
    let done = 0;
    const perStep = (requests - sessions) / STEPS;
    for (let step = 1; step <= STEPS; step++) {
      while (done < perStep * step) done += Math.round((await load(server, "/", cookies, 1)).perSecond);
      heap.push(await server.heap());
      rss.push(server.rss());
      say(`${done + sessions} requests  heap ${(heap.at(-1) ?? 0) / 1e6} MB  ${program.name}`);
    }
    return { requests: done + sessions, sessions: Math.max(sessions, cookies.length), heap, rss, redisBytes };
  } finally {
    await server.stop();
    redis.disconnect();
  }
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info("memory"))?.[1]);
}
