import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import { Cluster, type Redis } from "ioredis";
import type { Logger } from "pino";
import type { RedisConnection } from "../../environment";
import { redisCredentials } from "./credentials";
import { backoff, type Options, POLICY, REAUTH_MS, reconnectOnError } from "./policy";
import { SingleNode } from "./single-node";

/**
 * A client that is connecting; commands fail at once until it has. Never throws for a Redis that is away.
 *
 * @param reauthMs - how often a link that logged in by IAM logs in again. @default 4 hours
 * @throws when the CA file can't be read, or IAM is asked for in cluster mode.
 */
export function connectRedis(connection: RedisConnection, log: Logger, reauthMs = REAUTH_MS): Redis | Cluster {
  const { host, port, db, tls, caFile, cluster, auth } = connection;
  const options: Options = { ...POLICY, host, port, db, retryStrategy: backoff, reconnectOnError };
  if (tls) options.tls = tlsOptions(host, caFile);
  const client = cluster
    ? connectCluster(options, connection)
    : new SingleNode(options, redisCredentials(auth), reauthMs);
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
    // ioredis follows MOVED and ASK for a command, not for a part of a pipeline: while slots move, requests would fail.
    enableAutoPipelining: false,
    lazyConnect: true,
    clusterRetryStrategy: backoff,
    slotsRefreshTimeout: 2000,
    // TLS names are checked against the name the cluster announces, so it must reach the socket unresolved.
    dnsLookup: (address, callback) => callback(null, address),
  });
}
