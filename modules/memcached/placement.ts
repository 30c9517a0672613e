import { Token } from "cdktf";
import type { ISubnet, ZoneLetter } from "../network";
import type { Refusal } from "../refused";

/** How nodes spread over zones. */
export const AzMode = {
  /** All in one zone. */
  SINGLE: "single-az",
  /** In two zones or more. */
  CROSS: "cross-az",
} as const;
export type AzMode = (typeof AzMode)[keyof typeof AzMode];

/** ElastiCache takes so many nodes in a memcached cluster. */
const MOST_NODES = 60;

/** What was asked for, and the subnets there are. */
export interface PlacementProps {
  readonly subnets: readonly Pick<ISubnet, "zone" | "availabilityZone">[];
  readonly nodes: number | undefined;
  readonly azMode: AzMode | undefined;
  readonly zones: readonly ZoneLetter[] | undefined;
}

/** What follows from it. */
export interface Placement {
  readonly azMode: AzMode;
  /** Name of each node's zone; in the order of the nodes, so that one more changes none of the others. */
  readonly availabilityZones: readonly string[];
}

/** Puts nodes into zones, one after the other, where nothing was asked for. */
export function placementOf(props: PlacementProps): Placement {
  const { subnets, azMode, zones } = props;
  const there = subnets.map(({ zone }) => zone);
  const choice = azMode === AzMode.SINGLE ? there.slice(0, 1) : there;
  const letters =
    zones ?? Array.from({ length: countOf(props) }, (_, node) => choice[node % choice.length] as ZoneLetter);
  const nameOf = new Map(subnets.map(({ zone, availabilityZone }) => [zone, availabilityZone]));
  return {
    azMode: azMode ?? (new Set(letters).size > 1 ? AzMode.CROSS : AzMode.SINGLE),
    availabilityZones: letters.map((letter) => nameOf.get(letter) ?? letter),
  };
}

/** Why what was asked for cannot be had, or undefined when it can. */
export function placementRefusal(props: PlacementProps): Refusal | undefined {
  if (props.subnets.length === 0) {
    return {
      what: "network",
      got: "no private subnet",
      allowed: "a network with private subnets",
      fix: "give it availability zones",
    };
  }
  return nodesRefusal(props) ?? zonesRefusal(props) ?? azModeRefusal(props);
}

/** One node in each zone, unless told. */
function countOf({ nodes, zones, subnets }: PlacementProps): number {
  return nodes ?? zones?.length ?? subnets.length;
}

function nodesRefusal(props: PlacementProps): Refusal | undefined {
  const nodes = countOf(props);
  if (!Token.isUnresolved(nodes) && Number.isInteger(nodes) && nodes >= 1 && nodes <= MOST_NODES) return undefined;
  return {
    what: "nodes",
    got: Token.isUnresolved(nodes) ? "a value known only after deployment" : nodes,
    allowed: `a whole number from 1 to ${MOST_NODES}`,
    fix: "leave it out for one in each zone",
  };
}

function zonesRefusal({ subnets, zones, nodes }: PlacementProps): Refusal | undefined {
  if (zones === undefined) return undefined;
  const what = "zones";
  const there = subnets.map(({ zone }) => zone);
  const unknown = zones.find((zone) => !there.includes(zone));
  if (unknown !== undefined) {
    const allowed = `zones with a private subnet: ${there.join(", ")}`;
    return { what, got: zones, allowed, fix: `replace ${JSON.stringify(unknown)}, or give the network that zone` };
  }
  if (nodes !== undefined && nodes !== zones.length) {
    const got = `${zones.length} for ${nodes} nodes`;
    return { what, got, allowed: "the zone of each node", fix: "name as many, or leave nodes out" };
  }
  return undefined;
}

function azModeRefusal(props: PlacementProps): Refusal | undefined {
  const { subnets, azMode, zones } = props;
  const what = "AZ mode";
  if (azMode === undefined) return undefined;
  if (!Object.values(AzMode).includes(azMode)) {
    return { what, got: azMode, allowed: Object.values(AzMode).join(", "), fix: "take one of those" };
  }
  const different = new Set(zones ?? subnets.map(({ zone }) => zone)).size;
  if (azMode === AzMode.CROSS && (countOf(props) < 2 || different < 2)) {
    const got = countOf(props) < 2 ? `${azMode} with one node` : `${azMode} in one zone`;
    return { what, got, allowed: `${azMode} with two nodes in two zones or more`, fix: "leave azMode out" };
  }
  if (azMode === AzMode.SINGLE && zones !== undefined && different > 1) {
    const got = `${azMode} with zones ${zones.join(", ")}`;
    return { what, got, allowed: `${azMode} in one zone`, fix: "name one zone, or leave azMode out" };
  }
  return undefined;
}
