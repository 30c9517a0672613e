import { aws, type Json } from "../machine/aws-cli";
import { type Configuration, type Resource, texts, type Value, type Values } from "./configuration";

/** A resource of a stack that is at AWS. */
export interface ExistingResource {
  readonly resource: Resource;
  /** The id that `terraform import` takes. */
  readonly id: string;
  /** The command that deletes it. */
  readonly deletion: string;
}

/** Finds one type of resource at AWS by the name that a stack gives it. */
interface Lookup {
  readonly type: string;
  /** The name in its arguments. */
  readonly name: (values: Values) => Value | undefined;
  /** The call of the AWS CLI that answers with the resources of this name. */
  readonly call: (name: string) => readonly string[];
  /** The ids in the answer. @default - the name, when the call succeeds */
  readonly ids?: (answer: Json, name: string) => readonly (string | undefined)[];
  readonly deletion: (id: string) => string;
  /** Whether every stack with this type depends on it. A stack without a state is looked up by these types only. @default false */
  readonly isPrincipal?: boolean;
}

const argument = (name: string) => (values: Values) => values[name];
const tagName = ({ tags }: Values) => (tags as Values | undefined)?.Name;
const tagged = (name: string, ...more: string[]) => [`Name=tag:Name,Values=${name}`, ...more];

/**
 * Finds a type by its tag `Name`: names of these types end in random characters, or they have none.
 *
 * @param filter - the type, as the tagging API names it
 * @param toId - the id that `terraform import` takes, out of the ARN
 * @see https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
 */
const tagLookup = (
  type: string,
  filter: string,
  toId: (arn: string) => string | undefined,
  deletion: (id: string) => string,
): Lookup => ({
  type,
  name: tagName,
  call: (name) => [
    ...["resourcegroupstaggingapi", "get-resources", "--resource-type-filters", filter],
    ...["--tag-filters", `Key=Name,Values=${name}`],
  ],
  ids: ({ ResourceTagMappingList = [] }) => ResourceTagMappingList.map(({ ResourceARN }: Json) => toId(ResourceARN)),
  deletion,
});
const wholeArn = (arn: string) => arn;
/** The part behind the last slash or colon, as `subnet-1` of `arn:aws:ec2:...:subnet/subnet-1`. */
const lastPart = (arn: string) => arn.split(/[/:]/).at(-1);

