import { type Configuration, texts } from "../../terraform/configuration";
import { countRedisNodes } from "../../terraform/redis-nodes";

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The ElastiCache nodes a stack starts with. */
function countCacheNodes(stack: Configuration): number {
  const groups = stack.of("aws_elasticache_replication_group").map(({ values }) => countRedisNodes(values).total);
  const clusters = stack.of("aws_elasticache_cluster").map(({ values }) => Number(values.num_cache_nodes));
  return sum([...groups, ...clusters]);
}

/** The Fargate vCPUs in use when every service runs as many tasks as it may. */
function countFargateCpus(stack: Configuration): number {
  const cpus = stack
    .of("aws_ecs_task_definition")
    .filter(({ values }) => texts(values.requires_compatibilities).includes("FARGATE"))
    .map(({ values }) => Number(values.cpu) / 1024);
  const scaled = stack.of("aws_appautoscaling_target").filter(({ values }) => values.service_namespace === "ecs");
  const fixed = stack.of("aws_ecs_service").map(({ values }) => Number(values.desired_count ?? 0));
  const tasks = scaled.length > 0 ? scaled.map(({ values }) => Number(values.max_capacity)) : fixed;
  return Math.max(0, ...cpus) * sum(tasks);
}

/** A quota of an account and region that a stack can run into. */
export interface Quota {
  readonly what: string;
  /** Service and code, as Service Quotas has them: `aws service-quotas list-service-quotas --service-code vpc`. */
  readonly service: string;
  readonly code: string;
  /** How many a synthesized stack takes. */
  need(stack: Configuration): number;
  /** How the AWS CLI counts what there is. @default - nobody counts it: the need alone is compared */
  readonly used?: readonly string[];
}

/** What a new account runs into first, after AWS' general reference: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
export const QUOTAS: readonly Quota[] = [
  {
    what: "VPCs",
    service: "vpc",
    code: "L-F678F1CE",
    need: (stack) => stack.of("aws_vpc").length,
    used: ["ec2", "describe-vpcs", "--query", "{used: length(Vpcs)}"],
  },
  {
    what: "elastic IPs",
    service: "ec2",
    code: "L-0263D0A3",
    need: (stack) => stack.of("aws_eip").length,
    used: ["ec2", "describe-addresses", "--query", "{used: length(Addresses)}"],
  },
  {
    what: "ElastiCache nodes",
    service: "elasticache",
    code: "L-DFE45DF3",
    need: countCacheNodes,
    used: ["elasticache", "describe-cache-clusters", "--query", "{used: sum(CacheClusters[].NumCacheNodes)}"],
  },
  {
    what: "load balancers",
    service: "elasticloadbalancing",
    code: "L-53DA6B97",
    need: (stack) => stack.of("aws_lb").length,
    used: ["elbv2", "describe-load-balancers", "--query", "{used: length(LoadBalancers)}"],
  },
  { what: "vCPUs on Fargate", service: "fargate", code: "L-3032A538", need: countFargateCpus },
];
