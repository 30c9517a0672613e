import { buildGroup } from "./fixtures";
import { line, type RefusedCommand } from "./refusal";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
const TOPIC = "arn:aws:sns:us-east-1:123456789012:caches";
const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const BLOCKS = Array.from({ length: 61 }, (_, n) => `{CidrIp=10.9.${n}.0/24}`).join(",");

const DUAL = { "--cache-subnet-group-name": "dual", "--network-type": "dual_stack" };

/** Values that have the right form and are refused. */
export const VALUE_REFUSALS: readonly RefusedCommand[] = [
  {
    rule: "cache-key-region",
    what: "a cache with a key of another region",
    says: "InvalidParameterValue",
    command: (given) => buildGroup(given, "key", { "--at-rest-encryption-enabled": "", "--kms-key-id": KEY }),
  },
  {
    rule: "cache-topic-region",
    what: "a cache with a topic of another region",
    says: "InvalidParameterValue",
    command: (given) => buildGroup(given, "topic", { "--notification-topic-arn": TOPIC }),
  },
  {
    rule: "data-tiering",
    what: "nodes with disks without data tiering",
    says: "InvalidParameterCombination",
    command: (given) => buildGroup(given, "disks", { "--cache-node-type": "cache.r6gd.xlarge" }),
  },
  line(
    "cache-topic-region",
    "memcached with a topic of another region",
    "InvalidParameterValue",
    () =>
      `elasticache create-cache-cluster --engine memcached --cache-node-type cache.t4g.micro --num-cache-nodes 1 --cache-cluster-id topic --notification-topic-arn ${TOPIC}`,
  ),
  line(
    "parameter-value",
    "an eviction policy there is none of",
    "InvalidParameterValue",
    () =>
      "elasticache modify-cache-parameter-group --cache-parameter-group-name older --parameter-name-values ParameterName=maxmemory-policy,ParameterValue=volatile-lur",
  ),
  line(
    "parameter-fixed",
    "another number of connections: it is the node type's",
    "InvalidParameterValue",
    () =>
      "elasticache modify-cache-parameter-group --cache-parameter-group-name older --parameter-name-values ParameterName=maxclients,ParameterValue=10",
  ),
  {
    rule: "dual-stack-subnets",
    what: "dual stack in subnets without IPv6",
    says: "InvalidParameterCombination",
    command: (given) => buildGroup(given, "dual", { "--network-type": "dual_stack", "--ip-discovery": "ipv4" }),
  },
  {
    rule: "dual-stack-discovery",
    what: "dual stack without a kind of discovery",
    says: "InvalidParameterCombination",
    command: (given) => buildGroup(given, "undiscovered", DUAL),
  },
  {
    rule: "dual-stack-nitro",
    what: "dual stack on nodes before Nitro",
    says: "InvalidParameterCombination",
    command: (given) =>
      buildGroup(given, "old", { ...DUAL, "--ip-discovery": "ipv4", "--cache-node-type": "cache.m4.large" }),
  },
  {
    rule: "discovery-of-network-type",
    what: "IPv6 to be discovered of nodes with IPv4 alone",
    says: "InvalidParameterCombination",
    command: (given) => buildGroup(given, "six", { "--ip-discovery": "ipv6" }),
  },
  line(
    "ebs-optimized",
    "an instance EBS-optimized whose type cannot be",
    "Unsupported",
    ({ a, referring }) =>
      `ec2 run-instances --image-id ami-12c6146b --instance-type t2.micro --ebs-optimized --subnet-id ${a} --security-group-ids ${referring}`,
  ),
  line(
    "alarm-topic-region",
    "an alarm that tells a topic of another region",
    "ValidationError",
    () =>
      `cloudwatch put-metric-alarm --alarm-name a --namespace n --metric-name m --statistic Sum --period 60 --evaluation-periods 1 --threshold 1 --comparison-operator LessThanThreshold --alarm-actions ${TOPIC}`,
  ),
  line(
    "composite-alarm-child",
    "a composite alarm of an alarm that does not exist",
    "ValidationError",
    () => "cloudwatch put-composite-alarm --alarm-name early --alarm-rule ALARM(none)",
  ),
  line(
    "moto",
    "HTTPS with a certificate of another region",
    "CertificateNotFound",
    ({ balancerArn, targetArn }) =>
      `elbv2 create-listener --load-balancer-arn ${balancerArn} --protocol HTTPS --port 8443 --certificates CertificateArn=${CERTIFICATE} --default-actions Type=forward,TargetGroupArn=${targetArn}`,
  ),
  line(
    "domain-certificate-region",
    "an API's name with a certificate of another region",
    "BadRequestException",
    () =>
      `apigatewayv2 create-domain-name --domain-name app.example.com --domain-name-configurations CertificateArn=${CERTIFICATE},EndpointType=REGIONAL`,
  ),
  line(
    "moto",
    "more than 60 rules in a security group",
    "RulesPerSecurityGroupLimitExceeded",
    ({ foreign }) =>
      `ec2 authorize-security-group-ingress --group-id ${foreign} --ip-permissions IpProtocol=tcp,FromPort=1,ToPort=1,IpRanges=[${BLOCKS}]`,
  ),
];
