"""ElastiCache Serverless: caches without nodes, and their snapshots.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyServerlessCache.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ServerlessCache.html
"""
import datetime
import time

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends

from elasticache_serverless_refusals import MAJOR_VERSIONS, check_cache, check_change, check_snapshot_name
from elasticache_store import answers, arn, found, kept, public, tag
from rules import refuse

CACHES, SNAPSHOTS = "serverless caches", "serverless snapshots"
PORT, READER_PORT, MEMCACHED_PORT = 6379, 6380, 11211

# AWS takes minutes. Here a state lasts this long and until the next describe, so that a cache that is not yet described
# stays as it is.
STATE_SECONDS = 1


def found_cache(api, name):
    return found(api, CACHES, name.lower(), "ServerlessCacheNotFoundFault", "ServerlessCache")


def _begin(cache, status):
    cache["Status"], cache["_since"] = status, time.monotonic()


def _settle(api, cache):
    """Ends a state that has lasted long enough: a cache that is being deleted is gone."""
    if cache["Status"] == "available" or time.monotonic() - cache["_since"] < STATE_SECONDS:
        return
    if cache["Status"] == "deleting":
        kept(api, CACHES).pop(cache["ServerlessCacheName"], None)
    cache["Status"] = "available"


def _full_version(engine, major):
    return {"redis": "7.1", "memcached": "1.6.22"}.get(engine, f"{major}.{'2' if major == '7' else '0'}")


def _endpoint(api, name, port):
    return {"Address": f"{name}-abc123.serverless.{api.region}.cache.amazonaws.com", "Port": port}


def _default_groups(api, subnets):
    """Without groups it is the default group of the VPC."""
    ec2 = ec2_backends[api.current_account][api.region]
    vpcs = {ec2.get_subnet(subnet).vpc_id for subnet in subnets}
    return [group.id for vpc in vpcs for group in ec2.groups.get(vpc, {}).values() if group.name == "default"]


def _default_subnets(api):
    """One in each of up to three zones of the default VPC."""
    ec2 = ec2_backends[api.current_account][api.region]
    default = ec2.get_default_vpc()
    zones = {subnet.availability_zone: subnet.id for subnet in ec2.describe_subnets() if default and subnet.vpc_id == default.id}
    return [zones[zone] for zone in sorted(zones)][:3]


@answers
def create_serverless_cache(self):
    p = self._get_params()
    name, engine = p["ServerlessCacheName"].lower(), p["Engine"].lower()
    check_cache(self, p)
    major = str(p.get("MajorEngineVersion") or MAJOR_VERSIONS[engine][-1])
    subnets = list(p.get("SubnetIds") or _default_subnets(self))
    is_memcached = engine == "memcached"
    cache = {
        "ServerlessCacheName": name,
        # A space where none is given, seen in https://github.com/hashicorp/terraform-provider-aws/issues/45204
        "Description": p.get("Description") or " ",
        "CreateTime": datetime.datetime.now(datetime.timezone.utc), "Engine": engine, "MajorEngineVersion": major,
        "FullEngineVersion": _full_version(engine, major), "ARN": arn(self, "serverlesscache", name),
        "SecurityGroupIds": list(p.get("SecurityGroupIds") or _default_groups(self, subnets)), "SubnetIds": subnets,
        "Endpoint": _endpoint(self, name, MEMCACHED_PORT if is_memcached else PORT),
        "ReaderEndpoint": _endpoint(self, name, MEMCACHED_PORT + 1 if is_memcached else READER_PORT),
        "SnapshotRetentionLimit": int(p.get("SnapshotRetentionLimit") or 0),
        "DailySnapshotTime": p.get("DailySnapshotTime") or "11:30", "NetworkType": p.get("NetworkType") or "ipv4",
    }
    cache |= {key: p[key] for key in ("CacheUsageLimits", "KmsKeyId", "UserGroupId") if p.get(key)}
    _begin(cache, "creating")
    kept(self, CACHES)[name] = cache
    tag(self, cache, p)
    return ActionResult({"ServerlessCache": public(cache)})


