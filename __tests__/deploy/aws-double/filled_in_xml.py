"""Elements that AWS fills into its answers in XML, and policy documents that it writes in another order."""
import json
from urllib.parse import quote, unquote

from filled_in_row import Row, append, attributes, child, elements, named, reversed_lists

_CACHE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/"
_EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/"
_ELB = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API/"
_SCALING = "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/"
_RULES = ("CreateRule", "DescribeRules", "ModifyRule", "CreateListener", "DescribeListeners", "ModifyListener")
_USERS = ("CreateUser", "DescribeUsers", "ModifyUser")
_INSTANCES = ("DescribeInstances", "RunInstances")


def _spell_out(access_string):
    long = {"allkeys": "~*", "allchannels": "&*", "allcommands": "+@all", "nocommands": "-@all"}
    words = [long.get(word, word) for word in access_string.split()]
    first = next((place for place, word in enumerate(words) if word[0] in "+-"), None)
    if first is not None and words[first] not in ("+@all", "-@all"):
        words.insert(first, "-@all")
    return " ".join(words)


def _access_strings(answer, is_in):
    for element in named(answer, "AccessString") if is_in else []:
        element.text = _spell_out(element.text)


def _forward(answer, is_in):
    """One target group comes back twice: by its ARN, and as a list of one with its weight."""
    for action in named(answer, "member"):
        kind, arn, there = (child(action, name) for name in ("Type", "TargetGroupArn", "ForwardConfig"))
        if kind is None or kind.text != "forward" or arn is None:
            continue
        if is_in and there is None:
            group = {"member": {"TargetGroupArn": arn.text, "Weight": "1"}}
            append(action, "ForwardConfig", {"TargetGroups": group, "TargetGroupStickinessConfig": {"Enabled": "false"}})
            if child(action, "Order") is None:
                append(action, "Order", "1")
        elif not is_in and there is not None:
            action.remove(there)


def _mutual_authentication(answer, is_in):
    for listener in named(answer, "member"):
        protocol, there = child(listener, "Protocol"), child(listener, "MutualAuthentication")
        if protocol is not None and protocol.text == "HTTPS" and is_in and there is None:
            append(listener, "MutualAuthentication", {"Mode": "off"})
        elif not is_in and there is not None:
            listener.remove(there)


def _role_policies(answer, is_in):
    """IAM's documents are written in percents."""
    for element in [*named(answer, "AssumeRolePolicyDocument"), *named(answer, "PolicyDocument")] if is_in else []:
        element.text = quote(json.dumps(reversed_lists(json.loads(unquote(element.text)))))


def _endpoint_policies(answer, is_in):
    for element in named(answer, "policyDocument") if is_in else []:
        element.text = json.dumps(reversed_lists(json.loads(element.text)))


def _bucket_policy(answer, is_in):
    """GetBucketPolicy answers with the document itself."""
    if is_in:
        answer.update(reversed_lists(answer))


def _credits(answer, is_in):
    for element in named(answer, "cpuCredits"):
        element.text = "unlimited" if is_in else "standard"


