import { Complaints, readVariables, type ValuesOf } from "./read";
import { redisVariables } from "./variables";

/** How the app proves who it is. */
export type RedisAuth =
  | { readonly kind: "none" }
  | { readonly kind: "password"; readonly user: string | undefined; readonly password: string }
  | { readonly kind: "secret"; readonly user: string | undefined; readonly arn: string }
  | {
      readonly kind: "iam";
      readonly user: string;
      readonly cacheId: string;
      readonly region: string;
      /** Whether the cache is an ElastiCache Serverless cache. @default false */
      readonly serverless?: boolean;
    };

/** Where Redis is and how to connect. */
export interface RedisConnection {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly tls: boolean;
  readonly caFile: string | undefined;
  /** `host` is a configuration endpoint. */
  readonly cluster: boolean;
  readonly auth: RedisAuth;
}

type RedisVariables = ValuesOf<typeof redisVariables>;

const DEFAULT_PORT = 6379;
/** ElastiCache and Redis itself come with so many. */
const DATABASES = 16;
const NEED_A_PLACE = [
  "REDIS_TLS",
  "REDIS_CLUSTER_MODE",
  "REDIS_CA_FILE",
  "REDIS_AUTH",
  "REDIS_USER",
  "REDIS_PASSWORD_ARN",
  "REDIS_CACHE_ID",
  "REDIS_CACHE_TYPE",
] as const;

/**
 * Reads the contract's Redis variables, for a program that has a contract of its own beside them.
 *
 * @param source - usually `process.env`; an empty string counts as not set.
 * @throws {EnvironmentError} that names each wrong variable, what it got (never a secret) and what it takes.
 */
export function readRedisConnection(source: Readonly<Record<string, string | undefined>>): RedisConnection {
  const complaints = new Complaints();
  const connection = redisFrom(readVariables(redisVariables, source, complaints), complaints);
  if (connection === undefined && !complaints.areAbout(Object.keys(redisVariables))) {
    complaints.about(
      "REDIS_URL",
      `got nothing, takes ${redisVariables.REDIS_URL.takes}; or set REDIS_CLUSTER_ENDPOINT`,
    );
  }
  complaints.raise();
  // With no connection there was a complaint, and it was raised.
  return connection as RedisConnection;
}

/**
 * The Redis variables as one connection; undefined when none is named, and when one is malformed: what the others mean
 * can't be told then.
 *
 * @param complaints - gets what is contradictory.
 */
export function redisFrom(v: RedisVariables, complaints: Complaints): RedisConnection | undefined {
  if (complaints.areAbout(Object.keys(redisVariables))) return undefined;
  if (v.REDIS_URL !== undefined && v.REDIS_CLUSTER_ENDPOINT !== undefined) {
    complaints.about("REDIS_CLUSTER_ENDPOINT", "got a value beside REDIS_URL, takes one of the two");
  }
  if (v.REDIS_URL === undefined && v.REDIS_CLUSTER_ENDPOINT === undefined) {
    for (const name of NEED_A_PLACE.filter((name) => v[name] !== undefined)) {
      complaints.about(name, "got a value, takes none without REDIS_URL or REDIS_CLUSTER_ENDPOINT");
    }
    return undefined;
  }
  const place = v.REDIS_URL !== undefined ? fromUrl(v.REDIS_URL, v, complaints) : fromEndpoint(v, complaints);
  if (place === undefined) return undefined;
  const { user, password, ...where } = place;
  const cluster = v.REDIS_CLUSTER_MODE === "enabled";
  if (cluster && where.db !== 0) {
    complaints.about("REDIS_URL", `got database ${where.db}, takes 0 with REDIS_CLUSTER_MODE=enabled`);
  }
  if (v.REDIS_CA_FILE !== undefined && !where.tls) {
    complaints.about("REDIS_CA_FILE", "got a value, takes none without TLS");
  }
  return { ...where, cluster, caFile: v.REDIS_CA_FILE, auth: authFrom(v, { ...where, user, password }, complaints) };
}

interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly tls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

function fromUrl(text: string, v: RedisVariables, complaints: Complaints): RedisAddress | undefined {
  if (v.REDIS_TLS !== undefined) {
    complaints.about("REDIS_TLS", "got a value beside REDIS_URL, takes none: the scheme decides");
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const wrong = url === undefined ? "got a value that is no URL" : wrongIn(url);
  if (url === undefined || wrong !== undefined) {
    complaints.about("REDIS_URL", `${wrong}, takes ${redisVariables.REDIS_URL.takes}`);
    return undefined;
  }
  const db = Number(url.pathname.slice(1));
  if (db >= DATABASES) complaints.about("REDIS_URL", `got database ${db}, takes 0 to ${DATABASES - 1}`);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? DEFAULT_PORT : Number(url.port),
    db,
    tls: url.protocol === "rediss:",
    user: decoded(url.username, complaints),
    password: decoded(url.password, complaints),
  };
}

function wrongIn(url: URL): string | undefined {
  if (url.hostname === "") return "got a URL without host";
  if (!/^\/?\d{0,3}$/.test(url.pathname)) return "got a path that is no database number";
  return url.search !== "" || url.hash !== "" ? "got a query or fragment" : undefined;
}

function decoded(part: string, complaints: Complaints): string | undefined {
  if (part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    complaints.about("REDIS_URL", "got a user or password with a broken escape, takes % as %25");
    return undefined;
  }
}

function fromEndpoint(v: RedisVariables, complaints: Complaints): RedisAddress {
  const [host = "", port = String(DEFAULT_PORT)] = (v.REDIS_CLUSTER_ENDPOINT ?? "").split(":");
  if (Number(port) < 1 || Number(port) > 65_535) {
    complaints.about("REDIS_CLUSTER_ENDPOINT", `got port ${port}, takes 1 to 65535`);
  }
  const tls = v.REDIS_TLS !== "false";
  return { host, port: Number(port), db: 0, tls, user: undefined, password: undefined };
}

function authFrom(v: RedisVariables, place: RedisAddress, complaints: Complaints): RedisAuth {
  const user = v.REDIS_USER ?? place.user;
  if (v.REDIS_USER !== undefined && place.user !== undefined && v.REDIS_USER !== place.user) {
    complaints.about("REDIS_USER", "got another user than REDIS_URL names, takes one of the two");
  }
  const hasPassword = place.password !== undefined || v.REDIS_PASSWORD_ARN !== undefined;
  switch (v.REDIS_AUTH ?? (hasPassword ? "password" : "none")) {
    case "none":
      if (user !== undefined) complaints.about("REDIS_AUTH", "got none beside a user, takes password or iam");
      return { kind: "none" };
    case "password":
      if (v.REDIS_PASSWORD_ARN !== undefined) return { kind: "secret", user, arn: v.REDIS_PASSWORD_ARN };
      if (place.password === undefined) {
        complaints.about("REDIS_AUTH", "got password without one, takes it from REDIS_URL or REDIS_PASSWORD_ARN");
      }
      return { kind: "password", user, password: place.password ?? "" };
    case "iam":
      return iamFrom(v, user, place, complaints);
  }
}

function iamFrom(v: RedisVariables, user: string | undefined, place: RedisAddress, complaints: Complaints): RedisAuth {
  if (!place.tls) {
    complaints.about("REDIS_AUTH", "got iam on a plain connection, takes rediss:// (ElastiCache refuses it otherwise)");
  }
  if (place.password !== undefined) complaints.about("REDIS_URL", "got a password beside REDIS_AUTH=iam, takes none");
  const why = "is needed with REDIS_AUTH=iam";
  return {
    kind: "iam",
    user: complaints.need("REDIS_USER", user, why),
    cacheId: complaints.need("REDIS_CACHE_ID", v.REDIS_CACHE_ID, why),
    region: complaints.need("AWS_REGION", v.AWS_REGION, why),
    ...(v.REDIS_CACHE_TYPE === "serverless" && { serverless: true }),
  };
}
