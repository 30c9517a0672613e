"""ElastiCache parameter groups.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html
"""
from moto.core.responses import ActionResult, EmptyResult

from elasticache_store import answers, arn, check_free, check_name, found, kept, public, tag
from rules import refuse

# https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CacheParameterGroup.html
FAMILIES = ("memcached1.4", "memcached1.5", "memcached1.6", "redis2.6", "redis2.8", "redis3.2", "redis4.0", "redis5.0")
FAMILIES += ("redis6.x", "redis7", "valkey7", "valkey8", "valkey9")

# The parameters that our stacks set, each with the engine's default, and a few neighbours. Any other parameter is
# refused: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
_REDIS = {
    "activedefrag": "no", "appendonly": "no", "close-on-replica-write": "yes",
    "cluster-allow-reads-when-down": "no", "cluster-enabled": "no", "cluster-require-full-coverage": "no",
    "hash-max-listpack-entries": "512", "lazyfree-lazy-eviction": "no", "lazyfree-lazy-expire": "no",
    "lazyfree-lazy-server-del": "no", "lfu-decay-time": "1", "lfu-log-factor": "10", "maxclients": "65000",
    "maxmemory-policy": "volatile-lru", "maxmemory-samples": "3", "notify-keyspace-events": "",
    "reserved-memory-percent": "25", "slowlog-log-slower-than": "10000", "slowlog-max-len": "128",
    "tcp-keepalive": "300", "timeout": "0", "tracking-table-max-keys": "1000000",
}
_MEMCACHED = {
    "chunk_size": "48", "idle_timeout": "0", "max_item_size": "1048576", "max_simultaneous_connections": "65000",
    "maxconns_fast": "0", "memcached_connections_overhead": "100", "slab_automove": "0",
}


# Valkey 8 removed the lazyfree parameters, and added others.
_VALKEY_8 = {name: value for name, value in _REDIS.items() if not name.startswith("lazyfree-")}
_VALKEY_8 |= {"commandlog-reply-larger-than": "1048576", "extended-redis-compatibility": "yes"}
# "Modifiable: No" on the same page.
_FIXED = ("appendonly", "cluster-databases", "maxclients")


def defaults(family):
    if family.startswith("memcached"):
        return _MEMCACHED
    return _VALKEY_8 if family in ("valkey8", "valkey9") else _REDIS


def using(api, parameter_group):
    """Names of the caches that use a parameter group."""
    groups = [g["ReplicationGroupId"] for g in kept(api, "replication groups").values() if g["_parameters"] == parameter_group]
    clusters = kept(api, "clusters").values()
    return groups + [c["CacheClusterId"] for c in clusters if c["CacheParameterGroup"]["CacheParameterGroupName"] == parameter_group]


def _found(api, name):
    return found(api, "parameter groups", name, "CacheParameterGroupNotFound", "CacheParameterGroup")


@answers
def create_cache_parameter_group(self):
    p = self._get_params()
    name, family = p["CacheParameterGroupName"], p["CacheParameterGroupFamily"]
    check_name("parameter-group-name", "CacheParameterGroupName", name.replace(".", "-"), 255)
    check_free("parameter-group-taken", "CacheParameterGroupAlreadyExists", self, "parameter groups", name)
    if family not in FAMILIES:
        refuse("parameter-group-family", "InvalidParameterValue", f"CacheParameterGroupFamily {family} is not a valid parameter group family.")
    group = {"CacheParameterGroupName": name, "CacheParameterGroupFamily": family, "Description": p.get("Description", ""),
             "IsGlobal": False, "ARN": arn(self, "parametergroup", name), "_values": {}}
    kept(self, "parameter groups")[name] = group
    tag(self, group, p)
    return ActionResult({"CacheParameterGroup": public(group)})


@answers
def describe_cache_parameter_groups(self):
    name = self._get_params().get("CacheParameterGroupName")
    groups = [_found(self, name)] if name else kept(self, "parameter groups").values()
    return ActionResult({"CacheParameterGroups": [public(group) for group in groups]})


@answers
def describe_cache_parameters(self):
    p = self._get_params()
    group = _found(self, p["CacheParameterGroupName"])
    own = [(name, value, "user") for name, value in group["_values"].items()]
    if p.get("Source") != "user":
        rest = defaults(group["CacheParameterGroupFamily"])
        own += [(name, value, "system") for name, value in rest.items() if name not in group["_values"]]
    keys = ("ParameterName", "ParameterValue", "Source")
    return ActionResult({"Parameters": [{**dict(zip(keys, row)), "IsModifiable": True} for row in own]})


@answers
def modify_cache_parameter_group(self):
    p = self._get_params()
    group = _found(self, p["CacheParameterGroupName"])
    for parameter in p.get("ParameterNameValues", []):
        name = parameter["ParameterName"]
        if name not in defaults(group["CacheParameterGroupFamily"]):
            refuse("parameter-unknown", "InvalidParameterValue", f"The parameter {name} cannot be found in family {group['CacheParameterGroupFamily']}.")
        if name in _FIXED:
            refuse("parameter-fixed", "InvalidParameterValue", f"The parameter {name} cannot be modified.")
        group["_values"][name] = parameter.get("ParameterValue", "")
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


@answers
def reset_cache_parameter_group(self):
    p = self._get_params()
    group = _found(self, p["CacheParameterGroupName"])
    if p.get("ResetAllParameters"):
        group["_values"].clear()
    for parameter in p.get("ParameterNameValues", []):
        group["_values"].pop(parameter["ParameterName"], None)
    return ActionResult({"CacheParameterGroupName": group["CacheParameterGroupName"]})


@answers
def delete_cache_parameter_group(self):
    name = self._get_params()["CacheParameterGroupName"]
    _found(self, name)
    users = using(self, name)
    if users:
        refuse("parameter-group-in-use", "InvalidCacheParameterGroupState",
               f"One or more cache clusters are still members of this parameter group {name}, so the group cannot be deleted: {', '.join(users)}")
    kept(self, "parameter groups").pop(name)
    return EmptyResult()
