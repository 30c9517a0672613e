"""ElastiCache clusters: members of replication groups, and Memcached.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html
"""
from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends

from elasticache_store import answers, arn, check_free, check_name, found, kept, public, tag
from rules import fault, refuse

REDIS_PORT, MEMCACHED_PORT = 6379, 11211


def domain(api):
    return f"abc123.{api.region}.cache.amazonaws.com"


def check_place(api, p):
    """The subnet group and the security groups are there."""
    name = p.get("CacheSubnetGroupName")
    if name and name not in api.elasticache_backend.cache_subnet_groups:
        refuse("subnet-group-unknown", "CacheSubnetGroupNotFoundFault", f"Cache subnet group {name} does not exist.")
    ec2 = ec2_backends[api.current_account][api.region]
    for group in p.get("SecurityGroupIds") or []:
        if ec2.get_security_group_from_id(group) is None:
            refuse("cache-security-group-unknown", "InvalidParameterValue", f"Some security groups are unknown or not allowed: {group}")


def subnets_of(api, p):
    group = api.elasticache_backend.cache_subnet_groups.get(p.get("CacheSubnetGroupName"))
    ec2 = ec2_backends[api.current_account][api.region]
    return ec2.describe_subnets(subnet_ids=list(group.subnet_ids)) if group else []


def zones(api, p):
    """Zones of the subnet group's subnets, else a, b, c of the region."""
    return sorted({subnet.availability_zone for subnet in subnets_of(api, p)}) or [api.region + letter for letter in "abc"]


def _nodes(api, cluster, count, port, azs, first):
    nodes = []
    for index in range(count):
        node = f"{index + 1:04d}"
        host = f"{cluster}.{domain(api)}" if count == 1 else f"{cluster}.{node}.{domain(api)}"
        nodes.append({"CacheNodeId": node, "CacheNodeStatus": "available", "Endpoint": {"Address": host, "Port": port},
                      "ParameterGroupStatus": "in-sync", "CustomerAvailabilityZone": azs[(first + index) % len(azs)]})
    return nodes


def full_version(engine, version):
    """AWS reports the patch level too: the provider cuts it off for Redis 6 and later.
    https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/elasticache/engine_version.go
    """
    if engine == "memcached":
        return version or "1.6.22"
    version = version or "7.1"
    return f"{version}.0" if version.count(".") == 1 else version


def add_cluster(api, p, name, group=None, index=0):
    engine = (p.get("Engine") or "redis").lower()
    port = int(p.get("Port") or (MEMCACHED_PORT if engine == "memcached" else REDIS_PORT))
    count = 1 if group else int(p.get("NumCacheNodes") or 1)
    azs = zones(api, p)
    tls = bool(p.get("TransitEncryptionEnabled"))
    parameters = p.get("CacheParameterGroupName") or ("default.memcached1.6" if engine == "memcached" else "default.redis7")
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheCluster.html: PreferredAvailabilityZone
    spread = count > 1 and (p.get("AZMode") or "").lower() == "cross-az"
    cluster = {
        "CacheClusterId": name, "CacheNodeType": p.get("CacheNodeType"), "Engine": engine,
        "EngineVersion": full_version(engine, p.get("EngineVersion")), "CacheClusterStatus": "available", "NumCacheNodes": count,
        "PreferredAvailabilityZone": "Multiple" if spread else p.get("PreferredAvailabilityZone") or azs[index % len(azs)],
        "PreferredMaintenanceWindow": (p.get("PreferredMaintenanceWindow") or "sun:05:00-sun:06:00").lower(),
        "CacheSubnetGroupName": p.get("CacheSubnetGroupName") or "default",
        "AutoMinorVersionUpgrade": p.get("AutoMinorVersionUpgrade", True),
        "SecurityGroups": [{"SecurityGroupId": g, "Status": "active"} for g in p.get("SecurityGroupIds") or []],
        "CacheParameterGroup": {"CacheParameterGroupName": parameters, "ParameterApplyStatus": "in-sync"},
        "CacheNodes": _nodes(api, name, count, port, azs, index), "TransitEncryptionEnabled": tls,
        "AtRestEncryptionEnabled": bool(p.get("AtRestEncryptionEnabled")), "AuthTokenEnabled": bool(p.get("AuthToken")),
        "ARN": arn(api, "cluster", name), "NetworkType": p.get("NetworkType") or "ipv4", "IpDiscovery": p.get("IpDiscovery") or "ipv4", "_port": port,
    }
    if p.get("NotificationTopicArn"):
        cluster["NotificationConfiguration"] = {"TopicArn": p["NotificationTopicArn"], "TopicStatus": "active"}
    if tls:
        # A member reports its group's mode: the provider reads it there.
        cluster["TransitEncryptionMode"] = p.get("TransitEncryptionMode") or "required"
    if engine == "memcached":
        cluster["ConfigurationEndpoint"] = {"Address": f"{name}.cfg.{domain(api)}", "Port": port}
    else:
        cluster["SnapshotRetentionLimit"] = int(p.get("SnapshotRetentionLimit") or 0)
        cluster["SnapshotWindow"] = p.get("SnapshotWindow") or "03:00-04:00"
    if group:
        cluster["ReplicationGroupId"] = group
    kept(api, "clusters")[name] = cluster
    tag(api, cluster, p)
    return cluster


