import type { Json } from "../../machine/aws-cli";
import { fail, ok, warn } from "../finding";
import type { Question } from "./resources";

const check = "cache cluster";
/** Statuses of a cluster on which ElastiCache is at work. */
const PASSING = ["creating", "modifying", "rebooting cluster nodes", "snapshotting"];

/** Whether a cluster outside of a replication group, as every one of memcached is, is available. */
export const MEMCACHED: Question = {
  check,
  ask: (state) =>
    state
      .all("aws_elasticache_cluster")
      // The nodes of a replication group are examined with it.
      .filter(({ replication_group_id }) => !replication_group_id)
      .map((held) => ({
        args: ["elasticache", "describe-cache-clusters", "--cache-cluster-id", String(held.cluster_id)],
        held,
      })),
  judge({ CacheClusters: [cluster] }: Json, { cluster_id }: Json) {
    const status = cluster?.CacheClusterStatus ?? "gone";
    const says = `${cluster_id} is ${status}`;
    if (status === "available") return ok(check, `${says}, ${cluster.NumCacheNodes} nodes of ${cluster.Engine}`);
    if (PASSING.includes(status)) return warn(check, says, "wait: ElastiCache is at work on it");
    return fail(check, says, "a deploy creates it again");
  },
};
