"""ElastiCache subnet groups.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyCacheSubnetGroup.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DeleteCacheSubnetGroup.html
"""
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.elasticache.models import CacheSubnetGroup

from elasticache_store import answers, kept
from rules import fault, refuse


def _found(api, name):
    group = api.elasticache_backend.cache_subnet_groups.get(name)
    if group is None:
        raise fault("CacheSubnetGroupNotFoundFault", f"CacheSubnetGroup {name} not found.")
    return group


def _zones_in_use(api, name):
    clusters = (cluster for cluster in kept(api, "clusters").values() if cluster["CacheSubnetGroupName"] == name)
    return {node["CustomerAvailabilityZone"] for cluster in clusters for node in cluster["CacheNodes"]}


@answers
def modify_cache_subnet_group(self):
    """A subnet that a node is in cannot leave its group.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.Modifying.html
    """
    p = self._get_params()
    group = _found(self, p["CacheSubnetGroupName"])
    ids = p.get("SubnetIds") or group.subnet_ids
    removed = [subnet for subnet in group.subnet_ids if subnet not in ids]
    in_use = _zones_in_use(self, group.cache_subnet_group_name)
    for subnet in ec2_backends[self.current_account][self.region].describe_subnets(subnet_ids=removed) if removed else []:
        if subnet.availability_zone in in_use:
            refuse("subnet-of-group-in-use", "SubnetInUse", f"The subnet ID {subnet.id} is in use by a cache node.")
    description = p.get("CacheSubnetGroupDescription") or group.cache_subnet_group_description
    changed = CacheSubnetGroup(self.current_account, self.region, group.cache_subnet_group_name, description, list(ids), group.tags)
    self.elasticache_backend.cache_subnet_groups[group.cache_subnet_group_name] = changed
    return ActionResult({"CacheSubnetGroup": changed})


@answers
def delete_cache_subnet_group(self):
    name = self._get_params()["CacheSubnetGroupName"]
    groups = self.elasticache_backend.cache_subnet_groups
    _found(self, name)
    users = [c["CacheClusterId"] for c in kept(self, "clusters").values() if c["CacheSubnetGroupName"] == name]
    if users:
        refuse("subnet-group-in-use", "CacheSubnetGroupInUse", f"Cache subnet group {name} is currently in use by a cache cluster: {', '.join(users)}")
    groups.pop(name)
    return EmptyResult()
