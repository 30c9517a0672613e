import { type Configuration, texts } from "../../terraform/configuration";
import { countRedisNodes } from "../../terraform/redis-nodes";

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The number of ElastiCache nodes at the start of a stack. */
function countCacheNodes(stack: Configuration): number {
  const groups = stack.of("aws_elasticache_replication_group").map(({ values }) => countRedisNodes(values).total);
  const clusters = stack.of("aws_elasticache_cluster").map(({ values }) => Number(values.num_cache_nodes));
  return sum([...groups, ...clusters]);
}

/** The number of Fargate vCPUs when every service runs its largest number of tasks. */
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

/** Families that EC2 counts together as Standard instances. */
const STANDARD = /^[acdhimrtz]\d/;

/** vCPUs of an instance type, from its size; 0 for a type under another quota. */
function countTypeCpus(type: string): number {
  const [family = "", size = ""] = type.split(".");
  if (!STANDARD.test(family)) return 0;
  if (family === "t2" && (size === "micro" || size === "small")) return 1;
  const [, times] = /^(\d*)xlarge$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times || 1);
  return size === "medium" && !family.startsWith("t") ? 1 : 2;
}

/** vCPUs of the instances when a group has its largest size, or during a refresh, which starts new instances first. */
function countInstanceCpus(stack: Configuration): number {
  const single = stack.of("aws_instance").map(({ values }) => countTypeCpus(String(values.instance_type)));
  const groups = stack.of("aws_autoscaling_group").map((group) => {
    const template = stack.behind(group, "launch_template", "aws_launch_template")[0]?.values ?? {};
    const most = Math.max(Number(group.values.max_size), 2 * Number(group.values.min_size));
    return most * countTypeCpus(String(template.instance_type));
  });
  return sum([...single, ...groups]);
}

/** A quota of an account and region that can stop a deploy. */
export interface Quota {
  readonly what: string;
  /** Service code and quota code of Service Quotas: `aws service-quotas list-service-quotas --service-code vpc`. */
  readonly service: string;
  readonly code: string;
  /** The number that a synthesized stack needs. */
  need(stack: Configuration): number;
  /** Arguments of the AWS CLI that count the present use. @default - no count: only the need is compared with the quota */
  readonly used?: readonly string[];
}

/**
 * The quotas that a new account reaches first.
 * @see https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
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
