"""What ElastiCache offers: engine versions, node types, and service updates.

https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheEngineVersions.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeReservedCacheNodesOfferings.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeUpdateActions.html
"""
from datetime import datetime, timezone

from moto.core.responses import ActionResult

from elasticache_store import answers, kept

# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
FAMILIES_OF = {
    "redis": {"4.0.10": "redis4.0", "5.0.6": "redis5.0", "6.0": "redis6.x", "6.2": "redis6.x", "7.0": "redis7", "7.1": "redis7"},
    "valkey": {"7.2": "valkey7", "8.0": "valkey8", "8.1": "valkey8", "8.2": "valkey8", "9.0": "valkey9", "9.1": "valkey9"},
    "memcached": {"1.5.16": "memcached1.5", "1.6.6": "memcached1.6", "1.6.12": "memcached1.6", "1.6.17": "memcached1.6", "1.6.22": "memcached1.6"},
}

# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.SupportedTypes.html: T2 is not sold any more.
_BURSTABLE = ("micro", "small", "medium")
_INTEL = ("large", "xlarge", "2xlarge", "4xlarge", "12xlarge", "24xlarge")
_GRAVITON = ("large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge")
_SIZES = {"t3": _BURSTABLE, "t4g": _BURSTABLE, "m5": _INTEL, "r5": _INTEL, "r6gd": _GRAVITON[1:]}
_SIZES |= {family: _GRAVITON for family in ("m6g", "m7g", "m8g", "r6g", "r7g", "r8g", "c7gn", "c8gn")}
_PAYMENTS = ("No Upfront", "Partial Upfront", "All Upfront")
_YEAR = 365 * 24 * 60 * 60

# One that waits on caches of Redis OSS 7.0, and on no other.
_UPDATE = {
    "ServiceUpdateName": "elasticache-redis-7-0-security-20261015", "ServiceUpdateSeverity": "important",
    "ServiceUpdateType": "security-update", "ServiceUpdateReleaseDate": datetime(2026, 10, 15, tzinfo=timezone.utc),
    "ServiceUpdateRecommendedApplyByDate": datetime(2026, 11, 15, tzinfo=timezone.utc), "Engine": "redis",
}
_WAITS_ON = ("redis", "7.0.0")


@answers
def describe_cache_engine_versions(self):
    p = self._get_params()
    found = [
        {"Engine": engine, "EngineVersion": version, "CacheParameterGroupFamily": family,
         "CacheEngineDescription": engine, "CacheEngineVersionDescription": f"{engine} version {version}"}
        for engine, versions in FAMILIES_OF.items()
        for version, family in versions.items()
        if p.get("Engine") in (None, engine) and p.get("EngineVersion") in (None, version)
        and p.get("CacheParameterGroupFamily") in (None, family)
    ]
    return ActionResult({"CacheEngineVersions": found})


@answers
def describe_reserved_cache_nodes_offerings(self):
    p = self._get_params()
    types = [f"cache.{family}.{size}" for family, sizes in _SIZES.items() for size in sizes]
    found = [
        {"ReservedCacheNodesOfferingId": f"{node}-{years}-{payment}".lower().replace(" ", "-"), "CacheNodeType": node,
         "Duration": years * _YEAR, "FixedPrice": 0.0, "UsagePrice": 0.0, "ProductDescription": "redis", "OfferingType": payment}
        for node in types if p.get("CacheNodeType") in (None, node)
        for years in (1, 3) for payment in _PAYMENTS
    ]
    return ActionResult({"ReservedCacheNodesOfferings": found})


def _updated(group):
    return {"ReplicationGroupId": group["ReplicationGroupId"], **_UPDATE, "ServiceUpdateStatus": "available",
            "UpdateActionStatus": group.get("_update", "not-applied"), "SlaMet": "n/a"}


@answers
def describe_update_actions(self):
    p = self._get_params()
    wanted, clusters = p.get("ReplicationGroupIds"), kept(self, "clusters")
    groups = [] if p.get("CacheClusterIds") else kept(self, "replication groups").values()
    def engine_of(group):
        return clusters[group["MemberClusters"][0]]

    found = [
        _updated(group) for group in groups
        if (not wanted or group["ReplicationGroupId"] in wanted)
        and (engine_of(group)["Engine"], engine_of(group)["EngineVersion"]) == _WAITS_ON
    ]
    return ActionResult({"UpdateActions": found})


@answers
def batch_apply_update_action(self):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_BatchApplyUpdateAction.html"""
    p = self._get_params()
    processed = []
    for name in p.get("ReplicationGroupIds") or []:
        kept(self, "replication groups")[name]["_update"] = "complete"
        processed.append({"ReplicationGroupId": name, "ServiceUpdateName": p["ServiceUpdateName"], "UpdateActionStatus": "complete"})
    return ActionResult({"ProcessedUpdateActions": processed, "UnprocessedUpdateActions": []})
