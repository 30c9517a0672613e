import type { Values } from "./configuration";

/** How many nodes a replication group has. */
export interface RedisNodes {
  /** 1 without cluster mode. */
  readonly shards: number;
  /** Nodes of each shard, its primary included. */
  readonly perShard: number;
  readonly total: number;
}

/**
 * Counts the nodes of an `aws_elasticache_replication_group`. Terraform has two ways to say it, one for each cluster mode; a
 * state has both.
 */
export function countRedisNodes(group: Values): RedisNodes {
  const { num_cache_clusters, num_node_groups, replicas_per_node_group } = group;
  const shards = Number(num_node_groups ?? 1);
  const ofShard = Number(replicas_per_node_group ?? 0) + 1;
  const isSharded = group.cluster_mode === "enabled" || shards > 1;
  const perShard = isSharded ? ofShard : Number(num_cache_clusters ?? ofShard);
  return { shards, perShard, total: shards * perShard };
}
