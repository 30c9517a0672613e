import { Complaints, readVariables, type ValuesOf } from "./read";
import { type RedisConnection, redisFrom } from "./redis";
import { buildAccessString, type RedisMode } from "./redis-access";
import { oneOf, text, whole } from "./variable";
import { logLevel, redisVariables } from "./variables";

/** The longest lifetime of memcached. It reads a larger number as a date. */
const DAYS_30 = 2_592_000;
const MEMCACHED_PORT = 11_211;

/** The contract of the photo-cache function. docs/photo-cache.md has it as a table. */
const photoCacheVariables = {
  ...redisVariables,
  MEMCACHED_ENDPOINT: text(/^[a-zA-Z0-9.-]+(:\d{1,5})?$/, "host[:port] of a configuration endpoint"),
  MEMCACHED_TLS: oneOf("true", "false"),
  MEMCACHED_CA_FILE: text(/./, "the path of a PEM file"),
  PHOTO_TABLE: text(/^[a-zA-Z0-9_.-]{3,255}$/, "a DynamoDB table's name").default("Photo"),
  PHOTO_KEY: text(/^[^\s]{1,255}$/, "the name of the table's partition key, a string").default("id"),
  PHOTO_TTL: whole(1, DAYS_30).default(300),
  CACHE_TIMEOUT_MS: whole(10, 60_000).default(1000),
  DYNAMODB_TIMEOUT_MS: whole(10, 60_000).default(2000),
  LOG_LEVEL: logLevel,
};

type PhotoCacheValues = ValuesOf<typeof photoCacheVariables>;

/**
 * The function's variables that a module sets: names of the contract, with values that may be Terraform tokens.
 */
export type PhotoCacheVariables = Readonly<Partial<Record<keyof typeof photoCacheVariables, string>>>;

export { EnvironmentError } from "./read";

/** The connection to a memcached cluster. */
export interface MemcachedConnection {
  /** The configuration endpoint. */
  readonly host: string;
  readonly port: number;
  /** Whether the endpoint and all nodes use TLS. */
  readonly tls: boolean;
  readonly caFile: string | undefined;
}

/** The connection to the cache for photos. */
type PhotoCacheConnection =
  | { readonly engine: "memcached"; readonly memcached: MemcachedConnection }
  | { readonly engine: "redis"; readonly redis: RedisConnection };

/** The function's environment, checked and with all defaults. */
export interface PhotoCacheEnvironment {
  readonly cache: PhotoCacheConnection;
  readonly table: string;
  /** Name of the table's partition key. */
  readonly key: string;
  readonly ttlSeconds: number;
  /** Timeout of one cache command, including the connection and one retry. */
  readonly cacheTimeoutMs: number;
  /** Timeout of one DynamoDB call, including retries. */
  readonly dynamodbTimeoutMs: number;
  /** The longest answer: two cache commands, one DynamoDB call, and time for the answer itself. */
  readonly longestAnswerMs: number;
  /** The part of `longestAnswerMs` for the answer itself. */
  readonly toAnswerMs: number;
  readonly logLevel: PhotoCacheValues["LOG_LEVEL"];
}

/** Time for the answer itself, after all other waits. */
const TO_ANSWER_MS = 500;

/**
 * Reads the function's contract. A function that has less time than `longestAnswerMs` is killed while it waits.
 *
 * @param source - usually `process.env`; an empty string counts as not set.
 * @throws {EnvironmentError} that names each wrong variable, what it got (never a secret) and what it takes.
 */
export function readPhotoCacheEnvironment(source: Readonly<Record<string, string | undefined>>): PhotoCacheEnvironment {
  const complaints = new Complaints();
  const v = readVariables(photoCacheVariables, source, complaints);
  const cache = cacheFrom(v, complaints);
  complaints.raise();
  return {
    cache,
    table: v.PHOTO_TABLE,
    key: v.PHOTO_KEY,
    ttlSeconds: v.PHOTO_TTL,
    cacheTimeoutMs: v.CACHE_TIMEOUT_MS,
    dynamodbTimeoutMs: v.DYNAMODB_TIMEOUT_MS,
    longestAnswerMs: 2 * v.CACHE_TIMEOUT_MS + v.DYNAMODB_TIMEOUT_MS + TO_ANSWER_MS,
    toAnswerMs: TO_ANSWER_MS,
    logLevel: v.LOG_LEVEL,
  };
}

function cacheFrom(v: PhotoCacheValues, complaints: Complaints): PhotoCacheConnection {
  const redis = redisFrom(v, complaints);
  const isRedis = v.REDIS_URL !== undefined || v.REDIS_CLUSTER_ENDPOINT !== undefined;
  const { MEMCACHED_ENDPOINT: endpoint } = v;
  if (isRedis && endpoint !== undefined) {
    complaints.about("MEMCACHED_ENDPOINT", "got a value beside REDIS_URL or REDIS_CLUSTER_ENDPOINT, takes one cache");
  }
  if (redis !== undefined && endpoint === undefined) {
    for (const name of ["MEMCACHED_TLS", "MEMCACHED_CA_FILE"] as const) {
      if (v[name] !== undefined) complaints.about(name, "got a value, takes none without MEMCACHED_ENDPOINT");
    }
    return { engine: "redis", redis };
  }
  if (!isRedis && !complaints.areAbout(["REDIS_URL", "REDIS_CLUSTER_ENDPOINT"])) {
    complaints.need("MEMCACHED_ENDPOINT", endpoint, "takes host[:port], or REDIS_URL in its place");
  }
  return { engine: "memcached", memcached: memcachedFrom(endpoint ?? "", v, complaints) };
}

function memcachedFrom(endpoint: string, v: PhotoCacheValues, complaints: Complaints): MemcachedConnection {
  const [host = "", port = String(MEMCACHED_PORT)] = endpoint.split(":");
  if (Number(port) < 1 || Number(port) > 65_535) {
    complaints.about("MEMCACHED_ENDPOINT", `got port ${port}, takes 1 to 65535`);
  }
  const tls = v.MEMCACHED_TLS !== "false";
  if (v.MEMCACHED_CA_FILE !== undefined && !tls) {
    complaints.about("MEMCACHED_CA_FILE", "got a value, takes none without TLS");
  }
  return { host, port: Number(port), tls, caFile: v.MEMCACHED_CA_FILE };
}

/** First part of the function's keys in Redis. */
export const PHOTO_PREFIX = "photo:";

/** The commands of ioredis' handshake and ready check, and those of the function. */
const PHOTO_COMMANDS = ["hello", "info", "ping", "get", "set"] as const;

/**
 * The ElastiCache access string of the function's user, in the order in which ElastiCache returns it. So a second plan finds no
 * difference.
 *
 * @param mode - whether Redis runs in cluster mode. @default "single"
 * @public
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export function photoAccessString(mode: RedisMode = "single"): string {
  return buildAccessString(PHOTO_COMMANDS, PHOTO_PREFIX, mode);
}
