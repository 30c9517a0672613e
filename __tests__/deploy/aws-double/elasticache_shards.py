"""Shards of ElastiCache replication groups, added and taken away.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroupShardConfiguration.html
"""
from moto.core.responses import ActionResult

from elasticache_cluster_mode import check_scalable
from elasticache_groups import SLOTS, add_shard, found_replication_group
from elasticache_replicas import like
from elasticache_store import answers, kept, public
from rules import refuse


@answers
def modify_replication_group_shard_configuration(self):
    p = self._get_params()
    group, count = found_replication_group(self, p["ReplicationGroupId"]), int(p["NodeGroupCount"])
    if group["ClusterMode"] == "disabled":
        refuse("shards-of-none", "InvalidReplicationGroupState", "Shards cannot be changed while cluster mode is disabled.")
    check_scalable(group)
    clusters = kept(self, "clusters")
    first = group["NodeGroups"][0]["NodeGroupMembers"]
    gone = p.get("NodeGroupsToRemove") or []
    for node_group in [g for g in group["NodeGroups"] if g["NodeGroupId"] in gone]:
        group["NodeGroups"].remove(node_group)
        for member in node_group["NodeGroupMembers"]:
            clusters.pop(member["CacheClusterId"])
    shared = like(clusters[first[0]["CacheClusterId"]])
    while len(group["NodeGroups"]) < count:
        shard = int(group["NodeGroups"][-1]["NodeGroupId"])
        node_group, _ = add_shard(self, shared, group["ReplicationGroupId"], shard, count, len(first), True)
        group["NodeGroups"].append(node_group)
    # AWS moves slots as it sees fit: here each shard has the same share.
    for shard, node_group in enumerate(group["NodeGroups"]):
        node_group["Slots"] = f"{SLOTS * shard // count}-{SLOTS * (shard + 1) // count - 1}"
    group["MemberClusters"] = [member["CacheClusterId"] for g in group["NodeGroups"] for member in g["NodeGroupMembers"]]
    return ActionResult({"ReplicationGroup": public(group)})
