import { hostname } from "node:os";
import { EnvironmentError, readVariables } from "./read";
import { type RedisConnection, redisFrom } from "./redis";
import { type SecretKeySource, secretKeyFrom } from "./secret-key";
import { type Variables, variables } from "./variables";

export { EnvironmentError } from "./read";
export type { RedisAuth, RedisConnection } from "./redis";
export { accessString } from "./redis-access";
export type { SecretKeySource } from "./secret-key";

/** A variable of the contract. The modules may set these and no others. */
type VariableName = keyof typeof variables.shape;

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
  /** Logins of one address; refused ones of one user too, where a login can be refused. */
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
  const v = readVariables(variables, source);
  const production = v.NODE_ENV === "production";
  const complain = (line: string): never => {
    throw new EnvironmentError(line);
  };
  const redis = redisFrom(v, complain);
  if (production && redis === undefined) {
    complain(
      "REDIS_URL: got nothing, takes redis:// or rediss:// when NODE_ENV=production (memory loses every session)",
    );
  }
  if (production && v.LOGIN === undefined) {
    complain('LOGIN: got nothing, takes "demo" (any name, no password) by name when NODE_ENV=production');
  }
  if (v.SESSION_TTL > v.SESSION_MAX_AGE) {
    complain(`SESSION_TTL: got ${v.SESSION_TTL}, takes at most SESSION_MAX_AGE (${v.SESSION_MAX_AGE})`);
  }
  if (v.PUBLIC_ORIGIN !== undefined && !v.PUBLIC_ORIGIN.startsWith(`${v.PUBLIC_SCHEME}://`)) {
    complain(`PUBLIC_ORIGIN: got "${v.PUBLIC_ORIGIN}", takes an origin of PUBLIC_SCHEME (${v.PUBLIC_SCHEME}://…)`);
  }
  return {
    production,
    port: v.PORT,
    host: v.HOST ?? (production ? "0.0.0.0" : "127.0.0.1"),
    publicScheme: v.PUBLIC_SCHEME,
    publicOrigin: v.PUBLIC_ORIGIN,
    trustProxy: v.TRUST_PROXY,
    redis,
    secretKey: secretKeyFrom(v, production, complain),
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
