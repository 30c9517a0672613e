import { load, type Throughput } from "../load";
import { median } from "../median";
import { CONTENDERS, type Key } from "../programs";
import { type Served, serve } from "../served";
import { visit } from "../visitors";

/** Medians of the rounds, and the rounds. */
export type Rates = Readonly<Record<Key, Throughput & { readonly rounds: readonly Throughput[] }>>;

/**
 * Of two servers' figures the quotient in each round, and of those the median: what the machine does in a round hits both, where
 * the medians of each may come from rounds that were not alike.
 */
export function ratio(rates: Rates, one: Key, other: Key, of: keyof Throughput = "perSecond"): number {
  return median(rates[one].rounds.map((round, i) => round[of] / (rates[other].rounds[i]?.[of] ?? Number.NaN)));
}

/** All contenders up at once, asked in turn, round after round: what the machine does meanwhile hits them alike. */
export async function measureThroughput(
  redisPort: number,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  say: (line: string) => void,
): Promise<Rates> {
  const servers = new Map<string, Served>();
  const cookies = new Map<string, string[]>();
  const results = new Map<Key, Throughput[]>();
  try {
    for (const one of CONTENDERS) {
      if (servers.has(one.file)) continue;
      const server = await serve(one, redisPort);
      servers.set(one.file, server);
      cookies.set(one.file, one.hasSession ? await visit(server, one.key) : []);
    }
    for (let round = 0; round <= rounds; round++) {
      for (const one of CONTENDERS) {
        const server = servers.get(one.file) as Served;
        // The first round compiles the code and counts for nothing.
        const result = await load(server, one.path, cookies.get(one.file) ?? [], round === 0 ? 1 : seconds);
        if (round > 0) results.set(one.key, [...(results.get(one.key) ?? []), result]);
        say(`round ${round} of ${rounds}  ${Math.round(result.perSecond).toString().padStart(6)}/s  ${one.name}`);
      }
    }
  } finally {
    for (const server of servers.values()) await server.stop();
  }
  const rates: { -readonly [K in keyof Rates]?: Rates[K] } = {};
  for (const [key, all] of results) {
    const [perSecond, cpu] = [median(all.map((one) => one.perSecond)), median(all.map((one) => one.cpu))];
    rates[key] = { perSecond, cpu, rounds: all };
  }
  return rates as Rates;
}
