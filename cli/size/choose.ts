import { HOURS } from "../cost/line";
import { findPrice } from "../cost/lines";
import { REGIONS, type Region } from "../cost/prices";
import { LEAST_GB } from "../cost/serverless";
import { listWork, type Requests, sumCores, sumEcpus, type Work } from "./load";
import { type Memory, predictMemory, type Sessions } from "./memory";
import { NODE_TYPES, type NodeType } from "./node-types";

/** The engines that sessions run on. */
export const ENGINES = ["redis", "valkey"] as const;
type Engine = (typeof ENGINES)[number];

/** The question: sessions and requests, and how they are served. */
export interface Question {
  readonly sessions: Sessions;
  readonly requests: Requests;
  /** Connections of all app processes together. */
  readonly connections: number;
  readonly replicas: number;
  readonly engine: Engine;
}

/** Dollars a month; undefined where a price is unknown. */
export type Dollars = Readonly<Record<Region, number | undefined>>;

/** Parts of a node's limits that the load takes, 1 for all of it. */
export interface Use {
  readonly memory: number;
  readonly cpu: number;
  /** Of the vCPU time that CPU credits pay for; undefined for a type without credits. */
  readonly credits: number | undefined;
  readonly connections: number;
}

/** A node type with the fewest shards that carry the load. */
export interface Choice {
  readonly nodeType: string;
  /** Number of shards; undefined without cluster mode. */
  readonly shards: number | undefined;
  readonly nodes: number;
  readonly use: Use;
  readonly dollars: Dollars;
}

/** A node type that does not carry the load with any allowed number of shards, and the limit that it exceeds. */
export interface Refusal {
  readonly nodeType: string;
  readonly limit: keyof Use;
}

/** ElastiCache Serverless under the load. */
interface Serverless {
  /** Stored data in GB, at least the minimum that is billed. */
  readonly gb: number;
  readonly ecpusPerSecond: number;
  /** Millions of ECPUs in a month. */
  readonly millionEcpus: number;
  readonly dollars: Dollars;
  /** The limit of AWS that the load exceeds; undefined for a load that Serverless carries. */
  readonly limit: string | undefined;
}

/** The answer, with the arithmetic behind it. */
export interface Answer {
  readonly memory: Memory;
  /** Memory of a cache without cluster mode: the sessions, the connections and Redis itself. Bytes. */
  readonly total: number;
  readonly work: readonly Work[];
  readonly choices: readonly Choice[];
  readonly refusals: readonly Refusal[];
  readonly serverless: Serverless;
  /** The cheapest choice in a region with prices of all choices; else the smallest. */
  readonly best: Choice | undefined;
}

/** Engine CPU at the busiest time. The other half is for a failover, a snapshot and growth; the alarm goes off at 90 %. */
const MOST_CPU = 0.5;
/** Part of the credits for Redis. The other half is for the network, the operating system and ElastiCache itself. */
const MOST_CREDITS = 0.5;
/** Memory of Redis itself, its scripts and the backlog of replication. Bytes. */
const OWN_MEMORY = 5 * 2 ** 20;
/** Memory of a connection, with its buffers. Bytes. */
export const CONNECTION_MEMORY = 24 * 2 ** 10;
/** Nodes of a cluster, until AWS raises the quota. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html */
const MOST_NODES = 90;
/** Limits of a serverless cache. @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html */
const MOST_SERVERLESS = { connections: 65_000, gb: 5000, ecpusPerSecond: 15_000_000 };
const GB = 1e9;
const SECONDS_A_MONTH = HOURS * 3600;

/** Answers the question. */
export function answer(question: Question): Answer {
  const { sessions, requests } = question;
  const memory = predictMemory(sessions);
  const found = NODE_TYPES.map((type) => fitNodes(type, question));
  const choices = found.filter((one): one is Choice => "nodes" in one);
  return {
    memory,
    total: memory.data + measureOverhead(question),
    work: listWork(requests),
    choices,
    refusals: found.filter((one): one is Refusal => "limit" in one),
    serverless: fitServerless(question, memory),
    best: chooseBest(choices),
  };
}

/** Memory of one node beside its data. */
function measureOverhead(question: Question, shards?: number): number {
  return OWN_MEMORY + countConnections(question, shards) * CONNECTION_MEMORY;
}

