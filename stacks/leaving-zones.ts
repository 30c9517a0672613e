import { Annotations } from "cdktf";
import type { SessionStack } from "../modules";
import { type Settings, SettingsError } from "../settings";
import { replacesServerlessCache } from "./lost-sessions";
import { type Attributes, readDeployed, type StateFile } from "./state-file";

const KEY = "availabilityZones";
const PAGE = "docs/upgrades.md#leaving-a-zone";

/**
 * AWS takes no subnet out of a cache's subnet group while a node is in it, and deletes none with an endpoint of a serverless cache. Where
 * every zone has a node, or the zone has an endpoint, a deploy that leaves the zone fails half-way and is refused here; where there may be
 * a node, a warning says so. States elsewhere are `npm run plan`'s to review.
 *
 * @throws {SettingsError} when a zone is left out that certainly has a node or an endpoint.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.Modifying.html
 */
export function checkLeavingZones(stack: SessionStack, settings: Settings): void {
  const { availabilityZones, existingNetwork, existingRedis, redis } = settings;
  const deployed = readDeployed(stack);
  if (deployed === undefined || availabilityZones === undefined || existingNetwork !== null) return;
  const zones = listZones(deployed.all("aws_subnet"));
  const left = zones.filter((zone) => !availabilityZones.includes(zone));
  // A cache that goes is destroyed before the subnets that it is in.
  if (existingRedis !== null) return;
  const [serverless] = deployed.all("aws_elasticache_serverless_cache");
  if (serverless !== undefined && redis.serverless !== undefined && !replacesServerlessCache(serverless, redis)) {
    const kept = left.filter((zone) => listEndpointZones(deployed, serverless).includes(zone));
    if (kept.length > 0) throw refuse(availabilityZones, kept, "endpoints", stack);
  }
  const [cache] = deployed.all("aws_elasticache_replication_group");
  if (cache === undefined || redis.serverless !== undefined || left.length === 0) return;
  if (hasNodeInEach(zones, cache)) throw refuse(availabilityZones, left, "nodes", stack);
  Annotations.of(stack).addWarning(
    `${stack.node.id}: ${KEY}: deployed are ${zones.join(", ")} (${stack.stateFile}): AWS refuses to let ${left.join(", ")} ` +
      `go while a node of the cache is there. See ${PAGE}.`,
  );
}

function refuse(
  wanted: readonly string[],
  kept: readonly string[],
  parts: "nodes" | "endpoints",
  { stateFile }: SessionStack,
): SettingsError {
  return new SettingsError(
    `${KEY}: got ${wanted.join(", ")}, takes zones with ${kept.join(", ")} among them, where ${parts} of the deployed ` +
      `cache are (${stateFile}): AWS lets no subnet go that they are in. See ${PAGE}`,
  );
}

function listZones(subnets: readonly Attributes[]): string[] {
  const letters = subnets.map(({ availability_zone }) => String(availability_zone).slice(-1));
  return [...new Set(letters)].sort();
}

/** Zones of a serverless cache. It keeps its subnets as long as it exists. */
function listEndpointZones(deployed: StateFile, { subnet_ids }: Attributes): string[] {
  const ids = Array.isArray(subnet_ids) ? subnet_ids : [];
  return listZones(deployed.all("aws_subnet").filter(({ id }) => ids.includes(id)));
}

/** With Multi-AZ, a shard's nodes are spread over the zones. */
function hasNodeInEach(zones: readonly string[], { multi_az_enabled, replicas_per_node_group }: Attributes): boolean {
  return multi_az_enabled === true && Number(replicas_per_node_group) + 1 >= zones.length;
}
