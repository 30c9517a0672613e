"""ElastiCache replication groups.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ReplicationGroup.html
"""
from moto.core.responses import ActionResult

from elasticache_cluster_mode import change_mode, check_mode
from elasticache_clusters import add_cluster, change, check_place, domain
from elasticache_refusals import check_group
from elasticache_store import answers, arn, found, kept, public, tag
from elasticache_users import found_group
from rules import refuse

SLOTS = 16384


def _log_delivery(p):
    keys = ("LogType", "DestinationType", "DestinationDetails", "LogFormat")
    wanted = [c for c in p.get("LogDeliveryConfigurations") or [] if c.get("Enabled", True)]
    return [{key: c[key] for key in keys if key in c} | {"Status": "active"} for c in wanted]


def add_shard(api, p, name, shard, shards, nodes, clustered):
    """One node group with its members; cluster mode has no endpoints of its own for a shard."""
    node_group = {"NodeGroupId": f"{shard + 1:04d}", "Status": "available", "NodeGroupMembers": []}
    for index in range(nodes):
        number = f"{shard + 1:04d}-{index + 1:03d}" if clustered else f"{index + 1:03d}"
        cluster = add_cluster(api, p, f"{name}-{number}", name, index)
        member = {"CacheClusterId": cluster["CacheClusterId"], "CacheNodeId": "0001", "PreferredAvailabilityZone": cluster["PreferredAvailabilityZone"]}
        if not clustered:
            member |= {"ReadEndpoint": cluster["CacheNodes"][0]["Endpoint"], "CurrentRole": "replica" if index else "primary"}
        node_group["NodeGroupMembers"].append(member)
    port = cluster["_port"]
    if clustered:
        node_group["Slots"] = f"{SLOTS * shard // shards}-{SLOTS * (shard + 1) // shards - 1}"
    else:
        node_group["PrimaryEndpoint"] = {"Address": f"master.{name}.{domain(api)}", "Port": port}
        node_group["ReaderEndpoint"] = {"Address": f"replica.{name}.{domain(api)}", "Port": port}
    return node_group, port


@answers
def create_replication_group(self):
    p = self._get_params()
    name = p["ReplicationGroupId"]
    shards = int(p.get("NumNodeGroups") or 1)
    replicas = p.get("ReplicasPerNodeGroup")
    nodes = int(p.get("NumCacheClusters") or 1) if replicas is None else int(replicas) + 1
    clustered = shards > 1 or p.get("ClusterMode") == "enabled"
    check_place(self, p)
    check_group(self, p, nodes, clustered)

    node_groups = []
    for shard in range(shards):
        node_group, port = add_shard(self, p, name, shard, shards, nodes, clustered)
        node_groups.append(node_group)
    tls = bool(p.get("TransitEncryptionEnabled"))
    group = {
        "ReplicationGroupId": name, "Description": p.get("ReplicationGroupDescription"), "Status": "available", "NodeGroups": node_groups,
        "MemberClusters": [member["CacheClusterId"] for g in node_groups for member in g["NodeGroupMembers"]],
        "AutomaticFailover": "enabled" if p.get("AutomaticFailoverEnabled") else "disabled",
        "MultiAZ": "enabled" if p.get("MultiAZEnabled") else "disabled",
        "SnapshotRetentionLimit": int(p.get("SnapshotRetentionLimit") or 0), "SnapshotWindow": p.get("SnapshotWindow") or "03:00-04:00",
        "ClusterEnabled": clustered, "ClusterMode": "enabled" if clustered else "disabled", "CacheNodeType": p.get("CacheNodeType"),
        "AuthTokenEnabled": bool(p.get("AuthToken")), "TransitEncryptionEnabled": tls,
        "AtRestEncryptionEnabled": bool(p.get("AtRestEncryptionEnabled")), "ARN": arn(self, "replicationgroup", name),
        "UserGroupIds": p.get("UserGroupIds") or [], "LogDeliveryConfigurations": _log_delivery(p), "DataTiering": "enabled" if p.get("DataTieringEnabled") else "disabled",
        "AutoMinorVersionUpgrade": p.get("AutoMinorVersionUpgrade", True), "NetworkType": p.get("NetworkType") or "ipv4",
        "IpDiscovery": p.get("IpDiscovery") or "ipv4",
        "Engine": (p.get("Engine") or "redis").lower(), "_parameters": p.get("CacheParameterGroupName"),
    }
    if p.get("KmsKeyId"):
        group["KmsKeyId"] = p["KmsKeyId"]
    if tls:
        group["TransitEncryptionMode"] = p.get("TransitEncryptionMode") or "required"
    if clustered:
        group["ConfigurationEndpoint"] = {"Address": f"clustercfg.{name}.{domain(self)}", "Port": port}
    kept(self, "replication groups")[name] = group
    tag(self, group, p)
    return ActionResult({"ReplicationGroup": public(group)})


def found_replication_group(api, name):
    return found(api, "replication groups", name, "ReplicationGroupNotFoundFault", "ReplicationGroup")


@answers
def describe_replication_groups(self):
    name = self._get_params().get("ReplicationGroupId")
    groups = [found_replication_group(self, name)] if name else kept(self, "replication groups").values()
    return ActionResult({"ReplicationGroups": [public(group) for group in groups]})


@answers
def modify_replication_group(self):
    p = self._get_params()
    group = found_replication_group(self, p["ReplicationGroupId"])
    check_mode(self, group, p)
    for key in ("CacheNodeType", "SnapshotWindow", "SnapshotRetentionLimit", "AutoMinorVersionUpgrade", "IpDiscovery"):
        if key in p:
            group[key] = p[key]
    if "ReplicationGroupDescription" in p:
        group["Description"] = p["ReplicationGroupDescription"]
    for key, shown in (("AutomaticFailoverEnabled", "AutomaticFailover"), ("MultiAZEnabled", "MultiAZ")):
        if key in p:
            group[shown] = "enabled" if p[key] else "disabled"
    group["_parameters"] = p.get("CacheParameterGroupName") or group["_parameters"]
    added, removed = list(p.get("UserGroupIdsToAdd", [])), p.get("UserGroupIdsToRemove", [])
    for name in added:
        found_group(self, name)
    group["UserGroupIds"] = [g for g in group["UserGroupIds"] if g not in removed] + added
    if "LogDeliveryConfigurations" in p:
        group["LogDeliveryConfigurations"] = _log_delivery(p)
    for member in group["MemberClusters"]:
        change(kept(self, "clusters")[member], p)
    if p.get("ClusterMode", group["ClusterMode"]) != group["ClusterMode"]:
        change_mode(self, group, p["ClusterMode"])
    return ActionResult({"ReplicationGroup": public(group)})


@answers
def delete_replication_group(self):
    p = self._get_params()
    name, snapshot = p["ReplicationGroupId"], p.get("FinalSnapshotIdentifier")
    group = found_replication_group(self, name)
    if snapshot:
        # A snapshot stays when its cache goes: the next deploy's final snapshot needs another name.
        if snapshot in kept(self, "snapshots"):
            refuse("snapshot-taken", "SnapshotAlreadyExistsFault", f"Snapshot with specified name {snapshot} already exists.")
        kept(self, "snapshots")[snapshot] = name
    kept(self, "replication groups").pop(name)
    for member in group["MemberClusters"]:
        kept(self, "clusters").pop(member, None)
    return ActionResult({"ReplicationGroup": {**public(group), "Status": "deleting"}})
