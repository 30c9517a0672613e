import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, checkWholeNumber, objectWith, type PropTypes, required } from "../validation";
import { type AlarmProps, MissingData } from "./alarm";
import type { Metric, MetricMath } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";
import { redisThresholds } from "./redis-thresholds";

/** The parts of a cache that alarms need. A RedisCluster is one. */
export interface WatchedRedis {
  /** Id of the replication group. */
  readonly cacheId: string;
  /** Ids of all nodes. */
  readonly members: readonly string[];
  /**
   * Numbers of the nodes in the order of `members`, which are parts of the alarms' addresses.
   * @default - the rest of each id after `cacheId` and a hyphen
   */
  readonly nodeNumbers?: readonly string[];
  /** Node type, as in `cache.t4g.micro`, which decides the thresholds. */
  readonly nodeType: string;
  /** Replicas of each primary. */
  readonly replicas: number;
  /** Whether ElastiCache adds and removes nodes by itself. */
  readonly scales: boolean;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link RedisAlarms}. */
export interface RedisAlarmsProps extends ProviderProps {
  /** The watched resource. */
  readonly redis: WatchedRedis;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link RedisAlarmsProps}. */
export const REDIS_ALARMS_PROPS: PropTypes<RedisAlarmsProps> = {
  ...PROVIDER_PROPS,
  redis: required(objectWith("a RedisCluster", "create a RedisCluster", "cacheId", "members", "nodeType")),
  monitoring: MONITORING,
};

/** ElastiCache publishes a value a minute. */
const MINUTES = 5;
/** ElastiCache publishes credits every five minutes. A new node begins without credits, and has enough after 40 minutes. */
const CREDIT_PERIODS = 12;
/** The longest replication lag, whose writes a failover would lose. AWS recommends no value; this is our choice. Seconds. */
const LAG_SECONDS = 5;

/** The metric behind each alarm, by the alarm's key. */
const METRICS = {
  "engine-cpu": { name: "EngineCPUUtilization", statistic: "Average", title: "Engine CPU, percent" },
  "host-cpu": { name: "CPUUtilization", statistic: "Average", title: "Host CPU, percent" },
  memory: { name: "DatabaseMemoryUsagePercentage", statistic: "Maximum", title: "Memory in use, percent" },
  evictions: { name: "Evictions", statistic: "Sum", title: "Evictions a minute" },
  connections: { name: "CurrConnections", statistic: "Maximum", title: "Connections" },
  swap: { name: "SwapUsage", statistic: "Maximum", title: "Swap in use, bytes" },
  "cpu-credits": { name: "CPUCreditBalance", statistic: "Minimum", title: "CPU credits left", periodSeconds: 300 },
  "replication-lag": { name: "ReplicationLag", statistic: "Maximum", title: "Replication lag, seconds" },
} as const;
type Watched = keyof typeof METRICS;

/**
 * Alarms on each node of a cache, and its graphs. Primaries and replicas have the same alarms, because a failover swaps them. For a cache
 * that scales, only the first nodes have alarms. Nodes that ElastiCache adds have none, and a removed node has no more data.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.HostLevel.html
 */
export class RedisAlarms extends Construct {
  readonly #props: RedisAlarmsProps;

  constructor(scope: Construct, id: string, props: RedisAlarmsProps) {
    super(scope, id);
    checkProps(this, props, REDIS_ALARMS_PROPS);
    useProvider(this, props);
    this.#props = props;
    const { redis, monitoring } = props;
    checkWholeNumber(this, "redis.replicas", redis.replicas, {
      min: 0,
      max: 5,
      fix: "give the number of replicas",
      atSynth: true,
    });
    const alarms = this.#alarms();
    for (const [index, member] of redis.members.entries()) {
      // Keyed by the number of the node, so that further nodes change no address.
      const key = redis.nodeNumbers?.[index] ?? member.slice(redis.cacheId.length + 1);
      for (const [watched, alarm] of alarms) {
        const description = `${member}: ${alarm.description}`;
        const metric = watched === "swap" ? buildPressure(member) : buildMetric(watched, member);
        const about = { metric, description, runbook: `alarm-${watched}`, dependsOn: redis.dependables };
        monitoring.alarm(this, `${key}-${watched}`, { ...alarm, ...about });
      }
    }
    const graphs = alarms.map(([watched]) => ({
      title: METRICS[watched].title,
      metrics: redis.members.map((member) => buildMetric(watched, member)),
    }));
    monitoring.show(`Redis: ${redis.cacheId}`, graphs, { watcher: this });
  }

