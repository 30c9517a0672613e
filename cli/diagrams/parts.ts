import { block, blocks, type Configuration, type Resource, texts, type Value } from "../terraform/configuration";
import { countRedisNodes } from "../terraform/redis-nodes";
import { readUsageLimit } from "../terraform/usage-limits";
import type { Part, Place } from "./drawing";
import type { Subnets } from "./subnets";

/** Resource types that link a part to its subnets, groups and roles. */
const BETWEEN = [
  "aws_iam_instance_profile",
  "aws_launch_template",
  "aws_ecs_task_definition",
  "aws_ecs_capacity_provider",
  "aws_autoscaling_group",
  "aws_elasticache_subnet_group",
];

/** All parts of a stack, in a fixed order that does not depend on the order of the JSON. */
export function findParts(stack: Configuration, subnets: Subnets): Part[] {
  const made = (type: string, make: (resource: Resource) => Drawn) =>
    stack.of(type).map((resource) => part(stack, subnets, resource, make(resource)));
  return [
    ...made("aws_apigatewayv2_api", () => ({ lines: ["HTTP API"], place: "outside" })),
    ...made("aws_lb", () => ({ lines: ["Application", "Load Balancer"] })),
    ...made("aws_nat_gateway", () => ({ lines: ["NAT gateway"] })),
    ...made("aws_instance", ({ values }) => ({ lines: ["EC2 instance", text(values.instance_type)] })),
    ...made("aws_autoscaling_group", (group) => ({
      lines: ["EC2 instances", instanceType(stack, group), fromTo(group.values.min_size, group.values.max_size)],
    })),
    ...made("aws_ecs_service", (service) => ({ lines: serviceLines(stack, service) })),
    ...made("aws_lambda_function", ({ values }) => ({ lines: ["Lambda function", text(values.description)] })),
    ...stack.of("aws_elasticache_replication_group").flatMap((cache) => listNodes(stack, subnets, cache)),
    ...made("aws_elasticache_serverless_cache", ({ values }) => ({
      lines: ["serverless", upTo(readUsageLimit(values, "data_storage", "maximum"))],
      shape: "store",
    })),
    ...made("aws_elasticache_cluster", ({ values }) => ({
      lines: [counted(values.num_cache_nodes, "node"), text(values.node_type)],
      shape: "store",
    })),
    ...made("aws_s3_bucket", (bucket) => ({
      lines: ["S3", ...filesIn(stack, bucket)],
      shape: "store",
      place: "outside",
    })),
    ...made("aws_dynamodb_table", ({ values }) => ({
      lines: ["DynamoDB", text(values.name)],
      shape: "store",
      place: "outside",
    })),
    ...made("aws_secretsmanager_secret", ({ values }) => ({
      lines: ["Secrets Manager", text(values.description)],
      place: "outside",
    })),
    ...made("aws_vpc_endpoint", ({ values }) => {
      const service = text(values.service_name).split(".").slice(3).join(".");
      // A gateway endpoint has no network interface, so it is in no subnet and in no group.
      return values.vpc_endpoint_type === "Gateway"
        ? { lines: ["VPC endpoint", service], place: "vpc" }
        : { lines: [service] };
    }),
  ];
}

/** The properties of a part that depend on its resource type. */
interface Drawn {
  readonly lines: readonly string[];
  readonly shape?: Part["shape"];
  readonly place?: Place;
}

function part(
  stack: Configuration,
  subnets: Subnets,
  resource: Resource,
  { lines, shape = "box", place }: Drawn,
): Part {
  const near = belongingTo(stack, resource);
  const group = near.find((address) => address.startsWith("aws_security_group."));
  return {
    id: buildId(resource.address),
    lines: lines.filter((line) => line !== ""),
    shape,
    // Existing subnets are not in the stack, so their kind is unknown: the part is in the VPC.
    place: place ?? subnets.findPlace(near) ?? (group === undefined ? "outside" : "vpc"),
    group,
    roles: near.filter((address) => address.startsWith("aws_iam_role.")),
    resources: [resource.address],
  };
}

