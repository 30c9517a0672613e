/**
 * The Redis commands of the app, including the session layer's scripts and the inspect command. The app's ElastiCache user is allowed these
 * commands only. A command inside a script needs its own rule there too. The list is grouped by sender. A test runs the app against a
 * real server with exactly these commands.
 */
const REDIS_COMMANDS = [
  // ioredis: handshake and ready check (without +info it skips that check); readiness page
  "hello",
  "info",
  "ping",
  // the session scripts, and the commands inside them
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

/** The commands of ioredis in cluster mode: it names the connection for cluster slots, reads the slots, and checks that all are served. */
const CLUSTER_COMMANDS = ["client|setname", "cluster|info", "cluster|slots"] as const;

/**
 * The ElastiCache access string of the app's user, in the order in which ElastiCache returns it. So a second plan finds no difference.
 *
 * @param prefix - first part of every key, SESSION_PREFIX of the app.
 * @param mode - whether Redis runs in cluster mode. @default "single"
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export function accessString(prefix: string, mode: RedisMode = "single"): string {
  return buildAccessString(REDIS_COMMANDS, prefix, mode);
}

/** The access string of a user with these commands. In cluster mode, ioredis' own commands are added. */
export function buildAccessString(commands: readonly string[], prefix: string, mode: RedisMode): string {
  const all = mode === "cluster" ? [...commands, ...CLUSTER_COMMANDS] : commands;
  return ["on", `~${prefix}*`, "-@all", ...all.map((command) => `+${command}`)].join(" ");
}
