import { hostname } from "node:os";
import { Complaints, readVariables } from "./read";
import { type RedisConnection, redisFrom } from "./redis";
import { type SecretKeySource, secretKeyFrom } from "./secret-key";
import { type Variables, variables } from "./variables";

export { EnvironmentError } from "./read";
export { type RedisAuth, type RedisConnection, readRedisConnection } from "./redis";
export { accessString } from "./redis-access";
export type { SecretKeySource } from "./secret-key";
export { SESSION_METRICS, type SessionMetricName } from "./session-metrics";
export { UserError } from "./user-error";

/** Name of a variable of the contract. The modules set no other variables. */
type VariableName = keyof typeof variables;

/** The app's variables that a module sets: names of the contract, with values that may be Terraform tokens. */
export type EnvironmentVariables = Readonly<Partial<Record<VariableName, string>>>;

/** The app's environment, checked and with all defaults. */
export interface Environment {
  readonly production: boolean;
  readonly port: number;
  readonly host: string;
  /** Scheme of visitors' browsers. It decides on Secure, `__Host-` and HSTS. */
  readonly publicScheme: "http" | "https";
  /** Origin of visitors' browsers. The Origin of a POST must equal it; without it, the Host header decides. */
  readonly publicOrigin: string | undefined;
  /** Number of trusted proxies that set X-Forwarded-For. */
  readonly trustProxy: number;
  /** IPv4 blocks of allowed visitors. Without it, all visitors are allowed. */
  readonly allowedCidrs: readonly string[] | undefined;
  /** Connection to Redis. Without it, sessions are in memory. */
  readonly redis: RedisConnection | undefined;
  readonly secretKey: SecretKeySource;
  readonly session: {
    readonly idleSeconds: number;
    readonly maxAgeSeconds: number;
    /** The most parallel sessions of a user. */
    readonly limit: number;
    /** The effect of a login beyond the limit. */
    readonly onLimit: Variables["SESSION_ON_LIMIT"];
    readonly prefix: string;
  };
  readonly login: "demo";
  /** The most logins and refused logins of one address in a minute. The limit of refused logins of one user is five times as high. */
  readonly loginLimits: { readonly perMinute: number; readonly refusedPerMinute: number };
  /** Time in seconds between a SIGTERM, after which readiness fails, and the end of new connections. A load balancer sees it then. */
  readonly drainSeconds: number;
  readonly metricsPort: number | undefined;
  /** Name of the app in its metrics at CloudWatch. Without it, the log has no metrics. */
  readonly sessionMetrics: string | undefined;
  /** Name of this host on the pages of shared sessions. */
  readonly shownHost: string;
  /**
   * Whether ECS runs this process in a container, by the variable that ECS sets there. The pages of shared sessions then number containers.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
   */
  readonly inContainer: boolean;
  readonly logLevel: Variables["LOG_LEVEL"];
}

/** The shortest interval of a load balancer's health checks. It is well below the 30 s of systemd and ECS. */
export const PRODUCTION_DRAIN_SECONDS = 5;

/**
 * The app's longest answer as a Lambda function: it reads its key, connects, and loses Redis half-way. The function's timeout must be above
 * it. Seconds.
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
    sessionMetrics: v.SESSION_METRICS,
    shownHost: v.SHOWN_HOST ?? hostname(),
    inContainer: Boolean(source.ECS_CONTAINER_METADATA_URI_V4),
    logLevel: v.LOG_LEVEL,
  };
}

/** Requires variables that have a default on a laptop only. */
function requireInProduction(v: Variables, complaints: Complaints): void {
  const places = ["REDIS_URL", "REDIS_CLUSTER_ENDPOINT"] as const;
  if (!complaints.areAbout(places) && places.every((name) => v[name] === undefined)) {
    const takes = "takes redis:// or rediss:// when NODE_ENV=production (memory loses every session)";
    complaints.about("REDIS_URL", `got nothing, ${takes}`);
  }
  complaints.need("LOGIN", v.LOGIN, 'takes "demo" (any name, no password) when NODE_ENV=production');
}

/** Refuses valid variables that contradict each other. */
function refuseContradictions(v: Variables, complaints: Complaints): void {
  if (v.SESSION_TTL > v.SESSION_MAX_AGE && !complaints.areAbout(["SESSION_MAX_AGE"])) {
    complaints.about("SESSION_TTL", `got ${v.SESSION_TTL}, takes at most SESSION_MAX_AGE (${v.SESSION_MAX_AGE})`);
  }
  const { PUBLIC_ORIGIN: origin, PUBLIC_SCHEME: scheme } = v;
  if (origin !== undefined && !origin.startsWith(`${scheme}://`) && !complaints.areAbout(["PUBLIC_SCHEME"])) {
    complaints.about("PUBLIC_ORIGIN", `got "${origin}", takes an origin of PUBLIC_SCHEME (${scheme}://…)`);
  }
}
