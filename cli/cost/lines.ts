import {
  block,
  blocks,
  type Configuration,
  type Resource,
  texts,
  UnknownValueError,
  type Value,
  type Values,
} from "../terraform/configuration";
import { readConfiguration } from "../terraform/read-configuration";
import { countRedisNodes } from "../terraform/redis-nodes";
import type { Line } from "./line";
import { PRICES, type Price, type PriceKey } from "./prices";
import { serverlessLines, serverlessUse } from "./serverless";

/** Size of a root volume without a size of its own, in GB. */
const AMAZON_LINUX_GB = 8;
/** A small site in a month: millions of requests, and the amounts that follow from them. */
const REQUESTS = 1;
const OUT_GB = 10;
const LOG_GB = 2;
const NAT_GB = 2;
const LCU_HOURS = 15;
const IMAGE_GB = 1;
const LAMBDA_SECONDS = 0.05;

/** A price by its key; undefined for an unknown price. */
export function findPrice(key: string): Price | undefined {
  return Object.hasOwn(PRICES, key) ? PRICES[key as PriceKey] : undefined;
}

/**
 * The costs of a synthesized stack (cdk.tf.json): first its resources, by the hour or month, then the use by a small site.
 */
export function listCosts(text: string): Line[] {
  const stack = readConfiguration(text);
  const sums = new Map<string, Line>();
  for (const line of [...had(stack), ...used(stack)]) {
    const key = `${line.price} ${line.assumes ?? ""}`;
    sums.set(key, { ...line, amount: line.amount + (sums.get(key)?.amount ?? 0) });
  }
  return [...sums.values()].filter(({ amount }) => amount > 0 || Number.isNaN(amount));
}

function had(stack: Configuration): Line[] {
  const endpoints = stack.of("aws_vpc_endpoint").filter(({ values }) => values.subnet_ids !== undefined);
  const count = (type: string) => stack.of(type).length;
  // A load balancer has an address in each of its subnets.
  const addresses = count("aws_eip") + sum(stack.of("aws_lb").map(({ values }) => texts(values.subnets).length));
  return [
    ...each(stack, "aws_elasticache_replication_group", ({ values }) => [
      { price: nameNode(values, values.engine), amount: countRedisNodes(values).total },
    ]),
    ...each(stack, "aws_elasticache_cluster", ({ values }) => [
      // Members of a replication group are counted with the group.
      {
        price: nameNode(values, "redis"),
        amount: values.replication_group_id ? 0 : Number(values.num_cache_nodes ?? 1),
      },
    ]),
    ...each(stack, "aws_elasticache_serverless_cache", serverlessLines),
    ...each(stack, "aws_instance", ({ values }) => machines(values.instance_type, block(values.root_block_device), 1)),
    ...each(stack, "aws_autoscaling_group", (group) => fleet(stack, group)),
    ...each(stack, "aws_ecs_service", (service) => tasks(stack, service)),
    { price: "loadBalancer", amount: count("aws_lb") },
    { price: "nat", amount: count("aws_nat_gateway") },
    { price: "endpoint", amount: sum(endpoints.map(({ values }) => texts(values.subnet_ids).length)) },
    { price: "address", amount: addresses },
    { price: "alarm", amount: sum(stack.of("aws_cloudwatch_metric_alarm").map(countMetrics)) },
    { price: "compositeAlarm", amount: count("aws_cloudwatch_composite_alarm") },
    { price: "dashboard", amount: count("aws_cloudwatch_dashboard") },
    { price: "secret", amount: count("aws_secretsmanager_secret") },
  ];
}

/** AWS charges for each metric that an alarm analyzes. @see https://aws.amazon.com/cloudwatch/pricing/ */
function countMetrics({ values }: Resource): number {
  const analyzed = blocks(values.metric_query).filter(({ metric }) => blocks(metric).length > 0);
  return Math.max(1, analyzed.length);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function nameNode({ node_type }: Values, engine: Value | undefined): string {
  return node_type ? `${node_type} ${engine ?? "redis"}` : "a cache node of unknown type";
}

function machines(type: Value | undefined, disk: Values, count: number): Line[] {
  return [
    { price: String(type ?? "an instance of unknown type"), amount: count },
    { price: "gp3", amount: count * Number(disk.volume_size ?? AMAZON_LINUX_GB) },
  ];
}

/** The lines of each resource of a type. An argument that is known only after apply leads to a line without an amount. */
function each(stack: Configuration, type: string, lines: (resource: Resource) => readonly Line[]): Line[] {
  return stack.of(type).flatMap((resource) => {
    try {
      return lines(resource);
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      return [{ price: `${resource.address}, of which ${error.message}`, amount: Number.NaN }];
    }
  });
}

/** The lines of a fleet with its smallest number of instances. */
function fleet(stack: Configuration, group: Resource): readonly Line[] {
  const template = stack.behind(group, "launch_template", "aws_launch_template")[0]?.values ?? {};
  const disk = block(block(template.block_device_mappings).ebs);
  return machines(template.instance_type, disk, Number(group.values.min_size));
}

/** The lines of a service with its smallest number of tasks. Tasks on instances have no price of their own. */
function tasks(stack: Configuration, service: Resource): Line[] {
  const { launch_type, desired_count } = service.values;
  if (launch_type !== "FARGATE") return [];
  const task = stack.behind(service, "task_definition", "aws_ecs_task_definition")[0]?.values ?? {};
  const of = (what: string, units: Value | undefined) => ({
    price: `${block(task.runtime_platform).cpu_architecture ?? "X86_64"} ${what}`,
    amount: (Number(desired_count ?? 1) * Number(units)) / 1024,
  });
  return [of("vcpu", task.cpu), of("gb", task.memory)];
}

/** The use of a stack's resources by a small site. */
function used(stack: Configuration): Line[] {
  const when = (type: string, price: PriceKey, amount: number, assumes: string): Line => {
    return { price, amount: stack.of(type).length > 0 ? amount : 0, assumes };
  };
  const requests = `${REQUESTS} million requests`;
  const app = stack.of("aws_lambda_function").find(({ values }) => String(values.function_name).includes("web"));
  const gbSeconds = (Number(app?.values.memory_size ?? 0) / 1024) * REQUESTS * 1_000_000 * LAMBDA_SECONDS;
  return [
    ...each(stack, "aws_elasticache_serverless_cache", (cache) => [serverlessUse(cache, REQUESTS)]),
    when("aws_lb", "lcu", LCU_HOURS, `${requests} spread over the month`),
    when("aws_nat_gateway", "natData", NAT_GB, "images, keys and logs of a month"),
    when("aws_apigatewayv2_api", "api", REQUESTS, requests),
    when("aws_lambda_function", "lambdaRequests", REQUESTS, requests),
    when("aws_lambda_function", "lambdaTime", gbSeconds, `${requests} of ${LAMBDA_SECONDS * 1000} ms`),
    when("aws_dynamodb_table", "reads", REQUESTS / 10, "a photo for each tenth request"),
    when("aws_ecr_repository", "image", IMAGE_GB, "the newest 20"),
    when("aws_cloudwatch_log_group", "logs", LOG_GB, `${requests}, and the flow log`),
    when("aws_vpc", "out", OUT_GB, `${requests} of 10 KB; the first 100 GB of an account are free`),
  ];
}