/** Types whose name is unique at AWS, and types that carry a tag `Name`. */
const LOOKUPS: readonly Lookup[] = [
  {
    type: "aws_vpc",
    name: tagName,
    call: (name) => ["ec2", "describe-vpcs", "--filters", ...tagged(name)],
    ids: ({ Vpcs = [] }) => Vpcs.map(({ VpcId }: Json) => VpcId),
    deletion: (id) => `aws ec2 delete-vpc --vpc-id ${id}`,
    isPrincipal: true,
  },
  tagLookup("aws_subnet", "ec2:subnet", lastPart, (id) => `aws ec2 delete-subnet --subnet-id ${id}`),
  tagLookup(
    "aws_route_table",
    "ec2:route-table",
    lastPart,
    (id) => `aws ec2 delete-route-table --route-table-id ${id}`,
  ),
  tagLookup(
    "aws_internet_gateway",
    "ec2:internet-gateway",
    lastPart,
    (id) => `aws ec2 delete-internet-gateway --internet-gateway-id ${id}`,
  ),
  tagLookup(
    "aws_security_group",
    "ec2:security-group",
    lastPart,
    (id) => `aws ec2 delete-security-group --group-id ${id}`,
  ),
  {
    type: "aws_vpc_endpoint",
    name: tagName,
    call: (name) => ["ec2", "describe-vpc-endpoints", "--filters", ...tagged(name)],
    // EC2 goes on describing a deleted endpoint.
    ids: ({ VpcEndpoints = [] }) =>
      VpcEndpoints.filter(({ State }: Json) => !/^delet/i.test(State)).map(({ VpcEndpointId }: Json) => VpcEndpointId),
    deletion: (id) => `aws ec2 delete-vpc-endpoints --vpc-endpoint-ids ${id}`,
  },
  tagLookup("aws_s3_bucket", "s3", lastPart, (id) => `aws s3 rb s3://${id}`),
  tagLookup(
    "aws_secretsmanager_secret",
    "secretsmanager:secret",
    wholeArn,
    (id) => `aws secretsmanager delete-secret --secret-id ${id}`,
  ),
  tagLookup(
    "aws_lb_target_group",
    "elasticloadbalancing:targetgroup",
    wholeArn,
    (id) => `aws elbv2 delete-target-group --target-group-arn ${id}`,
  ),
  {
    type: "aws_apigatewayv2_api",
    name: argument("name"),
    call: () => ["apigatewayv2", "get-apis"],
    ids: ({ Items = [] }, name) => Items.filter(({ Name }: Json) => Name === name).map(({ ApiId }: Json) => ApiId),
    deletion: (id) => `aws apigatewayv2 delete-api --api-id ${id}`,
  },
  {
    type: "aws_instance",
    name: tagName,
    call: (name) => [
      ...["ec2", "describe-instances", "--filters"],
      ...tagged(name, "Name=instance-state-name,Values=pending,running,stopping,stopped"),
    ],
    ids: ({ Reservations = [] }) =>
      Reservations.flatMap(({ Instances }: Json) => Instances.map(({ InstanceId }: Json) => InstanceId)),
    deletion: (id) => `aws ec2 terminate-instances --instance-ids ${id}`,
  },
  {
    type: "aws_nat_gateway",
    name: tagName,
    call: (name) => [
      ...["ec2", "describe-nat-gateways", "--filter"],
      ...tagged(name, "Name=state,Values=pending,available"),
    ],
    ids: ({ NatGateways = [] }) => NatGateways.map(({ NatGatewayId }: Json) => NatGatewayId),
    deletion: (id) => `aws ec2 delete-nat-gateway --nat-gateway-id ${id}`,
  },
  {
    type: "aws_eip",
    name: tagName,
    call: (name) => ["ec2", "describe-addresses", "--filters", ...tagged(name)],
    ids: ({ Addresses = [] }) => Addresses.map(({ AllocationId }: Json) => AllocationId),
    deletion: (id) => `aws ec2 release-address --allocation-id ${id}`,
  },
  {
    type: "aws_elasticache_replication_group",
    name: argument("replication_group_id"),
    call: (name) => ["elasticache", "describe-replication-groups", "--replication-group-id", name],
    deletion: (id) => `aws elasticache delete-replication-group --replication-group-id ${id}`,
    isPrincipal: true,
  },
  {
    type: "aws_elasticache_cluster",
    name: argument("cluster_id"),
    call: (name) => ["elasticache", "describe-cache-clusters", "--cache-cluster-id", name],
    deletion: (id) => `aws elasticache delete-cache-cluster --cache-cluster-id ${id}`,
    isPrincipal: true,
  },
  {
    type: "aws_elasticache_serverless_cache",
    name: argument("name"),
    call: (name) => ["elasticache", "describe-serverless-caches", "--serverless-cache-name", name],
    deletion: (id) => `aws elasticache delete-serverless-cache --serverless-cache-name ${id}`,
    isPrincipal: true,
  },
  {
    type: "aws_elasticache_parameter_group",
    name: argument("name"),
    call: (name) => ["elasticache", "describe-cache-parameter-groups", "--cache-parameter-group-name", name],
    deletion: (id) => `aws elasticache delete-cache-parameter-group --cache-parameter-group-name ${id}`,
  },
  {
    type: "aws_elasticache_subnet_group",
    name: argument("name"),
    call: (name) => ["elasticache", "describe-cache-subnet-groups", "--cache-subnet-group-name", name],
    deletion: (id) => `aws elasticache delete-cache-subnet-group --cache-subnet-group-name ${id}`,
  },
  {
    type: "aws_elasticache_user",
    name: argument("user_id"),
    call: (name) => ["elasticache", "describe-users", "--user-id", name],
    deletion: (id) => `aws elasticache delete-user --user-id ${id}`,
  },
  {
    type: "aws_elasticache_user_group",
    name: argument("user_group_id"),
    call: (name) => ["elasticache", "describe-user-groups", "--user-group-id", name],
    deletion: (id) => `aws elasticache delete-user-group --user-group-id ${id}`,
  },
  {
    type: "aws_ecs_cluster",
    name: argument("name"),
    call: (name) => ["ecs", "describe-clusters", "--clusters", name],
    // ECS goes on describing a deleted cluster, as INACTIVE.
    ids: ({ clusters = [] }) =>
      clusters.filter(({ status }: Json) => status !== "INACTIVE").map(({ clusterName }: Json) => clusterName),
    deletion: (id) => `aws ecs delete-cluster --cluster ${id}`,
    isPrincipal: true,
  },
  {
    type: "aws_ecr_repository",
    name: argument("name"),
    call: (name) => ["ecr", "describe-repositories", "--repository-names", name],
    deletion: (id) => `aws ecr delete-repository --repository-name ${id}`,
  },
  {
    type: "aws_lb",
    name: argument("name"),
    call: (name) => ["elbv2", "describe-load-balancers", "--names", name],
    ids: ({ LoadBalancers = [] }) => LoadBalancers.map(({ LoadBalancerArn }: Json) => LoadBalancerArn),
    deletion: (id) => `aws elbv2 delete-load-balancer --load-balancer-arn ${id}`,
  },
  {
    type: "aws_autoscaling_group",
    name: argument("name"),
    call: (name) => ["autoscaling", "describe-auto-scaling-groups", "--auto-scaling-group-names", name],
    ids: ({ AutoScalingGroups = [] }) => AutoScalingGroups.map(({ AutoScalingGroupName: id }: Json) => id),
    deletion: (id) => `aws autoscaling delete-auto-scaling-group --force-delete --auto-scaling-group-name ${id}`,
  },
  {
    type: "aws_lambda_function",
    name: argument("function_name"),
    call: (name) => ["lambda", "get-function", "--function-name", name],
    deletion: (id) => `aws lambda delete-function --function-name ${id}`,
    isPrincipal: true,
  },
  {
    type: "aws_dynamodb_table",
    name: argument("name"),
    call: (name) => ["dynamodb", "describe-table", "--table-name", name],
    deletion: (id) => `aws dynamodb delete-table --table-name ${id}`,
    isPrincipal: true,
  },
  {
    type: "aws_cloudwatch_log_group",
    name: argument("name"),
    call: (name) => ["logs", "describe-log-groups", "--log-group-name-prefix", name],
    ids: ({ logGroups = [] }, name) =>
      logGroups.map(({ logGroupName }: Json) => logGroupName).filter((id: string) => id === name),
    deletion: (id) => `aws logs delete-log-group --log-group-name ${id}`,
  },
];

