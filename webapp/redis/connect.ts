import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { Logger } from "pino";
import type { RedisConnection } from "../../environment";
import { type RedisCredentials, redisCredentials } from "./credentials";

/**
 * One connection policy. With ioredis' own defaults a command against a dead Redis hangs for over a minute, and the
 * offline queue has no bound: here a request fails within the command timeout, and at once while there is no link.
 */
const POLICY = {
  /** TCP and TLS handshake across zones take milliseconds; ElastiCache answers within one second or not at all. */
  connectTimeout: 1000,
  /** Bounds a request's wait on a frozen node, and leaves room for 300 ms of latency each way. */
  commandTimeout: 1500,
  /** A silent peer is gone: half-open links close. Longer than the health check's interval, which keeps it busy. */
  socketTimeout: 30_000,
  keepAlive: 10_000,
  /** A link that does not close is dropped: a stop waits for nobody. */
  disconnectTimeout: 500,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  enableAutoPipelining: true,
  // In a pipeline ioredis asks SCRIPT EXISTS before a script it defines itself; alone it sends EVALSHA, then EVAL.
  autoPipeliningIgnoredCommands: ["rlflxIncr"],
  replyMapping: "legacy",
  // CLIENT SETINFO is younger than Redis OSS 7.1 on ElastiCache: an access string that names it could not be set there.
  disableClientInfo: true,
} as const satisfies RedisOptions;

type Options = Omit<RedisOptions, "replyMapping"> & { readonly replyMapping: "legacy" };

const BACKOFF_BASE_MS = 50;
/** Back within two seconds of Redis. */
const BACKOFF_MAX_MS = 1000;

/** Exponential backoff with full jitter: many processes that lost one node don't come back in step. */
function backoff(attempt: number): number {
  return Math.ceil(Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** attempt));
}

/** After a failover the old primary answers READONLY, a new one LOADING: connect anew, send the command again. */
function reconnectOnError({ message }: Error): false | 2 {
  return message.includes("READONLY") || message.includes("LOADING") ? 2 : false;
}

/** Asks for its password before each connect, reconnects included. */
class AuthenticatingRedis extends Redis {
  readonly #credentials: RedisCredentials;
  #connecting: Promise<void> | undefined;

  constructor(options: Options, credentials: RedisCredentials) {
    super({ ...options, lazyConnect: true, ...(credentials.user === undefined ? {} : { username: credentials.user }) });
    this.#credentials = credentials;
  }

  override connect(): Promise<void> {
    this.#connecting ??= this.#connectWithPassword().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connectWithPassword(): Promise<void> {
    try {
      const password = await this.#credentials.password?.();
      if (password !== undefined) this.options.password = password;
    } catch (error) {
      // Redis refuses the old password and the next attempt asks again: no password, no session, no end of retrying.
      this.emit("error", error);
    }
    // Closed while the password was on its way: a connection now would belong to nobody.
    if (this.status !== "end") await super.connect();
  }
}

/**
 * A client that is connecting; commands fail at once until it has. Never throws for a Redis that is away.
 *
 * @throws when the CA file can't be read, or IAM is asked for in cluster mode.
 */
export function connectRedis(connection: RedisConnection, log: Logger): Redis | Cluster {
  const { host, port, db, tls, caFile, cluster, auth } = connection;
  const options: Options = { ...POLICY, host, port, db, retryStrategy: backoff, reconnectOnError };
  if (tls) options.tls = tlsOptions(host, caFile);
  const client = cluster
    ? connectCluster(options, connection)
    : new AuthenticatingRedis(options, redisCredentials(auth));
  // ioredis crashes the process without a listener. Its messages name host and command, never arguments.
  client.on("error", (error: Error) => log.warn({ err: { message: error.message } }, "redis connection"));
  client.on("ready", () => log.info({ host, port, tls }, "redis connected"));
  client.connect().catch(() => {
    // told by "error"; retryStrategy goes on
  });
  return client;
}

function tlsOptions(host: string, caFile: string | undefined): ConnectionOptions {
  // An IP address is checked against the certificate too, but is no server name (RFC 6066).
  return { ...(isIP(host) ? {} : { servername: host }), ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }) };
}

function connectCluster({ host, port, db, ...redisOptions }: Options, { auth }: RedisConnection): Cluster {
  if (auth.kind === "iam" || auth.kind === "secret") {
    throw new Error(
      `REDIS_AUTH: got ${auth.kind} with REDIS_CLUSTER_MODE=enabled, takes none or a password in REDIS_URL`,
    );
  }
  const login =
    auth.kind === "password" ? { password: auth.password, ...(auth.user ? { username: auth.user } : {}) } : {};
  return new Cluster([{ host: host as string, port: port as number }], {
    redisOptions: { ...redisOptions, ...login },
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    lazyConnect: true,
    clusterRetryStrategy: backoff,
    slotsRefreshTimeout: 2000,
    // TLS names are checked against the name the cluster announces, so it must reach the socket unresolved.
    dnsLookup: (address, callback) => callback(null, address),
  });
}
