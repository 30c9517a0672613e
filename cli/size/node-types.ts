import { findMemoryGib } from "../../modules/elasticache/node-types";

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

const GIB = 2 ** 30;
/** Part of a node's memory that ElastiCache keeps from data: the default of `reserved-memory-percent`. */
const RESERVED = 0.25;
/** Threshold of the alarm on memory, and of the one on micro nodes, of which AWS advises to keep half of the memory free. */
const FULL = 0.8;
const FULL_MICRO = 0.66;
/** Threshold of the alarm on connections. */
const BUSY_CONNECTIONS = 0.8;

/**
 * Types of the current generations with Graviton, the smallest first. The limits of connections are those of `maxclients`, and a
 * T node's credits pay for its baseline: ElastiCache runs T nodes in standard mode, so a node without credits is slowed down.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
 */
const TYPES: readonly (readonly [name: string, vcpus: number, maxClients: number, baseline?: number])[] = [
  ["cache.t4g.micro", 2, 20_000, 0.2],
  ["cache.t4g.small", 2, 65_000, 0.4],
  ["cache.t4g.medium", 2, 65_000, 0.4],
  ["cache.m7g.large", 2, 65_000],
  ["cache.m7g.xlarge", 4, 65_000],
  ["cache.r7g.large", 2, 65_000],
  ["cache.r7g.xlarge", 4, 65_000],
  ["cache.r7g.2xlarge", 8, 65_000],
  ["cache.r7g.4xlarge", 16, 65_000],
  ["cache.r7g.8xlarge", 32, 65_000],
];

/** The node types to choose from, the smallest first. */
export const NODE_TYPES: readonly NodeType[] = TYPES.map(([name, vcpus, maxClients, baseline]) => {
  const memory = (findMemoryGib(name) ?? 0) * GIB;
  return {
    name,
    vcpus,
    memory,
    usable: (1 - RESERVED) * (name.endsWith(".micro") ? FULL_MICRO : FULL),
    connections: maxClients * BUSY_CONNECTIONS,
    ...(baseline !== undefined && { baseline }),
  };
});
