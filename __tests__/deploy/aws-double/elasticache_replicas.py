"""Replicas of ElastiCache replication groups, added and taken away.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_IncreaseReplicaCount.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DecreaseReplicaCount.html
"""
from moto.core.responses import ActionResult

from elasticache_cluster_mode import check_scalable
from elasticache_clusters import add_cluster
from elasticache_groups import found_replication_group
from elasticache_store import answers, kept, public
from rules import refuse


def _names(node_group, count):
    """Names of a shard's nodes, the primary first: numbered on from the nodes that are there."""
    shard = node_group["NodeGroupMembers"][0]["CacheClusterId"].rsplit("-", 1)[0]
    return [f"{shard}-{index + 1:03d}" for index in range(count)]


def _set_replicas(api, group, replicas):
    clusters = kept(api, "clusters")
    for node_group in group["NodeGroups"]:
        names = _names(node_group, replicas + 1)
        members = {member["CacheClusterId"]: member for member in node_group["NodeGroupMembers"]}
        for gone in [name for name in members if name not in names]:
            members.pop(gone)
            clusters.pop(gone)
        for index, name in enumerate(names):
            if name not in members:
                members[name] = _add_member(api, group, name, index, clusters[names[0]])
        node_group["NodeGroupMembers"] = list(members.values())
    group["MemberClusters"] = [member["CacheClusterId"] for g in group["NodeGroups"] for member in g["NodeGroupMembers"]]


def like(primary):
    """The parameters of a node that is made like another one."""
    alike = ("CacheNodeType", "Engine", "CacheSubnetGroupName", "AutoMinorVersionUpgrade", "TransitEncryptionEnabled",
             "TransitEncryptionMode", "AtRestEncryptionEnabled", "PreferredMaintenanceWindow")
    return {key: primary[key] for key in alike if key in primary} | {
        "Port": primary["_port"], "EngineVersion": primary["EngineVersion"],
        "SecurityGroupIds": [member["SecurityGroupId"] for member in primary["SecurityGroups"]],
        "CacheParameterGroupName": primary["CacheParameterGroup"]["CacheParameterGroupName"],
    }


def _add_member(api, group, name, index, primary):
    cluster = add_cluster(api, like(primary), name, group["ReplicationGroupId"], index)
    member = {"CacheClusterId": name, "CacheNodeId": "0001", "PreferredAvailabilityZone": cluster["PreferredAvailabilityZone"]}
    if not group["ClusterEnabled"]:
        member |= {"ReadEndpoint": cluster["CacheNodes"][0]["Endpoint"], "CurrentRole": "replica"}
    return member


@answers
def increase_replica_count(self):
    p = self._get_params()
    group = found_replication_group(self, p["ReplicationGroupId"])
    check_scalable(group)
    _set_replicas(self, group, int(p["NewReplicaCount"]))
    return ActionResult({"ReplicationGroup": public(group)})


@answers
def decrease_replica_count(self):
    p = self._get_params()
    group, replicas = found_replication_group(self, p["ReplicationGroupId"]), int(p["NewReplicaCount"])
    check_scalable(group)
    if replicas < 1 and group["MultiAZ"] == "enabled" and not group["ClusterEnabled"]:
        refuse("replica-of-multi-az", "InvalidParameterCombination", "With Multi-AZ enabled, at least one replica must be left.")
    _set_replicas(self, group, replicas)
    return ActionResult({"ReplicationGroup": public(group)})
