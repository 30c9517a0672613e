import type * as z from "zod";
import { variables } from "./variables";

/** How the app proves who it is. */
export type RedisAuth =
  | { readonly kind: "none" }
  | { readonly kind: "password"; readonly user: string | undefined; readonly password: string }
  | { readonly kind: "secret"; readonly user: string | undefined; readonly arn: string }
  | { readonly kind: "iam"; readonly user: string; readonly cacheId: string; readonly region: string };

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

/** The variables that say where Redis is and how to connect. */
export const redisVariables = variables.pick({
  REDIS_URL: true,
  REDIS_CLUSTER_ENDPOINT: true,
  REDIS_TLS: true,
  REDIS_CLUSTER_MODE: true,
  REDIS_CA_FILE: true,
  REDIS_AUTH: true,
  REDIS_USER: true,
  REDIS_PASSWORD_ARN: true,
  REDIS_CACHE_ID: true,
  AWS_REGION: true,
});

type RedisVariables = z.infer<typeof redisVariables>;

/** Calls its argument an error and does not return. */
export type Complain = (line: string) => never;

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
] as const;

/** The Redis variables as one connection; undefined when none is named. */
export function redisFrom(v: RedisVariables, complain: Complain): RedisConnection | undefined {
  if (v.REDIS_URL !== undefined && v.REDIS_CLUSTER_ENDPOINT !== undefined) {
    complain("REDIS_CLUSTER_ENDPOINT: got a value beside REDIS_URL, takes one of the two");
  }
  const place = v.REDIS_URL !== undefined ? fromUrl(v.REDIS_URL, v, complain) : fromEndpoint(v, complain);
  if (place === undefined) {
    for (const name of NEED_A_PLACE) {
      if (v[name] !== undefined)
        complain(`${name}: got a value, takes none without REDIS_URL or REDIS_CLUSTER_ENDPOINT`);
    }
    return undefined;
  }
  const { user, password, ...where } = place;
  const cluster = v.REDIS_CLUSTER_MODE === "enabled";
  if (cluster && where.db !== 0)
    complain(`REDIS_URL: got database ${where.db}, takes 0 with REDIS_CLUSTER_MODE=enabled`);
  if (v.REDIS_CA_FILE !== undefined && !where.tls) complain("REDIS_CA_FILE: got a value, takes none without TLS");
  return { ...where, cluster, caFile: v.REDIS_CA_FILE, auth: authFrom(v, { ...where, user, password }, complain) };
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly tls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

function fromUrl(text: string, v: RedisVariables, complain: Complain): Place {
  const takes = "takes redis:// or rediss://[user[:password]@]host:port[/db]";
  if (v.REDIS_TLS !== undefined) complain("REDIS_TLS: got a value beside REDIS_URL, takes none: the scheme decides");
  const url = URL.canParse(text) ? new URL(text) : complain(`REDIS_URL: got a value that is no URL, ${takes}`);
  if (url.hostname === "") complain(`REDIS_URL: got a URL without host, ${takes}`);
  if (!/^\/?\d{0,3}$/.test(url.pathname)) complain(`REDIS_URL: got a path that is no database number, ${takes}`);
  if (Number(url.pathname.slice(1)) >= DATABASES) {
    complain(`REDIS_URL: got database ${url.pathname.slice(1)}, takes 0 to ${DATABASES - 1}`);
  }
  if (url.search !== "" || url.hash !== "") complain(`REDIS_URL: got a query or fragment, ${takes}`);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? DEFAULT_PORT : Number(url.port),
    db: Number(url.pathname.slice(1)),
    tls: url.protocol === "rediss:",
    user: decoded(url.username, complain),
    password: decoded(url.password, complain),
  };
}

function decoded(part: string, complain: Complain): string | undefined {
  if (part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return complain("REDIS_URL: got a user or password with a broken escape, takes % as %25");
  }
}

function fromEndpoint(v: RedisVariables, complain: Complain): Place | undefined {
  if (v.REDIS_CLUSTER_ENDPOINT === undefined) return undefined;
  const [host = "", port] = v.REDIS_CLUSTER_ENDPOINT.split(":");
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) {
    complain(`REDIS_CLUSTER_ENDPOINT: got port ${port}, takes 1 to 65535`);
  }
  const tls = v.REDIS_TLS !== "false";
  return {
    host,
    port: port === undefined ? DEFAULT_PORT : Number(port),
    db: 0,
    tls,
    user: undefined,
    password: undefined,
  };
}

function authFrom(v: RedisVariables, place: Place, complain: Complain): RedisAuth {
  const user = v.REDIS_USER ?? place.user;
  const kind =
    v.REDIS_AUTH ?? (place.password !== undefined || v.REDIS_PASSWORD_ARN !== undefined ? "password" : "none");
  if (v.REDIS_USER !== undefined && place.user !== undefined && v.REDIS_USER !== place.user) {
    complain("REDIS_USER: got another user than REDIS_URL names, takes one of the two");
  }
  switch (kind) {
    case "none":
      if (user !== undefined) complain("REDIS_AUTH: got none beside a user, takes password or iam");
      return { kind };
    case "password":
      if (v.REDIS_PASSWORD_ARN !== undefined) return { kind: "secret", user, arn: v.REDIS_PASSWORD_ARN };
      if (place.password === undefined) {
        return complain("REDIS_AUTH: got password without one, takes it from REDIS_URL or REDIS_PASSWORD_ARN");
      }
      return { kind, user, password: place.password };
    case "iam": {
      const need = "is needed with REDIS_AUTH=iam";
      if (!place.tls)
        complain("REDIS_AUTH: got iam on a plain connection, takes rediss:// (ElastiCache refuses it otherwise)");
      if (place.password !== undefined) complain("REDIS_URL: got a password beside REDIS_AUTH=iam, takes none");
      return {
        kind,
        user: user ?? complain(`REDIS_USER: got nothing, ${need}`),
        cacheId: v.REDIS_CACHE_ID ?? complain(`REDIS_CACHE_ID: got nothing, ${need}`),
        region: v.AWS_REGION ?? complain(`AWS_REGION: got nothing, ${need}`),
      };
    }
  }
}
