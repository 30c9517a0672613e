import { SessionDataError } from "./session-data-error";

/**
 * The commands of Redis that a {@link RedisStore} sends, as clients of ioredis and iovalkey have them, in cluster mode too.
 * {@link fromNodeRedis} makes one of a client of node-redis. For any other client, write an adapter with these eight methods.
 *
 * Each method asks the primary, and rejects with the error of Redis, whose message begins with the error's code (`NOSCRIPT`, `WRONGTYPE`).
 */
export interface RedisClient {
  /** Options of the client. @default - all commands go to the primary */
  readonly options?: RedisClientOptions;
  /** EVALSHA: `keyCount` keys, then arguments. */
  evalsha(sha1: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  /** EVAL: `keyCount` keys, then arguments. */
  eval(source: string, keyCount: number, ...keysAndArguments: (string | number)[]): Promise<unknown>;
  /** HGETALL: the value of each field; an object without fields where Redis has no such key. */
  hgetall(key: string): Promise<Readonly<Record<string, string>>>;
  /** PTTL: milliseconds. */
  pttl(key: string): Promise<number>;
  /** DEL: the number of deleted keys. */
  del(key: string): Promise<number>;
  /** ZREM: the number of removed members. */
  zrem(key: string, ...members: string[]): Promise<number>;
  /** ZRANGE with scores: members and scores in a row, or in pairs. */
  zrange(
    key: string,
    start: string,
    stop: string,
    withScores: "WITHSCORES",
  ): Promise<readonly (string | readonly [member: string, score: string | number])[]>;
  /** PING. */
  ping(): Promise<unknown>;
}

/** Options of a client that {@link RedisStore} looks at, by their names in ioredis and iovalkey. */
export interface RedisClientOptions {
  /** Whether the client reads from replicas; refused. @default false */
  readonly readOnly?: boolean | undefined;
  /** The node that Sentinel leads to; `"slave"` is refused. @default "master" */
  readonly role?: string | undefined;
  /** Whether the client receives the commands of others; refused. @default false */
  readonly monitor?: boolean | undefined;
  /** The nodes that answer reads in cluster mode; all but `"master"` are refused. @default "master" */
  readonly scaleReads?: unknown;
  /** Refused in cluster mode. @default false */
  readonly enableAutoPipelining?: boolean | undefined;
}

const METHODS = ["evalsha", "eval", "hgetall", "pttl", "del", "zrem", "zrange", "ping"] as const;

/**
 * Refuses a client that does not ask the primary: a replica that lags shows a session that has been ended, and takes
 * no write. Options that only change the form of answers are read in every form.
 *
 * @throws {SessionDataError} with the option, or with the method that the client does not have.
 */
export function checkClient(redis: RedisClient): void {
  const missing = METHODS.find((name) => typeof redis?.[name] !== "function");
  if (missing !== undefined) {
    const allowed =
      "a client of ioredis or iovalkey, fromNodeRedis(client) of node-redis, or a RedisClient of your own";
    throw new SessionDataError(`session store: client: got one without ${missing}, allowed: ${allowed}`);
  }
  const { options = {} } = redis;
  if ("nodes" in redis) {
    const { scaleReads = "master", enableAutoPipelining } = options;
    // A command before the slots are known ends the process (ioredis 5.11, 6.0: autoPipelining.js reads `slots[n].join`).
    if (enableAutoPipelining === true) throw refused("enableAutoPipelining", "true", "false: batchWrites does more");
    if (scaleReads !== "master") throw refused("scaleReads", String(scaleReads), '"master"');
    return;
  }
  const { readOnly, role, monitor } = options;
  if (readOnly === true) throw refused("readOnly", "true", "false");
  if (role === "slave") throw refused("role", '"slave"', '"master"');
  if (monitor === true) throw refused("monitor", "true", "false");
}

function refused(option: string, got: string, allowed: string): SessionDataError {
  return new SessionDataError(`session store: the client's option ${option}: got ${got}, allowed: ${allowed}`);
}
