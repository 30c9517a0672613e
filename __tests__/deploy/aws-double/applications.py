"""ECS services and Application Auto Scaling."""
import json
from enum import Enum

from moto.applicationautoscaling import models, responses
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.ecs.responses import EC2ContainerServiceResponse

from rules import wrap

# Members of DescribeServices' answer that moto leaves out. An empty networkConfiguration makes the provider panic.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
# https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ecs/service.go: flattenNetworkConfiguration
_KEPT = {
    "deploymentConfiguration": "deployment_configuration", "placementStrategy": "placement_strategy",
    "placementConstraints": "placement_constraints", "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableECSManagedTags": "enable_ecs_managed_tags", "enableExecuteCommand": "enable_execute_command",
    "capacityProviderStrategy": "capacity_provider_strategy", "networkConfiguration": "network_configuration",
    "platformVersion": "platform_version",
}


def _keep(answer, p):
    service = getattr(answer, "_result", None) or answer.result
    service = service["service"]
    before = getattr(service, "deployment_configuration", None) or {}
    for key, attribute in _KEPT.items():
        if key in p:
            setattr(service, attribute, p[key])
            setattr(service, key, p[key])
    # An update changes the members that it names, and the provider names those that differ.
    deployment = {"maximumPercent": 200, "minimumHealthyPercent": 100, **before, **(getattr(service, "deployment_configuration", None) or {})}
    service.deployment_configuration = service.deploymentConfiguration = deployment
    rebalancing = p.get("availabilityZoneRebalancing") or getattr(service, "availability_zone_rebalancing", None)
    service.availability_zone_rebalancing = rebalancing or "DISABLED"
    service.network_configuration = service.network_configuration or None
    if service.launch_type == "FARGATE":
        service.platform_version = service.platform_version or "LATEST"
    return answer


@wrap(EC2ContainerServiceResponse, "create_service")
def create_service(create, self):
    return _keep(create(self), self._get_params())


@wrap(EC2ContainerServiceResponse, "update_service")
def update_service(update, self):
    return _keep(update(self), self._get_params())


def _extend(name, **more):
    """Adds members to one of moto's enumerations, which are closed."""
    members = {member.name: member.value for member in getattr(models, name)}
    for module in (models, responses):
        setattr(module, name, Enum(name, {**members, **more}))


# moto lacks ElastiCache among the services that scale.
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
_extend("ServiceNamespaceValueSet", ELASTICACHE="elasticache")
_extend(
    "ScalableDimensionValueSet",
    ELASTICACHE_NODE_GROUPS="elasticache:replication-group:NodeGroups",
    ELASTICACHE_REPLICAS="elasticache:replication-group:Replicas",
)

# Tags of scalable targets: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ListTagsForResource.html
_TAGS = {}


def _list_tags(self):
    return json.dumps({"Tags": _TAGS.get(self._get_param("ResourceARN"), {})})


def _tag(self):
    _TAGS.setdefault(self._get_param("ResourceARN"), {}).update(self._get_param("Tags") or {})
    return json.dumps({})


def _untag(self):
    for key in self._get_param("TagKeys") or []:
        _TAGS.get(self._get_param("ResourceARN"), {}).pop(key, None)
    return json.dumps({})


ApplicationAutoScalingResponse.list_tags_for_resource = _list_tags
ApplicationAutoScalingResponse.tag_resource = _tag
ApplicationAutoScalingResponse.untag_resource = _untag


@wrap(ApplicationAutoScalingResponse, "register_scalable_target")
def register_scalable_target(register, self):
    answer = register(self)
    tags = self._get_param("Tags")
    if tags:
        place = (self._get_param("ServiceNamespace"), [self._get_param("ResourceId")], self._get_param("ScalableDimension"))
        for target in self.applicationautoscaling_backend.describe_scalable_targets(*place):
            _TAGS.setdefault(target.arn, {}).update(tags)
    return answer