/** One part for each node of a cache. In cluster mode, one part for all shards. */
function listNodes(stack: Configuration, subnets: Subnets, cache: Resource): Part[] {
  const { shards, perShard } = countRedisNodes(cache.values);
  const whole = part(stack, subnets, cache, { lines: [], shape: "store" });
  const node = (key: string, ...lines: string[]): Part => ({
    ...whole,
    id: `${whole.id}_${key}`,
    lines: [...lines, text(cache.values.node_type)],
  });
  if (cache.values.num_node_groups) {
    return [node("shards", `${shards} shards`, `each a primary and ${counted(perShard - 1, "replica")}`)];
  }
  const replicas = Array.from({ length: perShard - 1 }, (_, index) => index + 1);
  return [node("primary", "primary"), ...replicas.map((number) => node(`replica_${number}`, "replica"))];
}

/** Addresses of the resources that a resource refers to, directly or through linking resources. */
function belongingTo(stack: Configuration, resource: Resource): string[] {
  // The execution role starts a task and writes its log. The picture shows the task role, which has the app's permissions.
  const of = (from: Resource) =>
    Object.keys(from.values).filter((key) => key !== "execution_role_arn" && key !== "depends_on");
  const direct = [...new Set(of(resource).flatMap((argument) => resource.refersTo(argument)))];
  const further = stack.of(...BETWEEN).filter(({ address }) => direct.includes(address));
  return [...direct, ...further.flatMap((between) => belongingTo(stack, between))];
}

function instanceType(stack: Configuration, group: Resource): string {
  const [template] = stack
    .of("aws_launch_template")
    .filter(
      ({ address }) =>
        belongingTo(stack, group).includes(address) || group.refersTo("launch_template").includes(address),
    );
  return text(template?.values.instance_type);
}

function serviceLines(stack: Configuration, service: Resource): string[] {
  const [target] = stack.pointingAt(service, "aws_appautoscaling_target", "resource_id");
  const { desired_count } = service.values;
  const { min_capacity = desired_count, max_capacity = desired_count } = target?.values ?? {};
  const groups = service.refersTo("load_balancer");
  const rules = stack
    .of("aws_lb_listener_rule")
    .filter((rule) => rule.refersTo("action").some((group) => groups.includes(group)));
  const others = stack
    .of("aws_lb_listener")
    .some((listener) => listener.refersTo("default_action").some((group) => groups.includes(group)));
  const patterns = rules.flatMap(({ values }) =>
    blocks(values.condition).flatMap((condition) => texts(block(condition.path_pattern).values)),
  );
  return [
    "ECS service",
    [...patterns, ...(others ? ["the rest"] : [])].join(", "),
    `${fromTo(min_capacity, max_capacity)} tasks`,
  ];
}

/** Names of the files that a stack runs, without the licence notices beside them. */
function filesIn(stack: Configuration, bucket: Resource): string[] {
  const objects = stack.pointingAt(bucket, "aws_s3_object", "bucket");
  const names = objects.map(({ values }) => text(values.key).split("/").at(-1) as string);
  return names.filter((name) => name !== "THIRD-PARTY-NOTICES.txt");
}

const fromTo = (least: Value | undefined, most: Value | undefined) =>
  least === most ? `${least}` : `${least} to ${most}`;
const upTo = (gigabytes: number | undefined) => (gigabytes ? `up to ${gigabytes} GB` : "");
const counted = (number: Value | undefined, what: string) => `${number ?? 0} ${what}${number === 1 ? "" : "s"}`;
const text = (value: Value | undefined) => (typeof value === "string" ? value : "");

/** An id for Mermaid: cdktf's resource name without its hash. */
export function buildId(address: string): string {
  const name = address.replace(/^\w+\./, "").replace(/_[0-9A-F]{8}$/, "");
  return name.replaceAll(/\W/g, "_");
}
