"""What ElastiCache Serverless refuses.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyServerlessCache.html
"""
import re

from moto.ec2.models import ec2_backends

from elasticache_store import check_free, check_name, kept
from rules import fault, refuse

_COMBINATION, _VALUE = "InvalidParameterCombination", "InvalidParameterValue"

# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
MAJOR_VERSIONS = {"redis": ["7"], "valkey": ["7", "8", "9"], "memcached": ["1.6"]}

# https://github.com/aws/aws-cdk/blob/main/packages/@aws-cdk/aws-elasticache-alpha/lib/serverless-cache.ts
_STORAGE_GB = (1, 5000)
_ECPUS = (1000, 15_000_000)
LONGEST_NAME, LONGEST_DESCRIPTION, LONGEST_RETENTION = 40, 255, 35


def check_cache(api, p):
    name, engine = p["ServerlessCacheName"], p["Engine"].lower()
    check_name("serverless-name", "ServerlessCacheName", name, LONGEST_NAME)
    check_free("serverless-taken", "ServerlessCacheAlreadyExistsFault", api, "serverless caches", name.lower())
    check_engine(engine, p.get("MajorEngineVersion"))
    _check_values(p)
    _check_subnets(api, p)
    check_security_groups(api, p)
    check_user_group(api, engine, p.get("UserGroupId"))
    for source in p.get("SnapshotArnsToRestore") or []:
        if source.split(":")[-1] not in kept(api, "serverless snapshots"):
            raise fault(_VALUE, f"Snapshot {source} not found.")


def check_engine(engine, version):
    versions = MAJOR_VERSIONS.get(engine)
    if versions is None:
        raise fault(_VALUE, f"Invalid engine {engine}: takes {', '.join(MAJOR_VERSIONS)}.")
    if version and str(version) not in versions:
        refuse("serverless-version", _VALUE, f"MajorEngineVersion {version} is not one of {engine}: {', '.join(versions)}.")


def _check_values(p):
    """The values that a cache is created with and that ModifyServerlessCache changes."""
    description = p.get("Description") or ""
    if len(description) > LONGEST_DESCRIPTION:
        refuse("serverless-description", _VALUE, f"Description: at most {LONGEST_DESCRIPTION} characters, got {len(description)}.")
    if not 0 <= int(p.get("SnapshotRetentionLimit") or 0) <= LONGEST_RETENTION:
        refuse("serverless-retention", _VALUE, f"SnapshotRetentionLimit: 0 to {LONGEST_RETENTION} days, got {p['SnapshotRetentionLimit']}.")
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticache-serverlesscache.html
    if p.get("DailySnapshotTime") and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", p["DailySnapshotTime"]):
        refuse("serverless-snapshot-time", _VALUE, f"DailySnapshotTime: HH:MM in UTC, got {p['DailySnapshotTime']}.")
    limits = p.get("CacheUsageLimits") or {}
    _check_limit("DataStorage", limits.get("DataStorage") or {}, _STORAGE_GB)
    _check_limit("ECPUPerSecond", limits.get("ECPUPerSecond") or {}, _ECPUS)


def _check_limit(what, limit, bounds):
    least, most = bounds
    values = {key: int(limit[key]) for key in ("Minimum", "Maximum") if limit.get(key) is not None}
    for key, value in values.items():
        if not least <= value <= most:
            refuse("serverless-limit", _VALUE, f"{what}.{key}: {least} to {most}, got {value}.")
    if len(values) == 2 and values["Minimum"] > values["Maximum"]:
        refuse("serverless-limits", _COMBINATION, f"{what}: Minimum {values['Minimum']} is above Maximum {values['Maximum']}.")


def _check_subnets(api, p):
    """All of one VPC. AWS' own choice is three subnets in as many zones, in us-west-1 two; it documents no other number.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ServerlessCache.html
    """
    ids = p.get("SubnetIds")
    if not ids:
        return
    ec2 = ec2_backends[api.current_account][api.region]
    subnets = [ec2.get_subnet(subnet) for subnet in ids]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        refuse("serverless-vpcs", _VALUE, f"Subnets are not of one VPC: {', '.join(ids)}")
    if not 2 <= len(ids) <= 3:
        refuse("serverless-subnets", _VALUE, f"SubnetIds: 2 or 3 subnets, got {len(ids)}.")
    if len({subnet.availability_zone for subnet in subnets}) < len(ids):
        refuse("serverless-zones", _VALUE, f"Subnets are not each of another zone: {', '.join(ids)}")


def check_security_groups(api, p):
    ec2 = ec2_backends[api.current_account][api.region]
    for group in p.get("SecurityGroupIds") or []:
        if ec2.get_security_group_from_id(group) is None:
            refuse("serverless-security-group", _VALUE, f"Some security groups are unknown or not allowed: {group}")


def check_user_group(api, engine, name):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html"""
    if not name:
        return
    group = kept(api, "user groups").get(name)
    if group is None:
        raise fault("UserGroupNotFound", f"UserGroup {name} not found.")
    if engine == "memcached":
        refuse("serverless-memcached-group", _COMBINATION, "UserGroupId is available for Valkey and Redis OSS only.")
    if engine == "redis" and group["Engine"] != "redis":
        refuse("serverless-group-engine", _COMBINATION, f"User group {name} of engine {group['Engine']} cannot be used by engine redis.")


# A change is of one of these: https://github.com/hashicorp/terraform-provider-aws/issues/43862
_FIELDS = (
    ("Description",), ("CacheUsageLimits",), ("UserGroupId", "RemoveUserGroup"), ("SecurityGroupIds",),
    ("SnapshotRetentionLimit",), ("DailySnapshotTime",), ("Engine", "MajorEngineVersion"),
)


def check_change(api, cache, p):
    changed = [names for names in _FIELDS if any(p.get(name) is not None for name in names)]
    if not changed:
        # Seen in https://github.com/hashicorp/terraform-provider-aws/issues/42766
        refuse("serverless-no-change", _COMBINATION, "No modifications were requested")
    if len(changed) > 1:
        refuse("serverless-one-field", _COMBINATION, "Serverless Cache modifications only support modifying one field per request.")
    _check_values(p)
    check_security_groups(api, p)
    _check_upgrade(cache, p)
    check_user_group(api, cache["Engine"], p.get("UserGroupId"))


def _check_upgrade(cache, p):
    engine, version = p.get("Engine"), p.get("MajorEngineVersion")
    if engine and engine.lower() != cache["Engine"] and (cache["Engine"], engine.lower()) != ("redis", "valkey"):
        # Quoted in the provider: https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/elasticache/serverless_cache.go
        refuse("serverless-engine", _COMBINATION, "This API supports only cross-engine upgrades to Valkey engine currently.")
    check_engine((engine or cache["Engine"]).lower(), version)
    if version and float(version) < float(cache["MajorEngineVersion"]):
        refuse("serverless-downgrade", _COMBINATION, f"MajorEngineVersion {version} is below {cache['MajorEngineVersion']}.")


def check_snapshot_name(api, name):
    if name in kept(api, "serverless snapshots"):
        refuse("serverless-snapshot-taken", "ServerlessCacheSnapshotAlreadyExistsFault", f"Snapshot {name} already exists.")
