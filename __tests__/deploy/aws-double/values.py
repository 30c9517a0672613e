"""Values that have the form of a name, ARN or text, and that AWS refuses all the same."""
import json
import re

from moto.apigatewayv2.exceptions import APIGatewayV2Error
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.cloudwatch.responses import CloudWatchResponse
from moto.ec2.responses.instances import InstanceResponse

from elasticache_store import API
from rules import is_off, refuse, refuse_ec2, wrap


def elsewhere(arn, region):
    """Whether an ARN is of another region or partition; a mere id is of this one."""
    parts = (arn or "").split(":")
    return parts[0] == "arn" and (parts[1] != "aws" or parts[3] != region)


@wrap(API, "create_replication_group")
def create_replication_group(create, self):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"""
    p = self._get_params()
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html: a key of the same region.
    if elsewhere(p.get("KmsKeyId"), self.region):
        refuse("cache-key-region", "InvalidParameterValue", f"KMS key {p['KmsKeyId']} is not one of region {self.region}.")
    _check_topic(p, self.region)
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/data-tiering.html: r6gd, and nothing but r6gd.
    disks = re.match(r"cache\.r\d+gd\.", p.get("CacheNodeType") or "") is not None
    if disks != bool(p.get("DataTieringEnabled")):
        refuse("data-tiering", "InvalidParameterCombination", f"Data tiering must be {'enabled' if disks else 'disabled'} for {p.get('CacheNodeType')}.")
    return create(self)


@wrap(API, "create_cache_cluster")
def create_cache_cluster(create, self):
    _check_topic(self._get_params(), self.region)
    return create(self)


def _check_topic(p, region):
    """https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ECEvents.SNS.html"""
    if elsewhere(p.get("NotificationTopicArn"), region):
        refuse("cache-topic-region", "InvalidParameterValue", f"Topic {p['NotificationTopicArn']} is not one of region {region}.")


# https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
_EVICTION = [f"{keys}-{how}" for keys in ("allkeys", "volatile") for how in ("lru", "lfu", "random")] + ["volatile-ttl", "noeviction"]


@wrap(API, "modify_cache_parameter_group")
def modify_cache_parameter_group(modify, self):
    for parameter in self._get_params().get("ParameterNameValues", []):
        name, value = parameter["ParameterName"], parameter.get("ParameterValue", "")
        if name == "maxmemory-policy" and value not in _EVICTION:
            refuse("parameter-value", "InvalidParameterValue", f"The parameter value {value} is invalid for {name}: {', '.join(_EVICTION)}.")
    return modify(self)


@wrap(InstanceResponse, "run_instances")
def run_instances(run, self):
    """https://docs.aws.amazon.com/ebs/latest/userguide/ebs-optimized.html"""
    kind = self._get_param("InstanceType") or ""
    if str(self._get_param("EbsOptimized")).lower() == "true" and kind.startswith("t2."):
        refuse_ec2("ebs-optimized", "Unsupported", "EBS-optimized instances are not supported for your requested configuration.")
    return run(self)


@wrap(CloudWatchResponse, "put_metric_alarm")
def put_metric_alarm(put, self):
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html: actions are of its region."""
    for arn in [*(self._get_param("AlarmActions") or []), *(self._get_param("OKActions") or [])]:
        if elsewhere(arn, self.region):
            refuse("alarm-topic-region", "ValidationError", f"Invalid region {arn.split(':')[3]} specified. Only {self.region} is supported.")
    return put(self)


def _names_in(rule):
    """The alarms that a rule names: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html"""
    return re.findall(r"""(?:ALARM|OK|INSUFFICIENT_DATA)\(["']?([^"')]+)["']?\)""", rule or "")


def put_composite_alarm(self):
    """moto lacks the operation, and its metric alarms take a rule. AWS names missing alarms: https://github.com/awsdocs/aws-cloudformation-user-guide/issues/911"""
    missing = [name for name in _names_in(self._get_param("AlarmRule")) if name not in self.cloudwatch_backend.alarms]
    if missing:
        refuse("composite-alarm-child", "ValidationError", f"Could not save the composite alarm as alarms [{', '.join(missing)}] in the alarm rule do not exist")
    return self.put_metric_alarm()


CloudWatchResponse.put_composite_alarm = put_composite_alarm


@wrap(CloudWatchResponse, "delete_alarms")
def delete_alarms(delete, self):
    """https://github.com/hashicorp/terraform-provider-aws/issues/34807"""
    names = self._get_param("AlarmNames") or []
    others = [alarm for name, alarm in self.cloudwatch_backend.alarms.items() if name not in names]
    named = [name for name in names if any(name in _names_in(alarm.rule) for alarm in others)]
    if named:
        refuse("alarm-in-composite", "ValidationError", f"Cannot delete {', '.join(named)} as there are composite alarm(s) depending on it.")
    return delete(self)


@wrap(ApiGatewayV2Response, "create_domain_name")
def create_domain_name(create, self):
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html"""
    for configuration in json.loads(self.body).get("domainNameConfigurations", []):
        arn = configuration.get("certificateArn")
        if elsewhere(arn, self.region) and not is_off("domain-certificate-region"):
            raise APIGatewayV2Error("BadRequestException", f"Certificate {arn} is not one of region {self.region}")
    return create(self)
