import path from "node:path";
import { type ITerraformDependable, Token } from "cdktf";
import type { Construct } from "constructs";
import {
  EnvironmentError,
  type EnvironmentVariables,
  FUNCTION_ANSWER_SECONDS,
  PRODUCTION_DRAIN_SECONDS,
  readEnvironment,
} from "../../environment";
import { ArtifactBucket, ArtifactFile } from "../artifact";
import { limitProcesses } from "../elasticache";
import { buildName, NameLimits } from "../naming";
import type { IRedisCluster } from "../redis";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import {
  BOOLEAN,
  checkOneOf,
  checkProps,
  checkWholeNumber,
  NUMBER,
  numberToText,
  objectOf,
  objectWith,
  type PropTypes,
  required,
  TEXT,
  TEXT_AT_SYNTH,
  ValidationError,
} from "../validation";
import { SecretKey } from "./secret-key";
import { type AppDeployment, type Compute, type FunctionCode, RedisVariable, WebApp } from "./web-app";

/** How visitors log in. */
export const Login = {
  /** A demo login: any name, without a password. The page says so. */
  DEMO: "demo",
} as const;
export type Login = (typeof Login)[keyof typeof Login];

/** Limits of sessions. */
export interface SessionLifetimes {
  /**
   * Idle limit in seconds: a session ends after this time without a request.
   * @default 1800
   */
  readonly idleSeconds?: number;
  /**
   * Absolute limit in seconds: a session ends this long after the login, also when it is in use.
   * @default 43200
   */
  readonly maxAgeSeconds?: number;
  /**
   * The most parallel sessions of a user. One more login ends the oldest session.
   * @default 10
   */
  readonly parallelSessions?: number;
}

/** Types of the props of {@link SessionLifetimes}. */
const SESSION_LIFETIMES: PropTypes<SessionLifetimes> = {
  idleSeconds: NUMBER,
  maxAgeSeconds: NUMBER,
  parallelSessions: NUMBER,
};

/** Properties of a {@link SessionApp}. */
export interface SessionAppProps extends ProviderProps {
  /** The cache for sessions. */
  readonly redis: IRedisCluster;
  /**
   * JavaScript file of the app.
   *
   * @default - webapp/dist/session-app.js of this package, which `npm run build` writes
   */
  readonly bundle?: string;
  /**
   * JavaScript file of the app as a Lambda function.
   *
   * @default - webapp/dist/session-lambda.js of this package, which `npm run build` writes
   */
  readonly functionBundle?: string;
  /**
   * Bucket of the bundle.
   *
   * @default - a new bucket
   */
  readonly artifacts?: ArtifactBucket;
  /**
   * TCP port of the app.
   *
   * @default 5000
   */
  readonly port?: number;
  /**
   * Limits of sessions.
   * @default - half an hour idle, twelve hours in all, ten parallel sessions of a user
   */
  readonly sessions?: SessionLifetimes;
  /**
   * How visitors log in.
   * @default Login.DEMO
   */
  readonly login?: Login;
  /**
   * Version of the key that signs forms. Raise it by one to create a new key; the app still accepts signatures of the previous one.
   *
   * @default 1
   */
  readonly secretKeyVersion?: number;
  /**
   * Whether the app writes metrics to its log, from which CloudWatch makes custom metrics: logins, refused logins, lost sessions, answers of
   * 503, and the time of steps at Redis. AWS charges for custom metrics. {@link SessionAlarms} has alarms on them.
   * @default false
   */
  readonly sessionMetrics?: boolean;
  /**
   * Recovery window of the key after a destroy in days: 0, or 7 to 30. The next deploy works in any case, because the new secret has
   * another name.
   *
   * @default 7
   */
  readonly secretRecoveryDays?: number;
}

/** Types of the props of {@link SessionAppProps}. */
export const SESSION_APP_PROPS: PropTypes<SessionAppProps> = {
  ...PROVIDER_PROPS,
  redis: required(
    objectWith(
      "a cache",
      "create a RedisCluster or a RedisServerlessCache, or take RedisCluster.fromExisting()",
      "connection",
      "allowFrom",
      "grantConnect",
    ),
  ),
  bundle: TEXT_AT_SYNTH,
  functionBundle: TEXT_AT_SYNTH,
  artifacts: objectWith("an ArtifactBucket", "create an ArtifactBucket", "name", "arn", "dependables"),
  port: NUMBER,
  sessions: objectOf(SESSION_LIFETIMES),
  login: TEXT,
  secretKeyVersion: NUMBER,
  sessionMetrics: BOOLEAN,
  secretRecoveryDays: NUMBER,
};

const BUILT = path.join(__dirname, "..", "..", "webapp", "dist");
const BUILT_BUNDLE = path.join(BUILT, "session-app.js");
const BUILT_FUNCTION = path.join(BUILT, "session-lambda.js");
/** The app's variables, and the parts of `sessions` that become them. */
const PROP_OF = {
  SESSION_TTL: "idleSeconds",
  SESSION_MAX_AGE: "maxAgeSeconds",
  SESSION_LIMIT: "parallelSessions",
} as const;
const DEFAULT_PORT = 5000;
const LOWEST_PORT = 1024;
const DEFAULT_RECOVERY_DAYS = 7;

/**
 * The Koa session app of this repository: its bundle in a bucket, the key that signs its forms in Secrets Manager, and its environment,
 * by the contract in environment/. The bucket is created on the first read of `artifact`.
 *
 * @throws when the bundle is not built, or the app would refuse a number at its start.
 */
