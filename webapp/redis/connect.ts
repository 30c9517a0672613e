import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { ConnectionOptions } from "node:tls";
import type { Cluster, Redis, RedisOptions } from "ioredis";
import type { RedisConnection } from "../../environment";
import { batchWrites } from "../session/batch-writes";
import { ClusterNodes, type ClusterOptions } from "./cluster-nodes";
import { Connector } from "./connector";
import { type RedisCredentials, resolveCredentials } from "./credentials";
import { FailureLog } from "./failure-log";
import { backoff, type Options, POLICY, REAUTH_MS, reconnectOnError } from "./policy";
import { SingleNode } from "./single-node";

/** Takes a client's reports; a logger of pino is one. */
export interface ConnectionLog {
  /** A connection is ready. */
  info(fields: object, message: string): void;
  /** A connection has failed, with the error's message in `fields.error`. */
  warn(fields: object, message: string): void;
}

/** Options of ioredis that a caller may set; the others are this module's, or come from the environment. */
export type ClientOptions = Pick<RedisOptions, "commandTimeout" | "connectTimeout" | "socketTimeout" | "keyPrefix">;

/** How a client differs from the app's own. */
export interface ConnectOptions {
  /** Added to the policy's options. @default {} */
  readonly redisOptions?: ClientOptions;
  /** How often a link that logged in by IAM logs in again, in milliseconds. @default 4 hours */
  readonly reauthMs?: number;
}

/**
 * A client that is connecting; commands fail at once until it has. Never throws for a Redis that is away.
 *
 * @throws when the CA file can't be read.
 */
export function connectTo(
  connection: RedisConnection,
  log: ConnectionLog,
  { redisOptions = {}, reauthMs = REAUTH_MS }: ConnectOptions = {},
): Redis | Cluster {
  const { host, port, db, tls, caFile, cluster, auth } = connection;
  const ours = { Connector, host, port, db, retryStrategy: backoff, reconnectOnError };
  const options: Options = { ...POLICY, ...redisOptions, ...ours };
  if (tls) options.tls = tlsOptions(host, caFile);
  const credentials = resolveCredentials(auth);
  const client = cluster
    ? connectCluster(options, credentials, reauthMs)
    : new SingleNode(options, credentials, reauthMs);
  batchWrites(client);
  // ioredis crashes the process without a listener. Its messages name host and command, never arguments.
  const failures = new FailureLog(log);
  client.on("error", (error: Error) => failures.add(error));
  client.on("ready", () => {
    failures.clear();
    log.info({ host, port, tls }, "redis connected");
  });
  client.connect().catch(() => {
    // told by "error"; retryStrategy goes on
  });
  return client;
}

function tlsOptions(host: string, caFile: string | undefined): ConnectionOptions {
  // An IP address is checked against the certificate too, but is no server name (RFC 6066).
  return { ...(isIP(host) ? {} : { servername: host }), ...(caFile === undefined ? {} : { ca: readCa(caFile) }) };
}

function connectCluster(
  { host, port, db, ...redisOptions }: Options,
  credentials: RedisCredentials,
  reauthMs: number,
): Cluster {
  const options: ClusterOptions = {
    redisOptions,
    enableOfflineQueue: false,
    clusterRetryStrategy: backoff,
    slotsRefreshTimeout: 2000,
    // TLS names are checked against the name the cluster announces, so it must reach the socket unresolved.
    dnsLookup: (address, callback) => callback(null, address),
  };
  return new ClusterNodes([{ host: host as string, port: port as number }], options, credentials, reauthMs);
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`REDIS_CA_FILE: got "${file}", takes the path of a PEM file that can be read (${reason})`);
  }
}