ROWS = (
    Row(
        "cache-group", "elasticache", ("CreateReplicationGroup", "DescribeReplicationGroups", "ModifyReplicationGroup"), _CACHE + "API_ReplicationGroup.html",
        elements("ReplicationGroup", AuthTokenEnabled="false", IpDiscovery="ipv4", NetworkType="ipv4", SnapshotWindow="03:00-04:00"),
    ),
    Row(
        "cache-cluster", "elasticache", ("CreateCacheCluster", "DescribeCacheClusters", "ModifyCacheCluster"), _CACHE + "API_CacheCluster.html",
        elements(
            "CacheCluster", IpDiscovery="ipv4", NetworkType="ipv4", PreferredMaintenanceWindow="sun:05:00-sun:06:00", ReplicationGroupLogDeliveryEnabled="false",
        ),
    ),
    Row("cache-user", "elasticache", _USERS, _CACHE + "API_User.html", elements("DescribeUsersResult", "member", MinimumEngineVersion="6.0")),
    # Reported: https://github.com/hashicorp/terraform-provider-aws/issues/20334
    Row("cache-access-string", "elasticache", _USERS, _CACHE + "API_User.html", _access_strings),
    Row(
        "launch-template-metadata", "ec2", ("CreateLaunchTemplate", "DescribeLaunchTemplateVersions"), _EC2 + "API_LaunchTemplateInstanceMetadataOptions.html",
        elements("metadataOptions", httpProtocolIpv6="disabled", instanceMetadataTags="disabled", state="pending"),
    ),
    Row(
        "instance-metadata", "ec2", _INSTANCES, _EC2 + "API_InstanceMetadataOptionsResponse.html",
        elements("metadataOptions", httpProtocolIpv6="disabled", instanceMetadataTags="disabled", state="applied"),
    ),
    # T3 and T4g: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html
    Row("instance-credits", "ec2", ("DescribeInstanceCreditSpecifications",), _EC2 + "API_InstanceCreditSpecification.html", _credits),
    Row(
        "security-group-rule", "ec2", ("AuthorizeSecurityGroupIngress", "DescribeSecurityGroupRules"), _EC2 + "API_ReferencedSecurityGroup.html",
        elements("referencedGroupInfo", userId="123456789012"),
    ),
    Row("listener-forward", "elbv2", _RULES, _ELB + "API_ForwardActionConfig.html", _forward),
    Row("listener-mutual-authentication", "elbv2", _RULES, _ELB + "API_MutualAuthenticationAttributes.html", _mutual_authentication),
    Row(
        "load-balancer-attributes", "elbv2", ("DescribeLoadBalancerAttributes", "ModifyLoadBalancerAttributes"), _ELB + "API_LoadBalancerAttribute.html",
        attributes(
            access_logs__s3__enabled="false", client_keep_alive__seconds="3600", connection_logs__s3__bucket="", connection_logs__s3__enabled="false",
            connection_logs__s3__prefix="", ipv6__deny_all_igw_traffic="false", routing__http2__enabled="true",
            routing__http__x_amzn_tls_version_and_cipher_suite__enabled="false", routing__http__xff_client_port__enabled="false",
            routing__http__xff_header_processing__mode="append", waf__fail_open__enabled="false", zonal_shift__config__enabled="false",
        ),
    ),
    Row(
        "target-group-attributes", "elbv2", ("DescribeTargetGroupAttributes", "ModifyTargetGroupAttributes"), _ELB + "API_TargetGroupAttribute.html",
        attributes(
            load_balancing__algorithm__anomaly_mitigation="off", stickiness__app_cookie__cookie_name="", stickiness__app_cookie__duration_seconds="86400",
            stickiness__lb_cookie__duration_seconds="86400", target_group_health__dns_failover__minimum_healthy_targets__count="1",
            target_group_health__dns_failover__minimum_healthy_targets__percentage="off",
            target_group_health__unhealthy_state_routing__minimum_healthy_targets__count="1",
            target_group_health__unhealthy_state_routing__minimum_healthy_targets__percentage="off",
        ),
    ),
    Row(
        "listener-attributes", "elbv2", ("DescribeListenerAttributes", "ModifyListenerAttributes"), _ELB + "API_ListenerAttribute.html",
        attributes(routing__http__response__server__enabled="true"),
    ),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html: a list of one is its item, and lists have no order
    Row(
        "role-policy-order", "iam", ("GetRole", "GetRolePolicy"),
        "https://github.com/hashicorp/awspolicyequivalence/blob/main/aws_policy_equivalence.go", _role_policies,
    ),
    Row(
        "endpoint-policy-order", "ec2", ("DescribeVpcEndpoints",),
        "https://github.com/hashicorp/awspolicyequivalence/blob/main/aws_policy_equivalence.go", _endpoint_policies,
    ),
    Row(
        "bucket-policy-order", "s3", ("GetBucketPolicy",),
        "https://github.com/hashicorp/awspolicyequivalence/blob/main/aws_policy_equivalence.go", _bucket_policy,
    ),
    # SSE-C: https://github.com/cloudposse/terraform-aws-cloudfront-s3-cdn/pull/379
    Row(
        "bucket-encryption", "s3", ("GetBucketEncryption",), _S3 + "API_ServerSideEncryptionRule.html",
        elements("Rule", BlockedEncryptionTypes={"EncryptionType": "SSE-C"}, BucketKeyEnabled="false"),
    ),
    Row(
        "bucket-lifecycle", "s3", ("GetBucketLifecycleConfiguration",), _S3 + "API_GetBucketLifecycleConfiguration.html", lambda answer, is_in: None,
        {"x-amz-transition-default-minimum-object-size": "all_storage_classes_128K"},
    ),
    Row("scaling-policy-enabled", "autoscaling", ("DescribePolicies",), _SCALING + "API_PutScalingPolicy.html", elements("member", Enabled="true")),
)