@answers
def create_cache_cluster(self):
    p = self._get_params()
    name = p["CacheClusterId"]
    check_name("cluster-name", "CacheClusterId", name, 50)
    check_free("cluster-taken", "CacheClusterAlreadyExists", self, "clusters", name)
    check_place(self, p)
    if (p.get("Engine") or "").lower() == "valkey":
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html: Engine
        refuse("valkey-cluster", "InvalidParameterValue", "This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation.")
    return ActionResult({"CacheCluster": public(add_cluster(self, p, name))})


def _found(api, name):
    return found(api, "clusters", name, "CacheClusterNotFound", "Cache cluster")


@answers
def describe_cache_clusters(self):
    name = self._get_params().get("CacheClusterId")
    clusters = [_found(self, name)] if name else kept(self, "clusters").values()
    return ActionResult({"CacheClusters": [public(cluster) for cluster in clusters]})


def change(cluster, p):
    """The changes that ModifyCacheCluster, and ModifyReplicationGroup for each member, make at once."""
    for key in ("CacheNodeType", "PreferredMaintenanceWindow", "SnapshotWindow", "SnapshotRetentionLimit", "AutoMinorVersionUpgrade"):
        if key in p:
            cluster[key] = p[key]
    if p.get("EngineVersion"):
        cluster["Engine"] = (p.get("Engine") or cluster["Engine"]).lower()
        cluster["EngineVersion"] = full_version(cluster["Engine"], p["EngineVersion"])
    if "SecurityGroupIds" in p:
        cluster["SecurityGroups"] = [{"SecurityGroupId": g, "Status": "active"} for g in p["SecurityGroupIds"]]
    if "CacheParameterGroupName" in p:
        cluster["CacheParameterGroup"] = {"CacheParameterGroupName": p["CacheParameterGroupName"], "ParameterApplyStatus": "in-sync"}


def _renumber(api, cluster, p):
    count = int(p.get("NumCacheNodes") or cluster["NumCacheNodes"])
    nodes = cluster["CacheNodes"]
    for gone in p.get("CacheNodeIdsToRemove") or []:
        nodes = [node for node in nodes if node["CacheNodeId"] != gone]
    if count > len(nodes):
        more = _nodes(api, cluster["CacheClusterId"], count, cluster["_port"], zones(api, cluster), 0)
        nodes = nodes + more[len(nodes):]
    cluster["CacheNodes"], cluster["NumCacheNodes"] = nodes, len(nodes)


@answers
def modify_cache_cluster(self):
    p = self._get_params()
    cluster = _found(self, p["CacheClusterId"])
    change(cluster, p)
    _renumber(self, cluster, p)
    return ActionResult({"CacheCluster": public(cluster)})


@answers
def delete_cache_cluster(self):
    name = self._get_params()["CacheClusterId"]
    cluster = _found(self, name)
    if "ReplicationGroupId" in cluster:
        raise fault("InvalidCacheClusterState", f"Cache cluster {name} is serving as a member of replication group {cluster['ReplicationGroupId']} and cannot be deleted.")
    kept(self, "clusters").pop(name)
    return ActionResult({"CacheCluster": {**public(cluster), "CacheClusterStatus": "deleting"}})
