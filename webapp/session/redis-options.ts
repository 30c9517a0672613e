/**
 * Options of ioredis with which a request never waits for Redis for long, and no command runs twice. With ioredis' own defaults a
 * command waits while Redis is away, and a command whose link is lost is sent again: an increment would count twice. A command before
 * the first link fails: wait for the client's event `ready` before the app listens.
 *
 * For `new Redis(url, REDIS_OPTIONS)`, and for `redisOptions` of a `Cluster`. Times are milliseconds.
 *
 * @see https://github.com/redis/ioredis#auto-reconnect
 */
export const REDIS_OPTIONS = {
  /** TCP and TLS handshake across zones take milliseconds; ElastiCache answers within one second or not at all. */
  connectTimeout: 1000,
  /** Bounds a request's wait on a frozen node, and leaves room for 300 ms of latency each way. */
  commandTimeout: 1500,
  /**
   * A link that is asked and says nothing for so long is closed: half-open, or frozen. Before the command timeout, so
   * that what was asked of it fails with the link, and all at once.
   */
  socketTimeout: 1400,
  keepAlive: 10_000,
  /** A link that does not close is dropped: a stop waits for nothing. */
  disconnectTimeout: 500,
  /** A command that waits for a new link waits for one attempt. */
  maxRetriesPerRequest: 1,
  /** A command whose link was lost may have run: a counter would count twice. It fails, and the visitor tries again. */
  autoResendUnfulfilledCommands: false,
  /** A command that waits for a link may be sent after its request has failed: without a link it fails at once. */
  enableOfflineQueue: false,
} as const;
