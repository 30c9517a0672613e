/**
 * The Redis commands the app sends, the session layer's scripts and the inspect command included. A user on ElastiCache
 * is allowed these and nothing else; a command run inside a script needs its own rule there too. Each stands here with
 * the one who sends it, and a test runs the app against a real server with exactly this list.
 */
const REDIS_COMMANDS = [
  // ioredis: handshake and ready check (without +info it skips that check); readiness page
  "hello",
  "info",
  "ping",
  // the session scripts, and what runs inside them
  "evalsha",
  "eval",
  "time",
  "hgetall",
  "hmget",
  "hset",
  "hdel",
  "hincrby",
  "exists",
  "pexpire",
  "del",
  // a user's sessions
  "pttl",
  "zadd",
  "zcard",
  "zrange",
  "zrem",
  "zremrangebyscore",
  "zscore",
  // the throttle of logins
  "exec",
  "expire",
  "get",
  "incrby",
  "multi",
  "set",
  // the inspect command
  "scan",
  "type",
  "hlen",
  // examples 3 and 4 (with hincrby, multi, expire, exec, del), and people in redis-cli with `inspect token`
  "hget",
  "hkeys",
  "ttl",
] as const;

/** Whether Redis runs in cluster mode. */
export type RedisMode = "single" | "cluster";

/** What ioredis sends in cluster mode: the link that asks who has which slots has a name, and asks if all are served. */
const CLUSTER_COMMANDS = ["client|setname", "cluster|info", "cluster|slots"] as const;

/**
 * The ElastiCache access string of the app's user, in the order ElastiCache itself answers with, so that a second plan
 * finds no difference.
 *
 * @param prefix - first part of every key, SESSION_PREFIX of the app.
 * @param mode - whether Redis runs in cluster mode. @default "single"
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export function accessString(prefix: string, mode: RedisMode = "single"): string {
  return buildAccessString(REDIS_COMMANDS, prefix, mode);
}

/** The access string of a user who sends these commands; what ioredis needs in cluster mode comes with the mode. */
export function buildAccessString(commands: readonly string[], prefix: string, mode: RedisMode): string {
  const all = mode === "cluster" ? [...commands, ...CLUSTER_COMMANDS] : commands;
  return ["on", `~${prefix}*`, "-@all", ...all.map((command) => `+${command}`)].join(" ");
}