export class SessionApp extends WebApp {
  readonly port: number;
  readonly healthCheckPath = "/healthz";
  /** The timings of webapp/server.ts. */
  override readonly timings = {
    longestRequestSeconds: 30,
    drainSeconds: PRODUCTION_DRAIN_SECONDS,
    keepAliveSeconds: 65,
  };
  override readonly checksAddresses = true;
  override readonly logsMetrics: boolean;
  /** Name of the app in its metrics at CloudWatch, the value of the dimension `App`; undefined without `sessionMetrics`. */
  readonly metricsName: string | undefined;
  override readonly commands = { "session-inspect": "inspect" };
  readonly secrets: Readonly<{ SECRET_KEY_ARN: string }>;
  readonly #props: SessionAppProps;
  readonly #secretKey: SecretKey;

  constructor(scope: Construct, id: string, props: SessionAppProps) {
    super(scope, id);
    checkProps(this, props, SESSION_APP_PROPS);
    useProvider(this, props);
    this.#props = props;
    this.port = props.port ?? DEFAULT_PORT;
    checkWholeNumber(this, "port", this.port, {
      min: LOWEST_PORT,
      max: 65_535,
      allowed: `${LOWEST_PORT} to 65535, because the app does not run as root`,
      fix: `leave it out for ${DEFAULT_PORT}`,
      atSynth: true,
    });
    checkOneOf(this, "login", props.login, Login);
    this.#checkSessions();

    this.logsMetrics = props.sessionMetrics ?? false;
    this.metricsName = this.logsMetrics ? buildName(this, NameLimits.METRIC_DIMENSION) : undefined;
    this.#secretKey = new SecretKey(this, "secret-key", {
      version: props.secretKeyVersion ?? 1,
      recoveryDays: props.secretRecoveryDays ?? DEFAULT_RECOVERY_DAYS,
    });
    this.secrets = { SECRET_KEY_ARN: this.#secretKey.arn };
  }

  /** The bundle, created on first use: a function contains its code and needs neither file nor bucket. */
  get artifact(): ArtifactFile {
    const { bundle, artifacts } = this.#props;
    return (
      (this.node.tryFindChild("bundle") as ArtifactFile | undefined) ??
      new ArtifactFile(this, "bundle", {
        bucket: artifacts ?? new ArtifactBucket(this, "artifacts"),
        path: bundle ?? BUILT_BUNDLE,
        missingFix: bundle === undefined ? "npm run build" : "check the path",
      })
    );
  }

  override get functionCode(): FunctionCode {
    const { functionBundle, redis } = this.#props;
    // A process has one connection to each node, and in cluster mode one more, which reads the slots of the nodes.
    const links = redis.connection.REDIS_CLUSTER_MODE === "enabled" ? 2 : 1;
    return {
      bundle: functionBundle ?? BUILT_FUNCTION,
      missingFix: functionBundle === undefined ? "npm run build" : "check the path",
      longestAnswerSeconds: FUNCTION_ANSWER_SECONDS,
      // More processes would set off the cache's alarm on connections.
      mostAtOnce: limitProcesses(redis.connectionLimit, links),
    };
  }

  override environmentAt(place: AppDeployment): Readonly<Record<string, string>> {
    const { scheme, proxies, origin, redisVariable, allowedCidrs } = place;
    const { redis, login = Login.DEMO } = this.#props;
    return {
      NODE_ENV: "production",
      HOST: "0.0.0.0",
      PORT: String(this.port),
      PUBLIC_SCHEME: scheme,
      ...(origin !== undefined && { PUBLIC_ORIGIN: origin }),
      TRUST_PROXY: String(proxies),
      ...(allowedCidrs !== undefined && { ALLOWED_CIDRS: allowedCidrs.join(",") }),
      // Without a load balancer, no health check needs time to see that the app stops.
      DRAIN_SECONDS: String(proxies === 0 ? 0 : this.timings.drainSeconds),
      AWS_REGION: findRegion(this),
      ...(redisVariable === RedisVariable.CLUSTER_ENDPOINT ? redis.connectionByEndpoint : redis.connection),
      LOGIN: login,
      ...(this.metricsName !== undefined && { SESSION_METRICS: this.metricsName }),
      ...this.#sessionVariables(),
      ...this.secrets,
    } satisfies EnvironmentVariables;
  }

  override connect(compute: Compute): ITerraformDependable[] {
    const { redis } = this.#props;
    return [
      ...super.connect(compute),
      ...this.#secretKey.dependables,
      ...redis.allowFrom(compute),
      ...redis.grantConnect(compute.role),
    ];
  }

  /** The variables of props that are set. The contract has the defaults. */
  #sessionVariables(): EnvironmentVariables {
    const { idleSeconds, maxAgeSeconds, parallelSessions } = this.#props.sessions ?? {};
    return {
      ...(idleSeconds !== undefined && { SESSION_TTL: numberToText(idleSeconds) }),
      ...(maxAgeSeconds !== undefined && { SESSION_MAX_AGE: numberToText(maxAgeSeconds) }),
      ...(parallelSessions !== undefined && { SESSION_LIMIT: numberToText(parallelSessions) }),
    };
  }

  /** Checks the numbers with the app's own contract, so that no deploy ends in an app that refuses to start. */
  #checkSessions(): void {
    const known = Object.entries(this.#sessionVariables()).filter(([, value]) => !Token.isUnresolved(value));
    try {
      readEnvironment(Object.fromEntries(known));
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error;
      throw new ValidationError(this, {
        what: "sessions",
        got: this.#props.sessions,
        allowed: sayAsProps(error.message).replaceAll("\n", "; "),
        fix: "leave it out for the defaults",
      });
    }
  }
}

function sayAsProps(message: string): string {
  return Object.entries(PROP_OF).reduce((text, [variable, prop]) => text.replaceAll(variable, prop), message);
}
