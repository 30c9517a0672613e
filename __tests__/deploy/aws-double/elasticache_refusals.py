"""What CreateReplicationGroup refuses.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
"""
import re

from elasticache_clusters import subnets_of
from elasticache_offers import FAMILIES_OF
from elasticache_store import check_free, check_name, kept
from rules import fault, refuse

_COMBINATION, _VALUE = "InvalidParameterCombination", "InvalidParameterValue"


def check_group(api, p, nodes, clustered):
    name = p["ReplicationGroupId"]
    check_name("group-name", "ReplicationGroupId", name, 40)
    check_free("group-taken", "ReplicationGroupAlreadyExists", api, "replication groups", name)
    family = _family(p)
    _check_parameters(api, p, clustered, family)
    _check_failover(p, nodes, clustered)
    _check_access(api, p)
    _check_network_type(api, p)
    if not re.fullmatch(r"cache\.[a-z0-9]+\.[a-z0-9]+", p.get("CacheNodeType") or ""):
        refuse("node-type", _VALUE, f"The parameter CacheNodeType is not valid: {p.get('CacheNodeType')}")


def _family(p):
    engine, version = (p.get("Engine") or "redis").lower(), p.get("EngineVersion")
    if version and version not in FAMILIES_OF.get(engine, {}):
        refuse("engine-version", _COMBINATION, f"Cannot find version {version} for {engine}")
    return FAMILIES_OF.get(engine, {}).get(version)


def _check_parameters(api, p, clustered, family):
    name = p.get("CacheParameterGroupName")
    if not name or name.startswith("default."):
        return
    group = kept(api, "parameter groups").get(name)
    if group is None:
        raise fault("CacheParameterGroupNotFound", f"CacheParameterGroup {name} not found.")
    if family and group["CacheParameterGroupFamily"] != family:
        refuse("family-of-engine", _COMBINATION, f"Expected a parameter group of family {family} but found one of family {group['CacheParameterGroupFamily']}")
    enabled = group["_values"].get("cluster-enabled") == "yes"
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html: cluster-enabled
    if clustered and not enabled:
        refuse("cluster-parameter", _COMBINATION, "Use of cache parameter group without cluster-enabled=yes is not allowed in cluster mode.")
    if enabled and not clustered and p.get("NumNodeGroups") is None:
        refuse("cluster-parameter-alone", _COMBINATION, "Use of cache parameter group with cluster-enabled=yes needs cluster mode.")


def _check_failover(p, nodes, clustered):
    failover = bool(p.get("AutomaticFailoverEnabled"))
    if failover and nodes < 2 and not clustered:
        refuse("failover-alone", _VALUE, "Automatic failover is not supported for a replication group of one node.")
    if clustered and not failover:
        refuse("cluster-failover", _VALUE, "Redis with cluster mode enabled cannot be created with auto failover turned off.")
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
    if p.get("MultiAZEnabled") and not (failover and nodes > 1):
        refuse("multi-az", _COMBINATION, "Multi-AZ needs automatic failover and at least one replica.")


def _check_access(api, p):
    token, groups, tls = p.get("AuthToken"), p.get("UserGroupIds") or [], bool(p.get("TransitEncryptionEnabled"))
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    if token and groups:
        refuse("token-and-group", _COMBINATION, "AuthToken and UserGroupIds cannot be given together.")
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
    if token and not tls:
        refuse("token-tls", _COMBINATION, "AuthToken needs TransitEncryptionEnabled.")
    if token and not re.fullmatch(r"[A-Za-z0-9!&#$^<>-]{16,128}", token):
        refuse("token-text", _VALUE, "AuthToken: 16 to 128 printable characters, of the others only ! & # $ ^ < > -.")
    for name in groups:
        group = kept(api, "user groups").get(name)
        if group is None:
            raise fault("UserGroupNotFound", f"UserGroup {name} not found.")
        users = [api.elasticache_backend.users[user] for user in group["UserIds"]]
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
        if not tls and any(user.authentication_type == "iam" for user in users):
            refuse("iam-tls", _COMBINATION, "IAM authentication needs TransitEncryptionEnabled.")
        elif not tls:
            refuse("group-tls", _COMBINATION, "UserGroupIds needs TransitEncryptionEnabled.")
        # A Valkey cache takes groups of either engine, a Redis cache only those of its own.
        if (p.get("Engine") or "redis").lower() == "redis" and group["Engine"] != "redis":
            refuse("group-engine", _COMBINATION, f"User group {name} of engine {group['Engine']} cannot be used by engine redis.")


def _check_network_type(api, p):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/network-type.html"""
    kind, discovery = p.get("NetworkType") or "ipv4", p.get("IpDiscovery")
    if kind == "dual_stack" and discovery is None:
        refuse("dual-stack-discovery", _COMBINATION, "IpDiscovery is required for NetworkType dual_stack.")
    if kind != "dual_stack" and (discovery or kind) != kind:
        refuse("discovery-of-network-type", _COMBINATION, f"IpDiscovery {discovery} is not supported for NetworkType {kind}.")
    lacking = [] if kind == "ipv4" else [s.id for s in subnets_of(api, p) if not s.ipv6_cidr_block_associations]
    if lacking:
        refuse("dual-stack-subnets", _COMBINATION, f"NetworkType {kind} is not supported by subnets {', '.join(lacking)}, which have no IPv6 CIDR.")
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html
    if kind != "ipv4" and re.match(r"cache\.(t2|[mr][34])\.", p.get("CacheNodeType") or ""):
        refuse("dual-stack-nitro", _COMBINATION, f"NetworkType {kind} is not supported for {p['CacheNodeType']}.")
