"""Security groups: in use they stay, and a rule keeps its description.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
"""
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups
from moto.elbv2.models import elbv2_backends

from elasticache_store import backend_of, kept_by
from rules import refuse_ec2, wrap
from vpcs import live_interfaces


def _interfaces(ec2, group):
    """The owners of network interfaces in the group; in moto, ElastiCache and Elastic Load Balancing have none."""
    account, region = ec2.account_id, ec2.region_name
    for interface in live_interfaces(ec2):
        if any(member.id == group for member in interface.group_set):
            yield interface.id
    for reservation in ec2.reservations.values():
        for instance in reservation.instances:
            if instance.state != "terminated" and any(member.id == group for member in instance.security_groups):
                yield instance.id
    for endpoint in ec2.vpc_end_points.values():
        if endpoint.state != "deleted" and group in (endpoint.security_group_ids or []):
            yield endpoint.id
    for cluster in kept_by(backend_of(account, region), "clusters").values():
        if any(member["SecurityGroupId"] == group for member in cluster["SecurityGroups"]):
            yield cluster["CacheClusterId"]
    for cache in kept_by(backend_of(account, region), "serverless caches").values():
        if group in cache["SecurityGroupIds"]:
            yield cache["ServerlessCacheName"]
    for balancer in elbv2_backends[account][region].load_balancers.values():
        if group in (balancer.security_groups or []):
            yield balancer.name


def _referring(ec2, group):
    """Other groups with a rule that names this one."""
    for groups in ec2.groups.values():
        for other in groups.values():
            if other.id != group and any((rule.source_group or {}).get("GroupId") == group for rule in other.ingress_rules + other.egress_rules):
                yield other.id


@wrap(SecurityGroups, "delete_security_group")
def delete_security_group(delete, self):
    name = self._get_param("GroupId")
    group = self.ec2_backend.get_security_group_from_id(name)
    if group is not None:
        if group.name == "default":
            refuse_ec2("default-security-group", "CannotDelete", f"the specified group: \"{name}\" name: \"default\" cannot be deleted by a user")
        users = [*_interfaces(self.ec2_backend, name), *_referring(self.ec2_backend, name)]
        if users:
            refuse_ec2("security-group-in-use", "DependencyViolation", f"resource {name} has a dependent object: {', '.join(users)}")
    return delete(self)


@wrap(SecurityGroupRule, "__init__")
def rule(make, self, *args, **kwargs):
    """moto keeps the id of a prefix list and drops its description."""
    make(self, *args, **kwargs)
    prefix_list = kwargs.get("prefix_list_id") or (args[7] if len(args) > 7 else None)
    self._prefix_list_description = (prefix_list or {}).get("Description")


def _description(self):
    return self.ip_range.get("Description") or (self.source_group or {}).get("Description") or self._prefix_list_description


def _without_description(pair):
    return {key: value for key, value in (pair or {}).items() if key != "Description"}


SecurityGroupRule.description = property(_description)


@wrap(SecurityGroupRule, "__eq__")
def same_rule(same, self, other):
    """A description makes no other rule: InvalidPermission.Duplicate is answered without regard to it.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
    """
    if _without_description(self.source_group) != _without_description(other.source_group):
        return False
    mine, theirs = self.source_group, other.source_group
    self.source_group = other.source_group = None
    try:
        return same(self, other)
    finally:
        self.source_group, other.source_group = mine, theirs
