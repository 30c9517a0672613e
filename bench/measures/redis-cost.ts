import { Redis } from "ioredis";
import { CONTENDERS, type Contender, type Key } from "../programs";
import { serve } from "../served";
import { ask, visit } from "../visitors";
import { startCountingProxy } from "./counting-proxy";

/** The cost of one request at Redis. */
export interface RedisCost {
  readonly trips: number;
  readonly commands: number;
  /** The commands that Redis ran, those inside of scripts included: name and times a request. */
  readonly ran: string;
}

const REQUESTS = 100;

/** Requests one after the other, counted on the wire and in Redis' own statistics. */
export async function measureRedisCost(redisPort: number): Promise<Readonly<Partial<Record<Key, RedisCost>>>> {
  const costs: Partial<Record<Key, RedisCost>> = {};
  for (const one of CONTENDERS) if (one.hasSession) costs[one.key] = await measureCost(one, redisPort);
  return costs;
}

async function measureCost(one: Contender, redisPort: number): Promise<RedisCost> {
  const redis = new Redis(redisPort);
  const proxy = await startCountingProxy(redisPort);
  const server = await serve(one, proxy.port);
  try {
    const [cookie = ""] = await visit(server, one.key, 1);
    await ask(server.origin, one.path, cookie);
    const before = proxy.counted();
    await redis.config("RESETSTAT");
    for (let i = 0; i < REQUESTS; i++) await ask(server.origin, one.path, cookie);
    const ran = await redis.info("commandstats");
    const { commands, trips } = proxy.counted();
    return {
      trips: (trips - before.trips) / REQUESTS,
      commands: (commands - before.commands) / REQUESTS,
      ran: [...ran.matchAll(/cmdstat_([\w|]+):calls=(\d+)/g)]
        .filter(([, name]) => name !== "info" && !name?.startsWith("config"))
        .map(([, name, calls]) => `${name} ${Number(calls) / REQUESTS}`)
        .join(", "),
    };
  } finally {
    await server.stop();
    proxy.stop();
    redis.disconnect();
  }
}
