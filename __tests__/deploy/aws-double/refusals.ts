import { CACHE_REFUSALS } from "./cache-refusals";
import { ECS_REFUSALS } from "./ecs-refusals";
import { line, type RefusedCommand } from "./refusal";
import { SERVERLESS_REFUSALS } from "./serverless-refusals";
import { VALUE_REFUSALS } from "./value-refusals";

const BALANCER = "elbv2 create-load-balancer --name";

/** Refusals to make something; those that delete stand last, as each is let through once. */
export const REFUSALS: readonly RefusedCommand[] = [
  ...CACHE_REFUSALS,
  ...SERVERLESS_REFUSALS,
  ...VALUE_REFUSALS,
  ...ECS_REFUSALS,
  line(
    "balancer-name",
    "a load balancer's name of 33 characters",
    "ValidationError",
    ({ a, c }) => `${BALANCER} ${"b".repeat(33)} --subnets ${a} ${c}`,
  ),
  line(
    "balancer-zones",
    "a load balancer in one zone",
    "ValidationError",
    ({ a, interfaces }) => `${BALANCER} one-zone --subnets ${a} ${interfaces}`,
  ),
  line(
    "balancer-security-group",
    "a load balancer with a security group of another VPC",
    "InvalidConfigurationRequest",
    ({ a, c, foreign }) => `${BALANCER} foreign --subnets ${a} ${c} --security-groups ${foreign}`,
  ),
  line(
    "https-certificate",
    "HTTPS without a certificate",
    "ValidationError",
    ({ balancerArn, targetArn }) =>
      `elbv2 create-listener --load-balancer-arn ${balancerArn} --protocol HTTPS --port 443 --default-actions Type=forward,TargetGroupArn=${targetArn}`,
  ),
  line(
    "target-group-of-another",
    "a listener for a target group of another load balancer",
    "TargetGroupAssociationLimit",
    ({ keptArn, targetArn }) =>
      `elbv2 create-listener --load-balancer-arn ${keptArn} --protocol HTTP --port 80 --default-actions Type=forward,TargetGroupArn=${targetArn}`,
  ),
  line(
    "nat-without-gateway",
    "a NAT gateway in a VPC without a way out",
    "Gateway.NotAttached",
    ({ alone, spare }) => `ec2 create-nat-gateway --subnet-id ${alone} --allocation-id ${spare}`,
  ),
  line(
    "secret-in-recovery",
    "a secret's name in its recovery window",
    "InvalidRequestException",
    () => "secretsmanager create-secret --name secret --secret-string s",
  ),
  line(
    "key-pair-unknown",
    "an instance with a key pair there is none of",
    "InvalidKeyPair.NotFound",
    ({ a, referring }) =>
      `ec2 run-instances --image-id ami-12c6146b --subnet-id ${a} --security-group-ids ${referring} --key-name none`,
  ),
  line(
    "moto",
    "a subnet group's name that is taken",
    "CacheSubnetGroupAlreadyExists",
    ({ a }) =>
      `elasticache create-cache-subnet-group --cache-subnet-group-name subnets --cache-subnet-group-description d --subnet-ids ${a}`,
  ),
  line(
    "moto",
    "a target group's name of 33 characters",
    "Error",
    ({ main }) => `elbv2 create-target-group --name ${"t".repeat(33)} --protocol HTTP --port 1 --vpc-id ${main}`,
  ),

  line("moto", "a bucket deleted that holds old versions", "BucketNotEmpty", () => "s3api delete-bucket --bucket full"),
  line("moto", "a role deleted that has a policy", "DeleteConflict", () => "iam delete-role --role-name role"),
  line(
    "alarm-in-composite",
    "an alarm deleted that a composite alarm names",
    "ValidationError",
    () => "cloudwatch delete-alarms --alarm-names named",
  ),
  line(
    "moto",
    "a VPC deleted that has a subnet",
    "DependencyViolation",
    ({ closed }) => `ec2 delete-vpc --vpc-id ${closed}`,
  ),
  line(
    "vpc-in-use",
    "a VPC deleted that has an internet gateway",
    "DependencyViolation",
    ({ open }) => `ec2 delete-vpc --vpc-id ${open}`,
  ),
  line(
    "default-security-group",
    "a VPC's default security group deleted",
    "CannotDelete",
    ({ defaultGroup }) => `ec2 delete-security-group --group-id ${defaultGroup}`,
  ),
  line(
    "security-group-in-use",
    "a security group deleted that another one names",
    "DependencyViolation",
    ({ referred }) => `ec2 delete-security-group --group-id ${referred}`,
  ),
  line(
    "security-group-in-use",
    "a security group deleted that an interface is in",
    "DependencyViolation",
    ({ used }) => `ec2 delete-security-group --group-id ${used}`,
  ),
  line(
    "security-group-in-use",
    "a security group deleted that a load balancer is in",
    "DependencyViolation",
    ({ balancer }) => `ec2 delete-security-group --group-id ${balancer}`,
  ),
  line(
    "security-group-in-use",
    "a security group deleted that a cache is in",
    "DependencyViolation",
    ({ cache }) => `ec2 delete-security-group --group-id ${cache}`,
  ),
  line(
    "gateway-in-use",
    "an internet gateway detached under a public address",
    "DependencyViolation",
    ({ igw, main }) => `ec2 detach-internet-gateway --internet-gateway-id ${igw} --vpc-id ${main}`,
  ),
  line(
    "address-without-gateway",
    "a public address in a VPC without a way out",
    "Gateway.NotAttached",
    ({ closedEni, spareToo }) =>
      `ec2 associate-address --network-interface-id ${closedEni} --allocation-id ${spareToo}`,
  ),
  line(
    "balancer-without-gateway",
    "a public load balancer in a VPC without a way out",
    "InvalidSubnet",
    ({ alone, aloneToo }) => `${BALANCER} no-way-out --subnets ${alone} ${aloneToo}`,
  ),
  line(
    "balancer-taken",
    "a load balancer's name that is taken",
    "DuplicateLoadBalancerName",
    ({ a, c }) => `${BALANCER} kept --subnets ${c} ${a} --scheme internal`,
  ),
  line(
    "address-in-use",
    "an address released that is in use",
    "InvalidIPAddress.InUse",
    ({ eip }) => `ec2 release-address --allocation-id ${eip}`,
  ),
  line(
    "subnet-of-group-in-use",
    "a subnet taken out of a subnet group, in which a cache is",
    "SubnetInUse",
    ({ a }) => `elasticache modify-cache-subnet-group --cache-subnet-group-name subnets --subnet-ids ${a}`,
  ),
  line(
    "subnet-in-use",
    "a subnet deleted that an interface is in",
    "DependencyViolation",
    ({ interfaces }) => `ec2 delete-subnet --subnet-id ${interfaces}`,
  ),
  line(
    "subnet-in-use",
    "a subnet deleted that a cache is in",
    "DependencyViolation",
    ({ c }) => `ec2 delete-subnet --subnet-id ${c}`,
  ),
  line(
    "target-group-in-use",
    "a target group deleted that a listener names",
    "ResourceInUse",
    ({ targetArn }) => `elbv2 delete-target-group --target-group-arn ${targetArn}`,
  ),
  line(
    "balancer-protected",
    "a load balancer deleted that is protected",
    "OperationNotPermitted",
    ({ keptArn }) => `elbv2 delete-load-balancer --load-balancer-arn ${keptArn}`,
  ),
  line(
    "default-user-in-group",
    "a default user deleted that is in a group",
    "DefaultUserAssociatedToUserGroup",
    () => "elasticache delete-user --user-id disabled2",
  ),
  line(
    "not-a-member",
    "a user taken out of a group that it is not in",
    "InvalidParameterValue",
    () => "elasticache modify-user-group --user-group-id users --user-ids-to-remove disabled2",
  ),
  line(
    "replica-of-multi-az",
    "the last replica of a cache with Multi-AZ taken away",
    "InvalidParameterCombination",
    () => "elasticache decrease-replica-count --replication-group-id zones --new-replica-count 0 --apply-immediately",
  ),
  line(
    "user-group-in-use",
    "a user group deleted that a cache uses",
    "InvalidUserGroupState",
    () => "elasticache delete-user-group --user-group-id users",
  ),
  line(
    "parameter-group-in-use",
    "a parameter group deleted that a cache uses",
    "InvalidCacheParameterGroupState",
    () => "elasticache delete-cache-parameter-group --cache-parameter-group-name parameters",
  ),
  line(
    "subnet-group-in-use",
    "a cache's subnet group deleted",
    "CacheSubnetGroupInUse",
    () => "elasticache delete-cache-subnet-group --cache-subnet-group-name subnets",
  ),
  line(
    "moto",
    "a member deleted without its group",
    "InvalidCacheClusterState",
    () => "elasticache delete-cache-cluster --cache-cluster-id group-001",
  ),
  line(
    "snapshot-taken",
    "a final snapshot by a name that is taken",
    "SnapshotAlreadyExistsFault",
    () => "elasticache delete-replication-group --replication-group-id group --final-snapshot-identifier last",
  ),
];
