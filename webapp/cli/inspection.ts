import { Cluster, type Redis } from "ioredis";
import { type Environment, readEnvironment } from "../../environment";
import { openRedis } from "../redis/open";
import { RedisStore } from "../session";
import { SessionNames } from "../session/events";
import { newId } from "../session/session-id";
import { UserSessions } from "../session/user-sessions";

/** A person waits longer than a request does, and reads many sessions at once from a Redis that is perhaps busy. Milliseconds. */
const COMMAND_TIMEOUT_MS = 30_000;

/** The Redis a command looks into, through the session layer where sessions change. */
export interface Inspection {
  readonly redis: Redis | Cluster;
  readonly prefix: string;
  readonly store: RedisStore;
  readonly users: UserSessions;
  /** Milliseconds since 1970 by Redis' clock, as all of a session's times are. */
  readonly now: number;
  /** Aborted by Ctrl-C: a command then ends with what it has. A second Ctrl-C ends the process. */
  readonly interrupted: AbortSignal;
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
  const redis = await openRedis(requireConnection(environment), COMMAND_TIMEOUT_MS);
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once("SIGINT", interrupt);
  try {
    const { prefix, idleSeconds, maxAgeSeconds } = environment.session;
    const store = new RedisStore(redis, { prefix, idleSeconds, maxAgeSeconds });
    // The report is what an administrator sees; the app's log names sessions by a salt of its own.
    const users = new UserSessions(store, new SessionNames(newId()), () => {});
    const [seconds, micros] = await redis.time();
    const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    return await work({ redis, prefix, store, users, now, interrupted: controller.signal });
  } finally {
    process.off("SIGINT", interrupt);
    redis.disconnect();
  }
}

/** The Redis servers that hold keys: each master of a cluster, or the one there is. */
export function findMasters({ redis }: Inspection): readonly Redis[] {
  return redis instanceof Cluster ? redis.nodes("master") : [redis];
}
