import type { SessionStack } from "../modules";
import { mayHaveSuccessor } from "../modules/elasticache";
import { DEFAULT_ENGINE, type Settings } from "../settings";
import { type Attributes, readDeployed } from "./state-file";

/** The deployed cache of nodes that these settings change, by the state file beside cdktf.json; undefined where there is none. */
export function findDeployedCache(
  stack: SessionStack,
  { region, redis, existingRedis }: Settings,
): Attributes | undefined {
  const [cache] = readDeployed(stack)?.all("aws_elasticache_replication_group") ?? [];
  const [, , , deployedRegion] = String(cache?.arn).split(":");
  const isKept = existingRedis === null && redis.serverless === undefined;
  return isKept && deployedRegion === region ? cache : undefined;
}

/** Whether AWS may have upgraded the cache. Terraform ignores its version then, so the cache can be newer than the setting. */
export function isMovedByAws(
  { engine = DEFAULT_ENGINE, autoMinorVersionUpgrade }: Settings["redis"],
  cache: Attributes,
): boolean {
  const [name = "", version = ""] = engine.split("-");
  return autoMinorVersionUpgrade === true && name === cache.engine && mayHaveSuccessor(name, version);
}
