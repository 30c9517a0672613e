import { all, calm, each, effects, interruption, sessions, type TypeEffects } from "./effect";
import { groupsSwapped } from "./groups";
import { inPlace, memory, ofGroup, snapshots, subnets } from "./redis";
import { parameterGroupSwapped } from "./redis-parameters";

/** Effects of changes to MemoryDB, by resource type. */
export const MEMORYDB: Readonly<Record<string, TypeEffects>> = {
  aws_memorydb_cluster: effects("memorydb/latest/APIReference/API_UpdateCluster.html", {
    destroyed: ofGroup,
    calm: [
      "maintenance_window",
      "snapshot_window",
      "final_snapshot_name",
      "sns_topic_arn",
      "auto_minor_version_upgrade",
    ],
    changed: {
      ...each(["engine", "engine_version"], inPlace),
      node_type: all(inPlace, memory),
      num_shards: ({ before, after }) =>
        Number(after?.num_shards) < Number(before?.num_shards)
          ? [sessions(`goes from ${before?.num_shards} to ${after?.num_shards} shards: each has to hold more`)]
          : [],
      // MemoryDB keeps its transaction log in several zones: without a replica it is down, and loses nothing.
      num_replicas_per_shard: ({ after }) =>
        after?.num_replicas_per_shard === 0
          ? [interruption("keeps no replica: when a node fails, it is down until AWS has made another")]
          : [],
      snapshot_retention_limit: snapshots,
      parameter_group_name: parameterGroupSwapped,
      security_group_ids: groupsSwapped,
      acl_name: ({ before, after }) =>
        before?.acl_name === "open-access" || after?.acl_name !== "open-access"
          ? [interruption("has another access list: users of the one before are refused")]
          : [],
    },
  }),
  aws_memorydb_subnet_group: effects("memorydb/latest/devguide/subnetgroups.html", {
    destroyed: calm,
    changed: { subnet_ids: subnets },
  }),
};
