"""The cluster mode of a replication group, changed in place.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html
https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html: ClusterMode
"""
from elasticache_clusters import domain
from elasticache_store import kept
from rules import refuse

_COMBINATION, _VALUE, _STATE = "InvalidParameterCombination", "InvalidParameterValue", "InvalidReplicationGroupState"
_STEPS = {("disabled", "compatible"), ("compatible", "enabled"), ("compatible", "disabled")}
# A request that changes the mode changes nothing else, beside the parameter group.
_BESIDE = {"ReplicationGroupId", "ClusterMode", "CacheParameterGroupName", "ApplyImmediately"}
_SCALING = {"CacheNodeType", "Engine", "EngineVersion"}


def _cluster_enabled(api, name):
    group = kept(api, "parameter groups").get(name)
    values = group["_values"] if group else {"cluster-enabled": "yes" if (name or "").endswith(".cluster.on") else "no"}
    return values.get("cluster-enabled") == "yes"


def check_scalable(group):
    """Shards, replicas, node types and engines are changed in the modes disabled and enabled alone."""
    if group["ClusterMode"] == "compatible":
        refuse("compatible-scaling", _STATE, "Scaling and engine version modifications are not allowed while cluster mode is compatible.")


def check_mode(api, group, p):
    was, wanted = group["ClusterMode"], p.get("ClusterMode") or group["ClusterMode"]
    parameters = p.get("CacheParameterGroupName") or group["_parameters"]
    if was == wanted:
        if _SCALING & p.keys():
            check_scalable(group)
        # The text is from https://github.com/hashicorp/terraform-provider-aws/issues/35636
        if _cluster_enabled(api, parameters) != _cluster_enabled(api, group["_parameters"]):
            refuse("mode-of-parameters", _COMBINATION, "The parameter cluster-enabled has a different value in the requested parameter group than the current parameter group. This parameter value cannot be changed for a cache cluster.")
        return
    if (was, wanted) not in _STEPS:
        refuse("mode-step", _VALUE, f"Cluster mode cannot be changed from {was} to {wanted}.")
    others = sorted(p.keys() - _BESIDE)
    if others:
        refuse("mode-alone", _COMBINATION, f"Cluster mode cannot be modified together with {', '.join(others)}.")
    if wanted == "compatible" and (group["AutomaticFailover"] != "enabled" or len(group["MemberClusters"]) < 2):
        refuse("mode-failover", _COMBINATION, "Cluster mode compatible needs automatic failover and at least one replica.")
    if _cluster_enabled(api, parameters) != (wanted != "disabled"):
        refuse("mode-parameters", _COMBINATION, f"Cluster mode {wanted} needs a parameter group with cluster-enabled={'no' if wanted == 'disabled' else 'yes'}.")


def change_mode(api, group, wanted):
    """The ids of the nodes stay: AWS documents no other ones. Mode enabled has no endpoint of one primary any more."""
    group["ClusterMode"], group["ClusterEnabled"] = wanted, wanted != "disabled"
    [node_group] = group["NodeGroups"]
    name = group["ReplicationGroupId"]
    port = kept(api, "clusters")[group["MemberClusters"][0]]["_port"]
    if wanted == "disabled":
        group.pop("ConfigurationEndpoint")
        node_group.pop("Slots")
        return
    group["ConfigurationEndpoint"] = {"Address": f"clustercfg.{name}.{domain(api)}", "Port": port}
    node_group["Slots"] = "0-16383"
    if wanted == "enabled":
        for key in ("PrimaryEndpoint", "ReaderEndpoint"):
            node_group.pop(key, None)
        for member in node_group["NodeGroupMembers"]:
            member.pop("ReadEndpoint", None)
            member.pop("CurrentRole", None)