/** Error codes of a resource that does not exist: `CacheClusterNotFound`, `ResourceNotFoundException`, `RepositoryNotFoundException`, ... */
const NOT_FOUND = /\(\w*NotFound\w*\)/;

/** The most calls of the AWS CLI at a time: each one keeps a processor busy for most of a second. */
const AT_ONCE = 2;

/** The region and the scope of a search. */
interface Wanted {
  readonly region: string;
  /** Whether to look for principal types only: network, caches, tables, functions, cluster. @default false */
  readonly principalOnly?: boolean;
}

/**
 * Asks AWS which of a stack's resources exist, by the names that the stack gives them. Resources that have
 * neither a name of their own nor a tag `Name` are not found, nor are roles, whose tags AWS does not search.
 *
 * @returns the resources, and an error message for each call that AWS refused.
 */
export async function findExisting(
  { resources }: Pick<Configuration, "resources">,
  { region, principalOnly = false }: Wanted,
): Promise<{ readonly found: readonly ExistingResource[]; readonly refusals: readonly string[] }> {
  const asked = resources.flatMap((resource) => {
    const lookup = LOOKUPS.find(({ type, isPrincipal }) => type === resource.type && (isPrincipal || !principalOnly));
    const [name] = texts(lookup?.name(resource.values));
    return lookup === undefined || name === undefined || name.includes("${") ? [] : [{ lookup, name, resource }];
  });
  const found: ExistingResource[] = [];
  const refusals: string[] = [];
  const queue = asked.values();
  const work = async () => {
    for (const { lookup, name, resource } of queue) {
      const ids = await ask(lookup, name, region).catch((error: Error) => {
        refusals.push(error.message);
        return [];
      });
      found.push(...ids.map((id) => ({ resource, id, deletion: `${lookup.deletion(id)} --region ${region}` })));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { found: asked.flatMap(({ resource }) => found.filter((one) => one.resource === resource)), refusals };
}

async function ask({ call, ids }: Lookup, name: string, region: string): Promise<string[]> {
  try {
    const answer = await aws(region, ...call(name));
    const found = ids === undefined ? [name] : ids(answer, name);
    return found.filter((id) => id !== undefined);
  } catch (error) {
    if (NOT_FOUND.test((error as Error).message)) return [];
    throw error;
  }
}
