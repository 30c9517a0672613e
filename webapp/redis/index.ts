/**
 * A client of Redis on ElastiCache for any Node.js program: logs in by IAM, by a password or without one, as the environment
 * contract says, and bounds each wait.
 */
import type { Cluster, Redis } from "ioredis";
import { readRedisConnection } from "../../environment";
import { type ClientOptions, connectTo } from "./connect";

export { EnvironmentError } from "../../environment";
export type { ClientOptions } from "./connect";
export { type AwsCredentials, type IamTokenOptions, iamToken } from "./iam-token";

/** Properties of a client. */
export interface ConnectRedisOptions {
  /**
   * Options of ioredis that replace the client's: a prefix for each key, or longer deadlines for commands that block.
   *
   * @default - connectTimeout 1000, commandTimeout 1500, socketTimeout 1400 (milliseconds), no keyPrefix
   */
  readonly redisOptions?: ClientOptions;
  /**
   * Told of each error of a connection, with the reason of a refused login. The client goes on trying.
   *
   * @default - its message is printed to standard error
   */
  readonly onError?: (message: string) => void;
}

/**
 * Connects to the cache that the environment names: `REDIS_URL` or `REDIS_CLUSTER_ENDPOINT`, and how to log in. A login by IAM
 * gets a token for each connection, and logs in again before ElastiCache closes the connection.
 *
 * The client is connecting when it is returned. Until its event `ready`, and while Redis is away, commands fail at once.
 *
 * @param environment - variables by name. @default process.env
 * @param options - how the client differs from the defaults. @default {}
 * @returns a `Cluster` where `REDIS_CLUSTER_MODE` is `enabled`, else a `Redis`, of the ioredis that is installed (5 or 6).
 * @throws {EnvironmentError} that names each wrong variable.
 */
export function connectRedis(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  options: ConnectRedisOptions = {},
): Redis | Cluster {
  const { redisOptions = {}, onError = (message) => console.error(message) } = options;
  const connection = readRedisConnection(environment);
  const { host, port } = connection;
  const log = {
    info: () => {},
    warn: (fields: { readonly error?: unknown }) => onError(`Redis at ${host}:${port}: ${String(fields.error)}`),
  };
  return connectTo(connection, log, { redisOptions });
}
