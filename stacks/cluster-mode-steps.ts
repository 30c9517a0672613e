import type { SessionStack } from "../modules";
import { DEFAULT_REPLICAS } from "../modules/redis/resolve-props";
import { DEFAULT_ENGINE, type Settings, SettingsError } from "../settings";
import { findDeployedCache, isMovedByAws } from "./deployed-cache";
import type { Attributes } from "./state-file";

type RedisSettings = Settings["redis"];

/** A reason why ElastiCache refuses an edit, and the edit to deploy instead. */
interface Refusal {
  readonly key: string;
  readonly got: string;
  readonly why: string;
  readonly fix: string;
}

const ORDER =
  'deploy in this order: "clusterMode": "compatible"; beside it "clusterProtocol": true; "clusterMode": "enabled" without "clusterProtocol"; then "shards"';

/**
 * Refuses an edit of a deployed cache that ElastiCache would refuse half-way through an apply: a step of the cluster mode that is
 * skipped, or that comes together with another change. It compares with the state file beside cdktf.json. Where there is
 * none, Terraform's plan refuses skipped steps, and the plan's review names the others.
 *
 * @throws {SettingsError} that names the setting, the deployed mode and the order of deployments.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html
 */
export function checkClusterModeSteps(stack: SessionStack, settings: Settings): void {
  const cache = findDeployedCache(stack, settings);
  if (cache === undefined) return;
  const refusal = findRefusal(cache, settings.redis);
  if (refusal === undefined) return;
  const { key, got, why, fix } = refusal;
  throw new SettingsError(
    `${stack.node.id}: ${key}: got ${got}, deployed is a cache in mode ${findMode(cache)} (${stack.stateFile}): ${why}. Fix: ${fix}. See docs/upgrades.md#into-shards.`,
  );
}

function findRefusal(cache: Attributes, redis: RedisSettings): Refusal | undefined {
  const [deployed, wanted] = [
    findMode(cache),
    redis.clusterMode ?? (redis.shards === undefined ? "disabled" : "enabled"),
  ];
  const key = redis.clusterMode === undefined ? "redis.shards" : "redis.clusterMode";
  if (deployed === "enabled" && wanted !== "enabled") {
    const fix = 'keep the mode, or deploy another environment under another "name"';
    return { key, got: `mode ${wanted}`, why: "ElastiCache does not take cluster mode back", fix };
  }
  if (deployed === "disabled" && wanted === "enabled") {
    return { key, got: "mode enabled", why: "ElastiCache refuses to skip a step", fix: ORDER };
  }
  if (deployed === "disabled" && redis.clusterProtocol === true) {
    const why = "the cache has no configuration endpoint yet";
    return { key: "redis.clusterProtocol", got: "true", why, fix: ORDER };
  }
  const others = deployed === wanted && wanted !== "compatible" ? [] : listOtherEdits(cache, redis);
  if (others.length === 0) return undefined;
  return {
    key,
    got: `mode ${wanted} together with another value of ${others.join(", ")}`,
    why: "in mode compatible, and together with another mode, ElastiCache refuses every other change",
    fix: `deploy ${others.join(", ")} before mode compatible, or after mode enabled`,
  };
}

/** The mode by the state. Provider versions without the argument did not write it (hashicorp/terraform-provider-aws#38002). */
function findMode({ cluster_mode, cluster_enabled }: Attributes): string {
  return typeof cluster_mode === "string" && cluster_mode !== ""
    ? cluster_mode
    : cluster_enabled === true
      ? "enabled"
      : "disabled";
}

/** The edited settings that change the nodes or the engine. */
function listOtherEdits(cache: Attributes, redis: RedisSettings): string[] {
  const { engine = DEFAULT_ENGINE, nodeType = "cache.t4g.micro", replicas = DEFAULT_REPLICAS, shards = 1 } = redis;
  const edits = {
    "redis.engine": isMovedByAws(redis, cache) ? [] : [`${cache.engine}-${cache.engine_version}`, engine],
    "redis.nodeType": [cache.node_type, nodeType],
    "redis.replicas": [cache.replicas_per_node_group, replicas],
    "redis.shards": [cache.num_node_groups, shards],
  };
  return Object.entries(edits)
    .filter(([, [deployed, wanted]]) => deployed !== undefined && deployed !== wanted)
    .map(([key]) => key);
}
