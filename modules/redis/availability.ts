import type { Construct } from "constructs";
import { checkWholeNumber, ValidationError } from "../validation";

/** The most replicas of one primary that ElastiCache accepts. */
const MOST_REPLICAS = 5;
/**
 * The most nodes of one cluster. An account's quota is 90 until AWS raises it.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
 */
const MOST_NODES = 500;

/** The props that decide how many nodes there are, and where. */
export interface AvailabilityProps {
  /** Shards of a cache in cluster mode; undefined without. */
  readonly shards?: number | undefined;
  readonly replicas: number;
  /** The number of zones of the network. */
  readonly zones: number;
  readonly automaticFailover?: boolean | undefined;
  readonly multiAz?: boolean | undefined;
}

/** Nodes, failover and multi-AZ, with their defaults. */
export interface Availability {
  readonly shards: number | undefined;
  readonly replicas: number;
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
}

/**
 * Fills in failover and multi-AZ where the props leave them out.
 *
 * @throws {ValidationError} when numbers are out of range, or ElastiCache does not accept the combination.
 */
export function resolveAvailability(scope: Construct, props: AvailabilityProps): Availability {
  checkCounts(scope, props);
  checkFailover(scope, props);
  checkMultiAz(scope, props);
  const { shards, replicas, zones, automaticFailover, multiAz } = props;
  // In cluster mode, failover is always on, also without a replica that could take over.
  const failover = automaticFailover ?? (shards !== undefined || replicas > 0);
  return {
    shards,
    replicas,
    automaticFailover: failover,
    multiAz: multiAz ?? (failover && replicas > 0 && zones > 1),
  };
}

/**
 * Numbers of all nodes, as ElastiCache appends them to the id of a new cache: `001`, or `0001-001` with shards. An added or
 * removed node changes no other number.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Shards.html
 */
export function numberNodes({ shards, replicas }: Availability): string[] {
  const nodes = numbered(replicas + 1, 3);
  if (shards === undefined) return nodes;
  return numbered(shards, 4).flatMap((shard) => nodes.map((node) => `${shard}-${node}`));
}

function numbered(count: number, digits: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(digits, "0"));
}

function checkCounts(scope: Construct, { shards, replicas, zones }: AvailabilityProps): void {
  checkWholeNumber(scope, "replicas", replicas, {
    min: 0,
    max: MOST_REPLICAS,
    allowed: `a whole number from 0, a single node, to ${MOST_REPLICAS}`,
    fix: "take 1 for a primary with a stand-by",
    atSynth: true,
  });
  checkWholeNumber(scope, "shards", shards, {
    min: 1,
    max: MOST_NODES,
    fix: "take 3, or leave it out for a cache that is not in cluster mode",
    atSynth: true,
  });
  if (shards !== undefined && shards * (replicas + 1) > MOST_NODES) {
    throw new ValidationError(scope, {
      what: "shards",
      got: `${shards} with ${replicas} replicas each, ${shards * (replicas + 1)} nodes`,
      allowed: `at most ${MOST_NODES} nodes`,
      fix: "take fewer shards of a larger node type",
    });
  }
  if (zones > 0) return;
  throw new ValidationError(scope, {
    what: "network",
    got: "no private subnet",
    allowed: "a network with private subnets",
    fix: "give it availability zones",
  });
}

function checkFailover(scope: Construct, { shards, replicas, automaticFailover }: AvailabilityProps): void {
  if (shards !== undefined && automaticFailover === false) {
    throw new ValidationError(scope, {
      what: "automaticFailover",
      got: "false in cluster mode",
      allowed: "true, which ElastiCache insists on there",
      fix: "leave automaticFailover out",
    });
  }
  if (shards === undefined && automaticFailover === true && replicas === 0) {
    throw new ValidationError(scope, {
      what: "automaticFailover",
      got: "true with 0 replicas",
      allowed: "true only with a replica to fail over to",
      fix: "take replicas: 1 or leave automaticFailover out",
    });
  }
}

function checkMultiAz(scope: Construct, { replicas, zones, automaticFailover, multiAz }: AvailabilityProps): void {
  if (replicas > 0 && zones < 2 && multiAz === undefined) {
    throw new ValidationError(scope, {
      what: "replicas",
      got: `${replicas} in one availability zone`,
      allowed: "replicas where there are two zones or more, since the zone's loss would take them all",
      fix: "give the network a second zone, or take replicas: 0, or set multiAz: false explicitly",
    });
  }
  if (multiAz !== true) return;
  const missing = [
    replicas === 0 ? { got: "true with 0 replicas", fix: "take replicas: 1 or leave multiAz out" } : undefined,
    zones < 2
      ? { got: "true in one availability zone", fix: "give the network a second zone or leave multiAz out" }
      : undefined,
    automaticFailover === false
      ? { got: "true without automatic failover", fix: "leave automaticFailover out" }
      : undefined,
  ].find((lack) => lack !== undefined);
  if (missing === undefined) return;
  const allowed = "true only with a replica, two zones and automatic failover";
  throw new ValidationError(scope, { what: "multiAz", allowed, ...missing });
}
