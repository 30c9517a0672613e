import { hostname } from "node:os";
import { Complaints, readVariables } from "./read";
import { type RedisConnection, redisFrom } from "./redis";
import { type SecretKeySource, secretKeyFrom } from "./secret-key";
import { type Variables, variables } from "./variables";

export { EnvironmentError } from "./read";
export { type RedisAuth, type RedisConnection, readRedisConnection } from "./redis";
export { accessString } from "./redis-access";
export type { SecretKeySource } from "./secret-key";
export { UserError } from "./user-error";

/** A variable of the contract. The modules may set these and no others. */
type VariableName = keyof typeof variables;

/** What a module hands to the app: names of the contract, values that may be Terraform tokens. */
export type EnvironmentVariables = Readonly<Partial<Record<VariableName, string>>>;

/** The environment as the app uses it, checked and with every default filled in. */
export interface Environment {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Decides Secure, `__Host-` and HSTS. */
  readonly publicScheme: "http" | "https";
  /** What a POST's Origin must equal; without it the Host header decides. */
  readonly publicOrigin: string | undefined;
  /** Number of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: number;
  /** IPv4 blocks whose visitors are answered; without it, all are. */
  readonly allowedCidrs: readonly string[] | undefined;
  /** Without it sessions live in memory. */
  readonly redis: RedisConnection | undefined;
  readonly secretKey: SecretKeySource;
  readonly session: {
    readonly idleSeconds: number;
    readonly maxAgeSeconds: number;
    /** Parallel sessions of one user. */
    readonly limit: number;
    /** What a login beyond the limit does. */
    readonly onLimit: Variables["SESSION_ON_LIMIT"];
    readonly prefix: string;
  };
  readonly login: "demo";
  /** Logins and refused logins of one address a minute; refused ones of one user may be five times as many. */
  readonly loginLimits: { readonly perMinute: number; readonly refusedPerMinute: number };
  /** How long readiness fails before a SIGTERM takes no more connections: a load balancer has to see it. */
  readonly drainSeconds: number;
  readonly metricsPort: number | undefined;
  /** What the shared-session pages call this host. */
  readonly shownHost: string;
  readonly logLevel: Variables["LOG_LEVEL"];
}

/** One health check of a load balancer at its usual shortest interval, 5 s; well within systemd's and ECS's 30 s. */
export const PRODUCTION_DRAIN_SECONDS = 5;

/**
 * The app's longest answer as a Lambda function, with one that reads its key, connects, and loses Redis half-way: the
 * function's timeout is above. Seconds.
 */
export const FUNCTION_ANSWER_SECONDS = 10;

/**
 * Reads the environment contract.
 *
 * @param source - usually `process.env`; an empty string counts as not set.
 * @throws {EnvironmentError} that names each wrong variable, what it got (never a secret) and what it takes.
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const complaints = new Complaints();
  const v = readVariables(variables, source, complaints);
  const production = v.NODE_ENV === "production";
  const redis = redisFrom(v, complaints);
  const secretKey = secretKeyFrom(v, production, complaints);
  if (production) requireInProduction(v, complaints);
  refuseContradictions(v, complaints);
  complaints.raise();
  return {
    production,
    port: v.PORT,
    host: v.HOST ?? (production ? "0.0.0.0" : "127.0.0.1"),
    publicScheme: v.PUBLIC_SCHEME,
    publicOrigin: v.PUBLIC_ORIGIN,
    trustProxy: v.TRUST_PROXY,
    allowedCidrs: v.ALLOWED_CIDRS,
    redis,
    secretKey,
    session: {
      idleSeconds: v.SESSION_TTL,
      maxAgeSeconds: v.SESSION_MAX_AGE,
      limit: v.SESSION_LIMIT,
      onLimit: v.SESSION_ON_LIMIT,
      prefix: v.SESSION_PREFIX,
    },
    login: v.LOGIN ?? "demo",
    loginLimits: { perMinute: v.LOGINS_PER_MINUTE, refusedPerMinute: v.REFUSED_LOGINS_PER_MINUTE },
    drainSeconds: v.DRAIN_SECONDS ?? (production ? PRODUCTION_DRAIN_SECONDS : 0),
    metricsPort: v.METRICS_PORT,
    shownHost: v.SHOWN_HOST ?? hostname(),
    logLevel: v.LOG_LEVEL,
  };
}

/** What has a default on a laptop alone. */
function requireInProduction(v: Variables, complaints: Complaints): void {
  const places = ["REDIS_URL", "REDIS_CLUSTER_ENDPOINT"] as const;
  if (!complaints.areAbout(places) && places.every((name) => v[name] === undefined)) {
    const takes = "takes redis:// or rediss:// when NODE_ENV=production (memory loses every session)";
    complaints.about("REDIS_URL", `got nothing, ${takes}`);
  }
  complaints.need("LOGIN", v.LOGIN, 'takes "demo" (any name, no password) when NODE_ENV=production');
}

/** Variables that are right by themselves and contradict each other. */
function refuseContradictions(v: Variables, complaints: Complaints): void {
  if (v.SESSION_TTL > v.SESSION_MAX_AGE && !complaints.areAbout(["SESSION_MAX_AGE"])) {
    complaints.about("SESSION_TTL", `got ${v.SESSION_TTL}, takes at most SESSION_MAX_AGE (${v.SESSION_MAX_AGE})`);
  }
  const { PUBLIC_ORIGIN: origin, PUBLIC_SCHEME: scheme } = v;
  if (origin !== undefined && !origin.startsWith(`${scheme}://`) && !complaints.areAbout(["PUBLIC_SCHEME"])) {
    complaints.about("PUBLIC_ORIGIN", `got "${origin}", takes an origin of PUBLIC_SCHEME (${scheme}://…)`);
  }
}
