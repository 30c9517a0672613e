import type { Construct } from "constructs";
import type { ISubnet, ZoneLetter } from "../network";
import { checkOneOf, checkWholeNumber, ValidationError } from "../validation";

/** Distribution of nodes over zones. */
export const AzMode = {
  /** All in one zone. */
  SINGLE: "single-az",
  /** In two zones or more. */
  CROSS: "cross-az",
} as const;
export type AzMode = (typeof AzMode)[keyof typeof AzMode];

/** The most nodes of a memcached cluster. */
const MOST_NODES = 60;

/** The wanted placement, and the subnets that exist. */
export interface PlacementProps {
  readonly subnets: readonly Pick<ISubnet, "zone" | "availabilityZone">[];
  readonly nodes?: number | undefined;
  readonly azMode?: AzMode | undefined;
  readonly zones?: readonly ZoneLetter[] | undefined;
}

/** The placement of the nodes. */
export interface Placement {
  readonly azMode: AzMode;
  /** Name of each node's zone, in the order of the nodes. A further node changes no other. */
  readonly availabilityZones: readonly string[];
}

/**
 * Decides the zone of each node. By default, nodes are distributed over the zones in turn.
 *
 * @throws {ValidationError} when nodes, zones, AZ mode and subnets contradict each other.
 */
export function placeNodes(scope: Construct, props: PlacementProps): Placement {
  checkSubnets(scope, props);
  checkWholeNumber(scope, "nodes", countNodes(props), {
    min: 1,
    max: MOST_NODES,
    fix: "leave it out for one in each zone",
    atSynth: true,
  });
  checkZones(scope, props);
  checkAzMode(scope, props);
  const { subnets, azMode, zones } = props;
  const there = subnets.map(({ zone }) => zone);
  const choice = azMode === AzMode.SINGLE ? there.slice(0, 1) : there;
  const letters =
    zones ?? Array.from({ length: countNodes(props) }, (_, node) => choice[node % choice.length] as ZoneLetter);
  const names = new Map(subnets.map(({ zone, availabilityZone }) => [zone, availabilityZone]));
  return {
    azMode: azMode ?? (new Set(letters).size > 1 ? AzMode.CROSS : AzMode.SINGLE),
    availabilityZones: letters.map((letter) => names.get(letter) ?? letter),
  };
}

/** The default: one node in each zone. */
function countNodes({ nodes, zones, subnets }: PlacementProps): number {
  return nodes ?? zones?.length ?? subnets.length;
}

function checkSubnets(scope: Construct, { subnets }: PlacementProps): void {
  if (subnets.length > 0) return;
  throw new ValidationError(scope, {
    what: "network",
    got: "no private subnet",
    allowed: "a network with private subnets",
    fix: "give it availability zones",
  });
}

function checkZones(scope: Construct, { subnets, zones, nodes }: PlacementProps): void {
  if (zones === undefined) return;
  const there = subnets.map(({ zone }) => zone);
  const unknown = zones.find((zone) => !there.includes(zone));
  if (unknown !== undefined) {
    throw new ValidationError(scope, {
      what: "zones",
      got: zones,
      allowed: `zones with a private subnet: ${there.join(", ")}`,
      fix: `replace ${JSON.stringify(unknown)}, or give the network that zone`,
    });
  }
  if (nodes === undefined || nodes === zones.length) return;
  throw new ValidationError(scope, {
    what: "zones",
    got: `${zones.length} for ${nodes} nodes`,
    allowed: "the zone of each node",
    fix: "name as many, or leave nodes out",
  });
}

function checkAzMode(scope: Construct, props: PlacementProps): void {
  const { subnets, azMode, zones } = props;
  const what = "azMode";
  checkOneOf(scope, what, azMode, AzMode, { atSynth: true });
  const different = new Set(zones ?? subnets.map(({ zone }) => zone)).size;
  if (azMode === AzMode.CROSS && (countNodes(props) < 2 || different < 2)) {
    throw new ValidationError(scope, {
      what,
      got: countNodes(props) < 2 ? `${azMode} with one node` : `${azMode} in one zone`,
      allowed: `${azMode} with two nodes in two zones or more`,
      fix: "leave azMode out",
    });
  }
  if (azMode === AzMode.SINGLE && zones !== undefined && different > 1) {
    throw new ValidationError(scope, {
      what,
      got: `${azMode} with zones ${zones.join(", ")}`,
      allowed: `${azMode} in one zone`,
      fix: "name one zone, or leave azMode out",
    });
  }
}
