import { Token } from "cdktf";
import type { Refusal } from "../refused";

/** ElastiCache takes so many replicas of one primary. */
const MOST_REPLICAS = 5;
/**
 * Nodes of one cluster; the account's own quota is 90 until it is raised.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
 */
const MOST_NODES = 500;

/** What was asked for, and the zones there are. */
export interface AvailabilityProps {
  /** Shards of a cache in cluster mode; undefined without. */
  readonly shards: number | undefined;
  readonly replicas: number;
  readonly zones: number;
  readonly automaticFailover: boolean | undefined;
  readonly multiAz: boolean | undefined;
}

/** What follows from it. */
export interface Availability {
  readonly shards: number | undefined;
  readonly replicas: number;
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
}

/** Works out failover and multi-AZ where nothing was asked for. */
export function availabilityOf(props: AvailabilityProps): Availability {
  const { shards, replicas, zones, automaticFailover, multiAz } = props;
  // In cluster mode it is always on, even where there is no replica that could take over.
  const failover = automaticFailover ?? (shards !== undefined || replicas > 0);
  return {
    shards,
    replicas,
    automaticFailover: failover,
    multiAz: multiAz ?? (failover && replicas > 0 && zones > 1),
  };
}

/**
 * Ids of all nodes, as ElastiCache names them: known at synth, and the same when others come or go.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Shards.html
 */
export function membersOf(cacheId: string, { shards, replicas }: Availability): string[] {
  const nodes = numbered(replicas + 1, 3);
  if (shards === undefined) return nodes.map((node) => `${cacheId}-${node}`);
  return numbered(shards, 4).flatMap((shard) => nodes.map((node) => `${cacheId}-${shard}-${node}`));
}

function numbered(count: number, digits: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(digits, "0"));
}

/** Why what was asked for cannot be had, or undefined when it can. */
export function availabilityRefusal(props: AvailabilityProps): Refusal | undefined {
  return countRefusal(props) ?? failoverRefusal(props) ?? multiAzRefusal(props);
}

function countRefusal({ shards, replicas, zones }: AvailabilityProps): Refusal | undefined {
  if (!isCount(replicas, 0, MOST_REPLICAS)) {
    return {
      what: "replicas",
      got: shown(replicas),
      allowed: `a whole number from 0, a single node, to ${MOST_REPLICAS}`,
      fix: "take 1 for a primary with a stand-by",
    };
  }
  if (shards !== undefined && !isCount(shards, 1, MOST_NODES)) {
    return {
      what: "shards",
      got: shown(shards),
      allowed: `a whole number from 1 to ${MOST_NODES}`,
      fix: "take 3, or leave it out for a cache that is not in cluster mode",
    };
  }
  if (shards !== undefined && shards * (replicas + 1) > MOST_NODES) {
    return {
      what: "shards",
      got: `${shards} with ${replicas} replicas each, ${shards * (replicas + 1)} nodes`,
      allowed: `at most ${MOST_NODES} nodes`,
      fix: "take fewer shards of a larger node type",
    };
  }
  if (zones === 0) {
    return {
      what: "network",
      got: "no private subnet",
      allowed: "a network with private subnets",
      fix: "give it availability zones",
    };
  }
  return undefined;
}

function failoverRefusal({ shards, replicas, automaticFailover }: AvailabilityProps): Refusal | undefined {
  if (shards !== undefined && automaticFailover === false) {
    return {
      what: "automatic failover",
      got: "false in cluster mode",
      allowed: "true, which ElastiCache insists on there",
      fix: "leave automaticFailover out",
    };
  }
  if (shards === undefined && automaticFailover === true && replicas === 0) {
    return {
      what: "automatic failover",
      got: "true with 0 replicas",
      allowed: "true only with a replica to fail over to",
      fix: "take replicas: 1 or leave automaticFailover out",
    };
  }
  return undefined;
}

function multiAzRefusal({ replicas, zones, automaticFailover, multiAz }: AvailabilityProps): Refusal | undefined {
  if (replicas > 0 && zones < 2 && multiAz === undefined) {
    return {
      what: "replicas",
      got: `${replicas} in one availability zone`,
      allowed: "replicas where there are two zones or more, since the zone's loss would take them all",
      fix: "give the network a second zone, or take replicas: 0, or say multiAz: false by name",
    };
  }
  if (multiAz !== true) return undefined;
  const missing = [
    replicas === 0 ? { got: "true with 0 replicas", fix: "take replicas: 1 or leave multiAz out" } : undefined,
    zones < 2
      ? { got: "true in one availability zone", fix: "give the network a second zone or leave multiAz out" }
      : undefined,
    automaticFailover === false
      ? { got: "true without automatic failover", fix: "leave automaticFailover out" }
      : undefined,
  ].find((lack) => lack !== undefined);
  return (
    missing && { what: "multi-AZ", allowed: "true only with a replica, two zones and automatic failover", ...missing }
  );
}

function isCount(value: number, from: number, to: number): boolean {
  return !Token.isUnresolved(value) && Number.isInteger(value) && value >= from && value <= to;
}

function shown(value: number): unknown {
  return Token.isUnresolved(value) ? "a value known only after deployment" : value;
}