  /** The alarms on each node of this cache. */
  #alarms(): [Watched, Omit<AlarmProps, "metric">][] {
    const { nodeType, replicas, scales } = this.#props.redis;
    const limits = redisThresholds(nodeType);
    const quiet = { missingData: MissingData.NOT_BREACHING, periods: MINUTES };
    const engineCpu: Omit<AlarmProps, "metric"> = {
      threshold: limits.engineCpuPercent,
      periods: MINUTES,
      // A node reports each minute, so a node without data is down. The alarms below ignore missing data.
      missingData: scales ? MissingData.NOT_BREACHING : MissingData.BREACHING,
      description: "the engine's core is busy, or the node is silent. Take a larger node type or more shards.",
    };
    const hostCpu = limits.hostCpuPercent !== undefined && {
      ...quiet,
      threshold: limits.hostCpuPercent,
      description: "a small node's CPU is busy. Take a larger node type or more shards.",
    };
    const memory = {
      ...quiet,
      threshold: limits.memoryPercent,
      description: "memory fills up; when it is full, sessions end early. Take a larger node type or more shards.",
    };
    const evictions = {
      ...quiet,
      threshold: 1,
      periods: 1,
      description: "memory is full and sessions were ended early. Take a larger node type or more shards.",
    };
    const connections = {
      ...quiet,
      threshold: limits.connections,
      description: `connections near the ${limits.connectionLimit.toLocaleString("en")} the node takes. Look for a client that opens one a request.`,
    };
    const swap = {
      ...quiet,
      threshold: 1,
      description: "the host swaps more than it has free memory. Take a larger node type.",
    };
    const cpuCredits = limits.cpuCredits !== undefined && {
      ...quiet,
      threshold: limits.cpuCredits,
      below: true,
      periods: CREDIT_PERIODS,
      description: "the CPU credits are used up: the load is above the node's baseline. Take a larger node type.",
    };
    // A primary publishes no lag, and any node can be the primary. So missing data is normal.
    const lag = replicas > 0 && {
      ...quiet,
      threshold: LAG_SECONDS,
      description: "the replica is behind; a failover now would lose what it lacks. Look at CPU and network.",
    };
    const all: [Watched, Omit<AlarmProps, "metric"> | false][] = [
      ["engine-cpu", engineCpu],
      ["host-cpu", hostCpu],
      ["memory", memory],
      ["evictions", evictions],
      ["connections", connections],
      ["swap", swap],
      ["cpu-credits", cpuCredits],
      ["replication-lag", lag],
    ];
    return all.filter((entry): entry is [Watched, Omit<AlarmProps, "metric">] => entry[1] !== false);
  }
}

function buildMetric(watched: Watched, member: string): Metric {
  const { title: _, ...metric } = METRICS[watched];
  return { namespace: "AWS/ElastiCache", dimensions: { CacheClusterId: member, CacheNodeId: "0001" }, ...metric };
}

/** Memory pressure as AWS describes it: more swap in use than memory free. */
function buildPressure(member: string): MetricMath {
  const swap = buildMetric("swap", member);
  return {
    expression: "IF(swap > free, 1, 0)",
    metrics: { swap, free: { ...swap, name: "FreeableMemory", statistic: "Minimum" } },
  };
}
