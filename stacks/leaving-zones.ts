import { Annotations } from "cdktf";
import type { SessionStack } from "../modules";
import { type Settings, SettingsError } from "../settings";
import { type Attributes, readDeployed, type StateFile } from "./state-file";

const KEY = "availabilityZones";
const PAGE = "docs/upgrades.md#leaving-a-zone";

/**
 * AWS takes no subnet out of a cache's subnet group while a node is in it. Where every zone has a node, a deploy that leaves a zone
 * fails half-way and is refused here; where there may be a node, a warning says so. States elsewhere are `npm run plan`'s to
 * review.
 *
 * @throws {SettingsError} when a zone is left out that certainly has a node.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.Modifying.html
 */
export function checkLeavingZones(stack: SessionStack, { availabilityZones, existingNetwork }: Settings): void {
  const deployed = readDeployed(stack);
  const [cache] = deployed?.all("aws_elasticache_replication_group") ?? [];
  if (deployed === undefined || cache === undefined || existingNetwork !== null) return;
  const zones = listZones(deployed);
  const left = zones.filter((zone) => !(availabilityZones ?? []).includes(zone));
  if (availabilityZones === undefined || left.length === 0) return;
  if (hasNodeInEach(zones, cache)) {
    throw new SettingsError(
      `${KEY}: got ${availabilityZones.join(", ")}, takes zones with ${left.join(", ")} among them, where nodes of the deployed ` +
        `cache are (${stack.stateFile}): AWS lets no subnet go that a node is in. See ${PAGE}`,
    );
  }
  Annotations.of(stack).addWarning(
    `${stack.node.id}: ${KEY}: deployed are ${zones.join(", ")} (${stack.stateFile}): AWS refuses to let ${left.join(", ")} ` +
      `go while a node of the cache is there. See ${PAGE}.`,
  );
}

function listZones(deployed: StateFile): string[] {
  const letters = deployed.all("aws_subnet").map(({ availability_zone }) => String(availability_zone).slice(-1));
  return [...new Set(letters)].sort();
}

/** With Multi-AZ, a shard's nodes are spread over the zones. */
function hasNodeInEach(zones: readonly string[], { multi_az_enabled, replicas_per_node_group }: Attributes): boolean {
  return multi_az_enabled === true && Number(replicas_per_node_group) + 1 >= zones.length;
}