/** Connections of each node. A client in cluster mode connects to each primary, and once more to one that tells it of the others. */
function countConnections({ connections }: Question, shards: number | undefined): number {
  return shards === undefined ? connections : 2 * connections;
}

/** Finds the fewest shards of a type: one without cluster mode first. */
function fitNodes(type: NodeType, question: Question): Choice | Refusal {
  const perShard = question.replicas + 1;
  let use = measureUse(type, question);
  let shards: number | undefined;
  while (findExceeded(use) !== undefined) {
    // Each shard takes all connections.
    const next = (shards ?? 1) + 1;
    if (use.connections > 1 || next * perShard > MOST_NODES) {
      return { nodeType: type.name, limit: use.connections > 1 ? "connections" : (findExceeded(use) as keyof Use) };
    }
    shards = next;
    use = measureUse(type, question, shards);
  }
  const nodes = perShard * (shards ?? 1);
  return { nodeType: type.name, shards, nodes, use, dollars: priceNodes(type, question.engine, nodes) };
}

/** Measures the parts of a primary's limits that the load takes. */
function measureUse(type: NodeType, question: Question, shards?: number): Use {
  const { sessions, requests } = question;
  const data = predictMemory(sessions, shards).data / (shards ?? 1);
  const busiest = sumCores(listWork(requests)) / (shards ?? 1);
  const average = sumCores(listWork({ ...requests, perSecond: requests.averagePerSecond })) / (shards ?? 1);
  return {
    memory: (data + measureOverhead(question, shards)) / (type.memory * type.usable),
    cpu: busiest / MOST_CPU,
    credits: type.baseline === undefined ? undefined : average / (type.baseline * MOST_CREDITS),
    connections: countConnections(question, shards) / type.connections,
  };
}

function findExceeded(use: Use): keyof Use | undefined {
  const { memory, cpu, credits = 0, connections } = use;
  if (memory > 1) return "memory";
  if (cpu > 1) return "cpu";
  if (credits > 1) return "credits";
  return connections > 1 ? "connections" : undefined;
}

function priceNodes(type: NodeType, engine: Engine, nodes: number): Dollars {
  return byRegion((region) => multiply(lookUpPrice(`${type.name} ${engine}`, region), nodes * HOURS));
}

function fitServerless(question: Question, { data }: Memory): Serverless {
  const { requests, engine } = question;
  const gb = Math.max(LEAST_GB[engine], data / GB);
  const millionEcpus =
    (sumEcpus(listWork({ ...requests, perSecond: requests.averagePerSecond })) * SECONDS_A_MONTH) / 1e6;
  const ecpusPerSecond = sumEcpus(listWork(requests));
  return {
    gb,
    ecpusPerSecond,
    millionEcpus,
    limit: findServerlessLimit(countConnections(question, 1), gb, ecpusPerSecond),
    dollars: byRegion((region) => {
      const stored = multiply(lookUpPrice(`serverless ${engine} data`, region), gb * HOURS);
      const processed = multiply(lookUpPrice(`serverless ${engine} ecpu`, region), millionEcpus);
      return stored === undefined || processed === undefined ? undefined : stored + processed;
    }),
  };
}

function findServerlessLimit(connections: number, gb: number, ecpusPerSecond: number): string | undefined {
  if (connections > MOST_SERVERLESS.connections) return "65,000 connections";
  if (gb > MOST_SERVERLESS.gb) return "5,000 GB";
  return ecpusPerSecond > MOST_SERVERLESS.ecpusPerSecond ? "15,000,000 ECPUs a second" : undefined;
}

function chooseBest(choices: readonly Choice[]): Choice | undefined {
  const region = REGIONS.find((one) => choices.every(({ dollars }) => dollars[one] !== undefined));
  if (region === undefined) return choices[0];
  const dollars = (choice: Choice) => choice.dollars[region] ?? 0;
  return [...choices].sort((a, b) => dollars(a) - dollars(b) || a.nodes - b.nodes)[0];
}

function byRegion(find: (region: Region) => number | undefined): Dollars {
  return { "ap-northeast-1": find("ap-northeast-1"), "us-east-1": find("us-east-1") };
}

function lookUpPrice(key: string, region: Region): number | undefined {
  return findPrice(key)?.quotes[region]?.[0];
}

function multiply(price: number | undefined, amount: number): number | undefined {
  return price === undefined ? undefined : price * amount;
}