@answers
def describe_serverless_caches(self):
    name = self._get_params().get("ServerlessCacheName")
    for cache in [found_cache(self, name)] if name else list(kept(self, CACHES).values()):
        _settle(self, cache)
    caches = [found_cache(self, name)] if name else kept(self, CACHES).values()
    return ActionResult({"ServerlessCaches": [public(cache) for cache in caches]})


def _require_available(cache):
    if cache["Status"] != "available":
        refuse("serverless-state", "InvalidServerlessCacheStateFault",
               f"Serverless cache {cache['ServerlessCacheName']} is not in available state, it is {cache['Status']}.")


@answers
def modify_serverless_cache(self):
    p = self._get_params()
    cache = found_cache(self, p["ServerlessCacheName"])
    _require_available(cache)
    check_change(self, cache, p)
    for key in ("Description", "CacheUsageLimits", "SecurityGroupIds", "SnapshotRetentionLimit", "DailySnapshotTime", "UserGroupId"):
        if key in p:
            cache[key] = p[key]
    if p.get("RemoveUserGroup"):
        cache.pop("UserGroupId", None)
    if "Engine" in p or "MajorEngineVersion" in p:
        cache["Engine"] = (p.get("Engine") or cache["Engine"]).lower()
        cache["MajorEngineVersion"] = str(p.get("MajorEngineVersion") or max(cache["MajorEngineVersion"], MAJOR_VERSIONS[cache["Engine"]][0]))
        cache["FullEngineVersion"] = _full_version(cache["Engine"], cache["MajorEngineVersion"])
    _begin(cache, "modifying")
    return ActionResult({"ServerlessCache": public(cache)})


def _snapshot(api, cache, name):
    configuration = {key: cache[key] for key in ("ServerlessCacheName", "Engine", "MajorEngineVersion")}
    snapshot = {"ServerlessCacheSnapshotName": name, "ARN": arn(api, "serverlesscachesnapshot", name), "Status": "available",
                "SnapshotType": "manual", "CreateTime": datetime.datetime.now(datetime.timezone.utc),
                "ServerlessCacheConfiguration": configuration}
    kept(api, SNAPSHOTS)[name] = snapshot
    return snapshot


@answers
def create_serverless_cache_snapshot(self):
    p = self._get_params()
    cache, name = found_cache(self, p["ServerlessCacheName"]), p["ServerlessCacheSnapshotName"].lower()
    _require_available(cache)
    check_snapshot_name(self, name)
    snapshot = _snapshot(self, cache, name)
    tag(self, snapshot, p)
    return ActionResult({"ServerlessCacheSnapshot": snapshot})


@answers
def describe_serverless_cache_snapshots(self):
    p = self._get_params()
    cache, name = p.get("ServerlessCacheName"), p.get("ServerlessCacheSnapshotName")
    if name:
        return ActionResult({"ServerlessCacheSnapshots": [
            found(self, SNAPSHOTS, name.lower(), "ServerlessCacheSnapshotNotFoundFault", "ServerlessCacheSnapshot"),
        ]})
    snapshots = [s for s in kept(self, SNAPSHOTS).values()
                 if cache in (None, s["ServerlessCacheConfiguration"]["ServerlessCacheName"])]
    return ActionResult({"ServerlessCacheSnapshots": snapshots})


@answers
def delete_serverless_cache(self):
    p = self._get_params()
    cache = found_cache(self, p["ServerlessCacheName"])
    _require_available(cache)
    if p.get("FinalSnapshotName"):
        check_snapshot_name(self, p["FinalSnapshotName"].lower())
        _snapshot(self, cache, p["FinalSnapshotName"].lower())
    _begin(cache, "deleting")
    return ActionResult({"ServerlessCache": public(cache)})
