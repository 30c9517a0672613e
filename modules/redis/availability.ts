import { Token } from "cdktf";
import type { Refusal } from "../refused";

/** ElastiCache takes so many replicas of one primary. */
const MOST_REPLICAS = 5;

/** What was asked for, and the zones there are. */
export interface AvailabilityProps {
  readonly replicas: number;
  readonly zones: number;
  readonly automaticFailover: boolean | undefined;
  readonly multiAz: boolean | undefined;
}

/** What follows from it. */
export interface Availability {
  readonly nodes: number;
  readonly automaticFailover: boolean;
  readonly multiAz: boolean;
}

/** Works out failover and multi-AZ where nothing was asked for. */
export function availabilityOf({ replicas, zones, automaticFailover, multiAz }: AvailabilityProps): Availability {
  const failover = automaticFailover ?? replicas > 0;
  return {
    nodes: replicas + 1,
    automaticFailover: failover,
    multiAz: multiAz ?? (failover && zones > 1),
  };
}

/** Why what was asked for cannot be had, or undefined when it can. */
export function availabilityRefusal(props: AvailabilityProps): Refusal | undefined {
  const { replicas, zones, automaticFailover, multiAz } = props;
  if (Token.isUnresolved(replicas) || !Number.isInteger(replicas) || replicas < 0 || replicas > MOST_REPLICAS) {
    return {
      what: "replicas",
      got: Token.isUnresolved(replicas) ? "a value known only after deployment" : replicas,
      allowed: `a whole number from 0, a single node, to ${MOST_REPLICAS}`,
      fix: "take 1 for a primary with a stand-by",
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
  if (automaticFailover === true && replicas === 0) {
    return {
      what: "automatic failover",
      got: "true with 0 replicas",
      allowed: "true only with a replica to fail over to",
      fix: "take replicas: 1 or leave automaticFailover out",
    };
  }
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
