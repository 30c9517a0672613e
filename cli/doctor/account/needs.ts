import type { Json } from "../../machine/aws-cli";

/** Resources of a type in a synthesized stack. */
function all(text: string, type: string): Json[] {
  const { resource } = JSON.parse(text) as { resource?: Record<string, Record<string, Json>> };
  return Object.values(resource?.[type] ?? {});
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Nodes of ElastiCache a stack begins with. */
function cacheNodes(text: string): number {
  const groups = all(text, "aws_elasticache_replication_group").map((group) =>
    group.num_node_groups === undefined
      ? Number(group.num_cache_clusters)
      : group.num_node_groups * (1 + (group.replicas_per_node_group ?? 0)),
  );
  const clusters = all(text, "aws_elasticache_cluster").map(({ num_cache_nodes }) => Number(num_cache_nodes));
  return sum([...groups, ...clusters]);
}

/** vCPUs of Fargate when every service has as many tasks as it may. */
function fargateCpus(text: string): number {
  const cpus = all(text, "aws_ecs_task_definition")
    .filter(({ requires_compatibilities }) => requires_compatibilities?.includes("FARGATE"))
    .map(({ cpu }) => Number(cpu) / 1024);
  const scaled = all(text, "aws_appautoscaling_target").filter(({ service_namespace }) => service_namespace === "ecs");
  const fixed = all(text, "aws_ecs_service").map(({ desired_count }) => Number(desired_count ?? 0));
  const tasks = scaled.length > 0 ? scaled.map(({ max_capacity }) => Number(max_capacity)) : fixed;
  return Math.max(0, ...cpus) * sum(tasks);
}

/** A quota of an account and region that a stack can run into. */
export interface Quota {
  readonly what: string;
  /** Service and code, as Service Quotas has them: `aws service-quotas list-service-quotas --service-code vpc`. */
  readonly service: string;
  readonly code: string;
  /** How many a synthesized stack takes. */
  need(text: string): number;
  /** How the AWS CLI counts what there is. @default - nobody counts it: the need alone is compared */
  readonly used?: readonly string[];
}

/** What a new account runs into first, after AWS' general reference: https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
export const QUOTAS: readonly Quota[] = [
  {
    what: "VPCs",
    service: "vpc",
    code: "L-F678F1CE",
    need: (text) => all(text, "aws_vpc").length,
    used: ["ec2", "describe-vpcs", "--query", "{used: length(Vpcs)}"],
  },
  {
    what: "elastic IPs",
    service: "ec2",
    code: "L-0263D0A3",
    need: (text) => all(text, "aws_eip").length,
    used: ["ec2", "describe-addresses", "--query", "{used: length(Addresses)}"],
  },
  {
    what: "ElastiCache nodes",
    service: "elasticache",
    code: "L-DFE45DF3",
    need: cacheNodes,
    used: ["elasticache", "describe-cache-clusters", "--query", "{used: sum(CacheClusters[].NumCacheNodes)}"],
  },
  {
    what: "load balancers",
    service: "elasticloadbalancing",
    code: "L-53DA6B97",
    need: (text) => all(text, "aws_lb").length,
    used: ["elbv2", "describe-load-balancers", "--query", "{used: length(LoadBalancers)}"],
  },
  { what: "vCPUs on Fargate", service: "fargate", code: "L-3032A538", need: fargateCpus },
];
