import { BUSY_CONNECTIONS, findNodeType, MOST_CONNECTIONS } from "../../modules/elasticache/node-types";

/** A node type of ElastiCache, and the load that it carries. */
export interface NodeType {
  readonly name: string;
  readonly vcpus: number;
  /** Bytes. */
  readonly memory: number;
  /** Part of the memory for data before the alarm on memory goes off: without the reserve, and up to the alarm's threshold. */
  readonly usable: number;
  /** The most connections below the threshold of the alarm on connections. */
  readonly connections: number;
  /** vCPUs that its CPU credits pay for all the time; undefined for a type without credits. */
  readonly baseline?: number;
}

/** Part of a node's memory that ElastiCache keeps from data: the default of `reserved-memory-percent`. */
const RESERVED = 0.25;
/** Threshold of the alarm on memory, and of the one on micro nodes, of which AWS advises to keep half of the memory free. */
const FULL = 0.8;
const FULL_MICRO = 0.66;

/**
 * vCPUs that the CPU credits of a T node pay for. ElastiCache runs T nodes in standard mode, so a node without credits is slowed down.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
 */
const BASELINES: Readonly<Record<string, number>> = {
  "cache.t4g.micro": 0.2,
  "cache.t4g.small": 0.4,
  "cache.t4g.medium": 0.4,
};

/**
 * The node types to choose from: those of the current generations with Graviton, the smallest first.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html
 */
export const NODE_TYPES: readonly NodeType[] = [
  ...Object.keys(BASELINES),
  ...["cache.m7g.large", "cache.m7g.xlarge"],
  ...["cache.r7g.large", "cache.r7g.xlarge", "cache.r7g.2xlarge", "cache.r7g.4xlarge", "cache.r7g.8xlarge"],
].map((name) => {
  const { vcpus = 0, memoryBytes = 0, connections = MOST_CONNECTIONS } = findNodeType(name) ?? {};
  const baseline = BASELINES[name];
  return {
    name,
    vcpus,
    memory: memoryBytes,
    usable: (1 - RESERVED) * (name.endsWith(".micro") ? FULL_MICRO : FULL),
    connections: connections * BUSY_CONNECTIONS,
    ...(baseline !== undefined && { baseline }),
  };
});
