import type { CacheEngine } from "./engine-versions";
import { NODE_TYPES } from "./node-type-table";

/** The properties of a node type that ElastiCache lists. */
export interface NodeType {
  /** Family of the machine, as in `m7g`. */
  readonly family: string;
  /** Memory for data and overhead, in bytes: `maxmemory`. */
  readonly memoryBytes: number;
  /** Virtual CPUs. Redis and Valkey run commands on one of them. */
  readonly vcpus: number | undefined;
  /** Network bandwidth that a node always has, in Gbps. */
  readonly baselineGbps: number;
  /** Network bandwidth of a burst, in Gbps; undefined for a node without bursts. */
  readonly burstGbps: number | undefined;
  /** The most client connections with Redis OSS and Valkey. */
  readonly connections: number;
  /** Engines that AWS lists the type for. */
  readonly engines: readonly CacheEngine[];
  /** Whether ElastiCache creates new caches of it. */
  readonly isCurrent: boolean;
}

/** The most connections of a node of most types, and of memcached nodes of every type. */
export const MOST_CONNECTIONS = 65_000;
/** Share of a node's connections above which an alarm goes off. It also limits the concurrency of functions. */
export const BUSY_CONNECTIONS = 0.8;
/** The most connections of the smallest nodes. */
export const FEWEST_CONNECTIONS = 20_000;

/**
 * The most connections of a node of a small type: the default of the parameter `maxclients`, which no parameter group can change.
 * AWS' table has no other type, so `t4g.small` and `t4g.medium` take the most.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const CONNECTIONS: Readonly<Record<string, number>> = {
  "t2.micro": FEWEST_CONNECTIONS,
  "t2.small": FEWEST_CONNECTIONS,
  "t2.medium": FEWEST_CONNECTIONS,
  "t3.micro": FEWEST_CONNECTIONS,
  "t3.small": 46_000,
  "t3.medium": 46_000,
  "t4g.micro": FEWEST_CONNECTIONS,
};

const ALL: readonly CacheEngine[] = ["redis", "valkey", "memcached"];
/** Families that AWS does not list for every engine. The 8th generation came after Redis OSS had ended. */
const ENGINES: Readonly<Record<string, readonly CacheEngine[]>> = {
  r6gd: ["redis", "valkey"],
  m8g: ["valkey", "memcached"],
  r8g: ["valkey", "memcached"],
  c8gn: ["valkey", "memcached"],
};

/** Families of which ElastiCache creates no new caches. Existing ones go on. */
const PREVIOUS = ["t2"];

/**
 * The most processes that a node serves before its alarm on connections goes off.
 * @param connections - the most connections of the node. @default {@link MOST_CONNECTIONS}
 * @param each - connections of each process to the node.
 */
export function limitProcesses(connections: number | undefined, each: number): number {
  return Math.floor(((connections ?? MOST_CONNECTIONS) * BUSY_CONNECTIONS) / each);
}

/** Splits `cache.m7g.large` into family and size. */
function parse(nodeType: string): readonly [family: string, size: string] {
  const [, family = "", size = ""] = nodeType.split(".");
  return [family, size];
}

/** A node type, as in `cache.m7g.large`; undefined for one that AWS did not list in November 2026. */
export function findNodeType(nodeType: string): NodeType | undefined {
  const [family, size] = parse(nodeType);
  const row = NODE_TYPES[family]?.[size];
  if (row === undefined) return undefined;
  const [memoryBytes, baselineGbps, burstGbps] = row;
  return {
    family,
    memoryBytes,
    vcpus: countVcpus(nodeType),
    baselineGbps,
    burstGbps,
    connections: CONNECTIONS[`${family}.${size}`] ?? MOST_CONNECTIONS,
    engines: ENGINES[family] ?? ALL,
    isCurrent: !PREVIOUS.includes(family),
  };
}

/** Memory of a node type for data and overhead, in GiB; undefined for one that AWS did not list in November 2026. */
export function findMemoryGib(nodeType: string): number | undefined {
  const bytes = findNodeType(nodeType)?.memoryBytes;
  return bytes === undefined ? undefined : Math.round((100 * bytes) / 2 ** 30) / 100;
}

/** Sizes of a family, the smallest first; none for a family that AWS did not list. */
export function listSizes(family: string): readonly string[] {
  return Object.keys(NODE_TYPES[family] ?? {});
}

/**
 * Number of vCPUs, by EC2's scheme of sizes; undefined for other names.
 * @see https://aws.amazon.com/ec2/instance-types/
 */
export function countVcpus(nodeType: string): number | undefined {
  const [family, size] = parse(nodeType);
  if (family === "t2") return { micro: 1, small: 1, medium: 2 }[size];
  if (isBurstable(nodeType)) return 2;
  if (size === "medium") return 1;
  if (size === "large") return 2;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  return times === undefined ? undefined : 4 * Number(times || 1);
}

/** Whether a node has CPU credits. */
export function isBurstable(nodeType: string): boolean {
  return /^cache\.t\d/.test(nodeType);
}

/**
 * Whether a node type also stores data on local disks. ElastiCache insists on data tiering for them, and refuses it for others.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html
 */
export function hasDisks(nodeType: string): boolean {
  return /^cache\.r\d+gd\./.test(nodeType);
}

/**
 * Whether a node type is known to be of a generation without AWS Nitro, so that its nodes have no IPv6 addresses.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html
 */
export function isBeforeNitro(nodeType: string): boolean {
  return /^cache\.(t2|[mr][34])\./.test(nodeType);
}
