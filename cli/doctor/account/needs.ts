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

/** Families that EC2 counts together, as Standard instances. */
const STANDARD = /^[acdhimrtz]\d/;

/** vCPUs of an instance type by its size; of a type that is counted elsewhere, none. */
function countTypeCpus(type: string): number {
  const [family = "", size = ""] = type.split(".");
  if (!STANDARD.test(family)) return 0;
  if (family === "t2" && (size === "micro" || size === "small")) return 1;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times || 1);
  return size === "medium" && !family.startsWith("t") ? 1 : 2;
}

/** vCPUs of the instances when a group is as large as it may be, or is refreshed: new instances come first. */
function countInstanceCpus(stack: Configuration): number {
  const single = stack.of("aws_instance").map(({ values }) => countTypeCpus(String(values.instance_type)));
  const groups = stack.of("aws_autoscaling_group").map((group) => {
    const template = stack.behind(group, "launch_template", "aws_launch_template")[0]?.values ?? {};
    const most = Math.max(Number(group.values.max_size), 2 * Number(group.values.min_size));
    return most * countTypeCpus(String(template.instance_type));
  });
  return sum([...single, ...groups]);
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
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html#ec2-on-demand-instances-limits
  { what: "vCPUs of EC2 instances", service: "ec2", code: "L-1216C47A", need: countInstanceCpus },
  { what: "vCPUs on Fargate", service: "fargate", code: "L-3032A538", need: countFargateCpus },
];
