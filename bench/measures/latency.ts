import { median, quantile } from "../median";
import { openLoop } from "../open-loop";
import { contender, type Key } from "../programs";
import { serve } from "../served";
import { visit } from "../visitors";

/** Latency of a server at a constant rate of requests. */
export interface Latency {
  readonly perSecond: number;
  /** Milliseconds, medians of the rounds. */
  readonly p50: number;
  readonly p99: number;
}

/** Each at half of its own maximum, in turn, at a constant rate. */
export async function measureLatency(
  redisPort: number,
  keys: readonly Key[],
  maximum: (key: Key) => number,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  say: (line: string) => void,
): Promise<Readonly<Partial<Record<Key, Latency>>>> {
  const servers = await Promise.all(
    keys.map(async (key) => {
      const server = await serve(contender(key), redisPort);
      return { key, server, cookies: contender(key).hasSession ? await visit(server, key) : [""] };
    }),
  );
  const samples = new Map<Key, { p50: number; p99: number }[]>();
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const { key, server, cookies } of servers) {
        const perSecond = Math.round(maximum(key) / 2);
        const times = await openLoop(server.port, contender(key).path, cookies, perSecond, seconds);
        const found = { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
        if (round > 0) samples.set(key, [...(samples.get(key) ?? []), found]);
        say(`round ${round} of ${rounds}  p99 ${found.p99.toFixed(2)} ms at ${perSecond}/s  ${server.name}`);
      }
    }
  } finally {
    for (const { server } of servers) await server.stop();
  }
  return Object.fromEntries(
    [...samples].map(([key, all]) => [
      key,
      {
        perSecond: Math.round(maximum(key) / 2),
        p50: median(all.map(({ p50 }) => p50)),
        p99: median(all.map(({ p99 }) => p99)),
      },
    ]),
  );
}
