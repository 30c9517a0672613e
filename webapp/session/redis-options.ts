/**
 * Options of ioredis that bound a request's wait for Redis and run no command twice. By ioredis' own defaults a command waits while
 * Redis is away, and ioredis sends a command again whose connection was lost: an increment would count twice.
 *
 * A command before the first connection fails. Wait for the client's event `ready` before the app listens.
 *
 * Use them as `new Redis(url, REDIS_OPTIONS)`, or as `redisOptions` of a `Cluster`. Times are milliseconds.
 *
 * @see https://github.com/redis/ioredis#auto-reconnect
 */
export const REDIS_OPTIONS = {
  /** TCP and TLS handshake across zones take milliseconds; ElastiCache answers within one second or not at all. */
  connectTimeout: 1000,
  /** Bounds a request's wait on a frozen node, and leaves room for 300 ms of latency each way. */
  commandTimeout: 1500,
  /**
   * Closes a connection that has not answered for this long: it is half-open, or the node is frozen. It is shorter than the command
   * timeout, so that all commands of the connection fail at once.
   */
  socketTimeout: 1400,
  keepAlive: 10_000,
  /** Drops a connection that does not close, so that a stop does not wait for it. */
  disconnectTimeout: 500,
  /** A command that waits for a new connection waits for one attempt. */
  maxRetriesPerRequest: 1,
  /** A command whose connection was lost may have run, and a counter would count twice. The command fails, and the visitor tries again. */
  autoResendUnfulfilledCommands: false,
  /** A queued command could be sent after its request has failed. Without a connection a command fails at once. */
  enableOfflineQueue: false,
} as const;
