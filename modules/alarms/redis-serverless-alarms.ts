import { type ITerraformDependable, Op, Token } from "cdktf";
import { Construct } from "constructs";
import { BUSY_CONNECTIONS } from "../elasticache";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, required } from "../validation";
import { type AlarmProps, MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** An upper limit of what a cache scales to. */
export interface UpperLimit {
  /** The limit. @default - no limit, and no alarm on it */
  readonly max?: number;
}

/** The parts of a serverless cache that alarms need. A RedisServerlessCache is one. */
export interface WatchedServerlessCache {
  /** Name of the cache. */
  readonly cacheId: string;
  /** Limit of the stored data, in GB. */
  readonly dataStorageGb: UpperLimit;
  /** Limit of ElastiCache Processing Units a second. */
  readonly ecpuPerSecond: UpperLimit;
  /** The most client connections of the cache. */
  readonly connectionLimit: number;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link RedisServerlessAlarms}. */
export interface RedisServerlessAlarmsProps extends ProviderProps {
  /** The watched resource. */
  readonly redis: WatchedServerlessCache;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link RedisServerlessAlarmsProps}. */
export const REDIS_SERVERLESS_ALARMS_PROPS: PropTypes<RedisServerlessAlarmsProps> = {
  ...PROVIDER_PROPS,
  redis: required(
    objectWith(
      "a RedisServerlessCache",
      "create a RedisServerlessCache",
      "cacheId",
      "dataStorageGb",
      "ecpuPerSecond",
      "connectionLimit",
    ),
  ),
  monitoring: MONITORING,
};

/** ElastiCache publishes a value a minute. */
const MINUTES = 5;
const SECONDS_OF_A_VALUE = 60;
/**
 * Share of a limit above which an alarm goes off, as AWS advises.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html
 */
const NEAR_LIMIT = 0.75;
const GB = 1_000_000_000;

/** The metrics of the graphs, and of the alarms of the same key. */
const METRICS = {
  data: { name: "BytesUsedForCache", statistic: "Maximum", title: "Stored data, bytes" },
  ecpu: { name: "ElastiCacheProcessingUnits", statistic: "Sum", title: "ECPUs a minute" },
  throttled: { name: "ThrottledCmds", statistic: "Sum", title: "Throttled commands a minute" },
  evictions: { name: "Evictions", statistic: "Sum", title: "Evictions a minute" },
  connections: { name: "CurrConnections", statistic: "Maximum", title: "Connections" },
  reads: { name: "SuccessfulReadRequestLatency", statistic: "Average", title: "Latency of reads, microseconds" },
  writes: { name: "SuccessfulWriteRequestLatency", statistic: "Average", title: "Latency of writes, microseconds" },
  "refused-logins": { name: "AuthenticationFailures", statistic: "Sum", title: "Refused logins a minute" },
  "iam-throttled": {
    name: "IamAuthenticationThrottling",
    statistic: "Sum",
    title: "Throttled IAM logins a minute",
  },
} as const;
type Watched = keyof typeof METRICS;
type Watch = Omit<AlarmProps, "metric" | "missingData">;

/**
 * Alarms on a serverless cache, and its graphs. Data and ECPUs have an alarm where they have a limit. A cache without requests publishes
 * nothing, so missing data is normal.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/serverless-metrics-events-redis.html
 */
export class RedisServerlessAlarms extends Construct {
  constructor(scope: Construct, id: string, props: RedisServerlessAlarmsProps) {
    super(scope, id);
    checkProps(this, props, REDIS_SERVERLESS_ALARMS_PROPS);
    useProvider(this, props);
    const { redis, monitoring } = props;
    const { cacheId, dependables: dependsOn } = redis;
    for (const [watched, alarm] of listAlarms(redis)) {
      monitoring.alarm(this, watched, {
        ...alarm,
        metric: buildMetric(watched, cacheId),
        missingData: MissingData.NOT_BREACHING,
        description: `${cacheId}: ${alarm.description}`,
        runbook: `alarm-serverless-${watched}`,
        dependsOn,
      });
    }
    const watched = Object.keys(METRICS) as Watched[];
    const graphs = watched.map((key) => ({ title: METRICS[key].title, metrics: [buildMetric(key, cacheId)] }));
    monitoring.show(`Redis: ${cacheId}`, graphs, { watcher: this });
  }
}

/** A limit may be a variable, which only Terraform can multiply. */
function multiply(limit: number, factor: number): number {
  return Token.isUnresolved(limit) ? Token.asNumber(Op.mul(limit, factor)) : limit * factor;
}

function listAlarms({ dataStorageGb, ecpuPerSecond, connectionLimit }: WatchedServerlessCache): [Watched, Watch][] {
  const data: Watch | false = dataStorageGb.max !== undefined && {
    threshold: multiply(dataStorageGb.max, GB * NEAR_LIMIT),
    periods: MINUTES,
    description: "the stored data is near its limit; at the limit, sessions end early. Raise the limit.",
  };
  const ecpu: Watch | false = ecpuPerSecond.max !== undefined && {
    threshold: multiply(ecpuPerSecond.max, SECONDS_OF_A_VALUE * NEAR_LIMIT),
    periods: MINUTES,
    description: "the load is near the limit of ECPUs; at the limit, requests are throttled. Raise the limit.",
  };
  const throttled: Watch = {
    threshold: 1,
    description: "ElastiCache throttled commands, so requests were slow or failed. Raise the limits of ECPUs.",
  };
  const evictions: Watch = {
    threshold: 1,
    description: "the stored data is at its limit and sessions were ended early. Raise the limit.",
  };
  const connections: Watch = {
    threshold: connectionLimit * BUSY_CONNECTIONS,
    periods: MINUTES,
    description: `connections near the ${connectionLimit.toLocaleString("en")} the cache takes. Look for a client that opens one a request.`,
  };
  const all: [Watched, Watch | false][] = [
    ["data", data],
    ["ecpu", ecpu],
    ["throttled", throttled],
    ["evictions", evictions],
    ["connections", connections],
  ];
  return all.filter((entry): entry is [Watched, Watch] => entry[1] !== false);
}

/**
 * AWS' page of metrics names no dimension. CloudWatch answers `clusterId`, with the name of the cache.
 * @see https://github.com/open-constructs/aws-cdk-library/pull/68
 * @see https://github.com/cdklabs/cdk-monitoring-constructs/issues/750
 */
function buildMetric(watched: Watched, cacheId: string): Metric {
  const { title: _, ...metric } = METRICS[watched];
  return { namespace: "AWS/ElastiCache", dimensions: { clusterId: cacheId }, ...metric };
}
