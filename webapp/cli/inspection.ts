import { Cluster, type Redis } from "ioredis";
import { type Environment, readEnvironment } from "../../environment";
import { openRedis } from "../redis/open";
import { RedisStore } from "../session";
import { SessionNames } from "../session/events";
import { newId } from "../session/session-id";
import { UserSessions } from "../session/user-sessions";

/** Keys a SCAN step looks at; Redis serves others in between. */
const SCAN_COUNT = 500;

/** The Redis a command looks into, through the session layer where sessions change. */
export interface Inspection {
  readonly redis: Redis | Cluster;
  readonly prefix: string;
  readonly store: RedisStore;
  readonly users: UserSessions;
  /** Milliseconds since 1970 by Redis' clock, as all of a session's times are. */
  readonly now: number;
}

/** The contract's Redis; without one there is nothing to look into. */
export function requireConnection({ redis }: Environment) {
  if (redis !== undefined) return redis;
  throw new Error(
    "REDIS_URL: got nothing, takes the Redis to look into, as redis://host:port (or its other variables)",
  );
}

/** Opens the environment's Redis for as long as `work` takes. */
export async function withRedis<T>(work: (inspection: Inspection) => Promise<T>): Promise<T> {
  const environment = readEnvironment(process.env);
  const redis = await openRedis(requireConnection(environment));
  try {
    const { prefix, idleSeconds, maxAgeSeconds } = environment.session;
    const store = new RedisStore(redis, { prefix, idleSeconds, maxAgeSeconds });
    // The report is what an administrator sees; the app's log names sessions by a salt of its own.
    const users = new UserSessions(store, new SessionNames(newId()), () => {});
    const [seconds, micros] = await redis.time();
    return await work({ redis, prefix, store, users, now: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000) });
  } finally {
    redis.disconnect();
  }
}

/** All sessions' keys, batch by batch, from each master of a cluster. A key may come twice. */
export async function* sessionKeys({ redis, store }: Inspection): AsyncGenerator<readonly string[]> {
  for (const node of redis instanceof Cluster ? redis.nodes("master") : [redis]) {
    let cursor = "0";
    do {
      const [next, keys] = await node.scan(cursor, "MATCH", store.nameOf("*"), "COUNT", SCAN_COUNT);
      cursor = next;
      if (keys.length > 0) yield keys;
    } while (cursor !== "0");
  }
}
