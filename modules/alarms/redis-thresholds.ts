import { Token } from "cdktf";
import { BUSY_CONNECTIONS, connectionLimit, countVcpus, isBurstable } from "../elasticache";

/** Redis runs commands on one core. Above this CPU, in percent, commands wait for each other. */
const BUSY_PERCENT = 90;
/** Memory in percent, with time left for the change to a larger node. */
const FULL_PERCENT = 80;
/** Part of the memory that ElastiCache keeps from data, in percent. */
const RESERVED_PERCENT = 25;

/**
 * The fewest CPU credits of a burstable node. With fewer, its load is above its baseline.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.HostLevel.html
 */
const FEW_CREDITS = 5;
/**
 * Burstable nodes that publish no metrics of their credits: an alarm would never go off.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html#CacheNodes.Burstable
 */
const WITHOUT_CREDIT_METRICS = /^cache\.t2\./;

/** Thresholds of the alarms on a node. */
export interface RedisThresholds {
  readonly engineCpuPercent: number;
  /** CPU of the whole host; undefined if the engine's CPU is enough. */
  readonly hostCpuPercent: number | undefined;
  readonly memoryPercent: number;
  readonly connections: number;
  /** The most connections of the node. */
  readonly connectionLimit: number;
  /** CPU credits below which the node soon has none; undefined for a node that publishes none. */
  readonly cpuCredits: number | undefined;
}

/**
 * Thresholds by node type, after AWS: the host's CPU counts on nodes of one or two vCPUs, where snapshots and upkeep share
 * the engine's core, and Redis can use one of them, so 90 % of the host is 90 % divided by their number. On larger nodes,
 * the engine's CPU is enough.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheMetrics.WhichShouldIMonitor.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html
 */
export function redisThresholds(nodeType: string): RedisThresholds {
  const known = Token.isUnresolved(nodeType) ? "" : nodeType;
  const [, , size = ""] = known.split(".");
  const vcpus = countVcpus(known);
  const burstable = isBurstable(known);
  const limit = connectionLimit(nodeType);
  // AWS recommends this reserve for burstable nodes; the default is a quarter.
  const free = burstable ? ({ micro: 50, small: 30 }[size] ?? RESERVED_PERCENT) : RESERVED_PERCENT;
  const advised = Math.floor((100 * (100 - free)) / (100 - RESERVED_PERCENT));
  return {
    engineCpuPercent: BUSY_PERCENT,
    hostCpuPercent: vcpus !== undefined && vcpus <= 2 ? BUSY_PERCENT / vcpus : undefined,
    memoryPercent: Math.min(FULL_PERCENT, advised),
    connections: limit * BUSY_CONNECTIONS,
    connectionLimit: limit,
    cpuCredits: burstable && !WITHOUT_CREDIT_METRICS.test(known) ? FEW_CREDITS : undefined,
  };
}
