import type { RedisClient } from "./redis-client";
import { pairUp, READ, run } from "./redis-scripts";
import { SessionDataError } from "./session-data-error";

/** A client of node-redis 5 or 6: of `createClient` or `createCluster`, from the package `redis` or `@redis/client`. */
export interface NodeRedisClient {
  /** Options of one node's client. A client in cluster mode has none that can be read. @default - not known */
  readonly options?: { readonly readonly?: boolean };
  /** The same connection, with another form of answers. */
  withTypeMapping(mapping: Record<never, never>): NodeRedisCommands;
}

/** The commands of node-redis that {@link fromNodeRedis} calls. */
export interface NodeRedisCommands {
  /** EVALSHA. */
  evalSha(sha1: string, call: NodeRedisCall): Promise<unknown>;
  /** EVAL. */
  eval(source: string, call: NodeRedisCall): Promise<unknown>;
  /** HGETALL. */
  hGetAll(key: string): Promise<Readonly<Record<string, string>>>;
  /** PTTL. */
  pTTL(key: string): Promise<number>;
  /** DEL. */
  del(key: string): Promise<number>;
  /** ZREM. */
  zRem(key: string, members: string[]): Promise<number>;
  /** ZRANGE with scores. */
  zRangeWithScores(
    key: string,
    start: string,
    stop: string,
  ): Promise<readonly { readonly value: string; readonly score: number }[]>;
  /** PING. */
  ping(): Promise<unknown>;
}

/** Keys and arguments of a script. */
export interface NodeRedisCall {
  /** Its `KEYS`. */
  keys: string[];
  /** Its `ARGV`. */
  arguments: string[];
}

/** Properties of {@link fromNodeRedis}. */
export interface FromNodeRedisOptions {
  /** A command without an answer fails after this time. Milliseconds. @default 1500 */
  readonly commandTimeoutMs?: number;
}

const DEFAULT_COMMAND_TIMEOUT_MS = 1500;
/** The longest time of a timer: a longer one would fire at once (Node.js, `setTimeout`). */
const MOST_MS = 2 ** 31 - 1;

/**
 * The commands of a node-redis client, as a {@link RedisStore} sends them. This package does not import node-redis, so the adapter is
 * here and needs no entry of its own.
 *
 * All commands go to the primary: in cluster mode the reads run in a script, because `useReplicas` would send plain reads to a replica, and
 * its sessions may have ended. node-redis itself sends the commands of one moment together, so it does not need `batchWrites`.
 *
 * node-redis has no deadline for a command that it has sent: its `timeout` ends with the write. The deadline is here. Create the client with
 * `disableOfflineQueue: true`, so that it sends no command after its request has failed.
 *
 * @param client - connected, or about to be. Listen for its `error` event.
 * @throws {SessionDataError} for a client that has none of these commands, for one with `readonly`, and for a timeout that is no time.
 * @see https://github.com/redis/node-redis/blob/master/packages/client/lib/client/commands-queue.ts
 */
export function fromNodeRedis(client: NodeRedisClient, options: FromNodeRedisOptions = {}): RedisClient {
  const { commandTimeoutMs = DEFAULT_COMMAND_TIMEOUT_MS } = options;
  if (typeof client?.withTypeMapping !== "function") {
    throw refused("client", "one without withTypeMapping", "a client of node-redis 5 or 6");
  }
  if (!(commandTimeoutMs > 0 && commandTimeoutMs <= MOST_MS)) {
    throw refused("commandTimeoutMs", String(commandTimeoutMs), `milliseconds, above 0 up to ${MOST_MS}`);
  }
  if (client.options?.readonly === true) throw refused("the client's option readonly", "true", "false");
  // The app's own calls may get buffers or maps, these get strings. node-redis also has no client-side cache for another type mapping.
  const redis = client.withTypeMapping({});
  const answer = <T>(sent: Promise<T>) => rejectLate(sent, commandTimeoutMs);
  const plain: RedisClient = {
    evalsha: (sha1, keyCount, ...rest) => answer(redis.evalSha(sha1, splitArguments(keyCount, rest))),
    eval: (source, keyCount, ...rest) => answer(redis.eval(source, splitArguments(keyCount, rest))),
    hgetall: (key) => answer(redis.hGetAll(key)),
    pttl: (key) => answer(redis.pTTL(key)),
    del: (key) => answer(redis.del(key)),
    zrem: (key, ...members) => answer(redis.zRem(key, members)),
    zrange: async (key, start, stop) =>
      (await answer(redis.zRangeWithScores(key, start, stop))).map(({ value, score }) => [value, score]),
    ping: () => answer(redis.ping()),
  };
  if (client.options !== undefined) return plain;
  const read = async <T>(...[command, key, ...rest]: [command: string, key: string, ...rest: string[]]) =>
    (await run(plain, READ, key, [command, ...rest])) as T;
  return {
    ...plain,
    hgetall: async (key) => Object.fromEntries(pairUp(await read<string[]>("HGETALL", key))),
    pttl: (key) => read<number>("PTTL", key),
    zrange: (key, start, stop, withScores) => read<string[]>("ZRANGE", key, start, stop, withScores),
  };
}

function splitArguments(keyCount: number, keysAndArguments: readonly (string | number)[]): NodeRedisCall {
  const texts = keysAndArguments.map(String);
  return { keys: texts.slice(0, keyCount), arguments: texts.slice(keyCount) };
}

async function rejectLate<T>(answer: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function refused(what: string, got: string, allowed: string): SessionDataError {
  return new SessionDataError(`session: fromNodeRedis: ${what}: got ${got}, allowed: ${allowed}`);
}
