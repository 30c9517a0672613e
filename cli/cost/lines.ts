import { UserError } from "../../environment/user-error";
import {
  block,
  blocks,
  type Configuration,
  type Resource,
  texts,
  type Value,
  type Values,
} from "../terraform/configuration";
import { readConfiguration } from "../terraform/read-configuration";
import { countRedisNodes } from "../terraform/redis-nodes";
import { PRICES, type PriceKey } from "./prices";

/** Something that costs, as often as a stack has it. */
export interface Line {
  readonly price: PriceKey;
  /** How many, or how much in a month. */
  readonly amount: number;
  /** Of what is used rather than had: what is assumed. */
  readonly assumes?: string;
}

/** Hours in a month, as AWS counts. */
export const HOURS = 730;

/** What a volume has that says nothing. */
const AMAZON_LINUX_GB = 8;
/** A small site in a month: requests in millions, and what they bring with them. */
const REQUESTS = 1;
const OUT_GB = 10;
const LOG_GB = 2;
const NAT_GB = 2;
const LCU_HOURS = 15;
const IMAGE_GB = 1;
const LAMBDA_SECONDS = 0.05;

function known(key: string): PriceKey {
  if (key in PRICES) return key as PriceKey;
  throw new UserError(`${key}: has no price here; put it into cli/cost/prices.ts, with where and when it was read`);
}

/**
 * What a synthesized stack (cdk.tf.json) costs: what it has, by the hour or month, then what a small site uses of it.
 *
 * @throws {UserError} for a type of node or instance that has no price here.
 */
export function listCosts(text: string): Line[] {
  const stack = readConfiguration(text);
  const sums = new Map<PriceKey, Line>();
  for (const line of [...had(stack), ...used(stack)]) {
    sums.set(line.price, { ...line, amount: line.amount + (sums.get(line.price)?.amount ?? 0) });
  }
  return [...sums.values()].filter(({ amount }) => amount > 0);
}

function had(stack: Configuration): Line[] {
  const endpoints = stack.of("aws_vpc_endpoint").filter(({ values }) => values.subnet_ids !== undefined);
  const count = (type: string) => stack.of(type).length;
  // A load balancer has an address in each of its subnets.
  const addresses = count("aws_eip") + sum(stack.of("aws_lb").map(({ values }) => texts(values.subnets).length));
  return [
    ...stack.of("aws_elasticache_replication_group").map(({ values }) => ({
      price: known(`${values.node_type} ${values.engine}`),
      amount: countRedisNodes(values).total,
    })),
    ...stack.of("aws_elasticache_cluster").map(({ values }) => ({
      price: known(`${values.node_type} redis`),
      amount: Number(values.num_cache_nodes),
    })),
    ...stack.of("aws_instance").flatMap(({ values }) => {
      return machines(values.instance_type, block(values.root_block_device), 1);
    }),
    ...fleets(stack),
    ...stack.of("aws_ecs_service").flatMap((service) => tasks(stack, service)),
    { price: "loadBalancer", amount: count("aws_lb") },
    { price: "nat", amount: count("aws_nat_gateway") },
    { price: "endpoint", amount: sum(endpoints.map(({ values }) => texts(values.subnet_ids).length)) },
    { price: "address", amount: addresses },
    { price: "alarm", amount: sum(stack.of("aws_cloudwatch_metric_alarm").map(countMetrics)) },
    { price: "dashboard", amount: count("aws_cloudwatch_dashboard") },
    { price: "secret", amount: count("aws_secretsmanager_secret") },
  ];
}

/** An alarm is paid for by each metric that it analyzes. @see https://aws.amazon.com/cloudwatch/pricing/ */
function countMetrics({ values }: Resource): number {
  const analyzed = blocks(values.metric_query).filter(({ metric }) => blocks(metric).length > 0);
  return Math.max(1, analyzed.length);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function machines(type: Value | undefined, disk: Values, count: number): Line[] {
  return [
    { price: known(String(type)), amount: count },
    { price: "gp3", amount: count * Number(disk.volume_size ?? AMAZON_LINUX_GB) },
  ];
}

/** The least number of instances a fleet may have. */
function fleets(stack: Configuration): Line[] {
  return stack.of("aws_autoscaling_group").flatMap((group) => {
    const template = stack.behind(group, "launch_template", "aws_launch_template")[0]?.values ?? {};
    const disk = block(block(template.block_device_mappings).ebs);
    return machines(template.instance_type, disk, Number(group.values.min_size));
  });
}

/** The least number of tasks a service may have. Tasks on instances cost nothing of their own. */
function tasks(stack: Configuration, service: Resource): Line[] {
  const { launch_type, desired_count } = service.values;
  if (launch_type !== "FARGATE") return [];
  const task = stack.behind(service, "task_definition", "aws_ecs_task_definition")[0]?.values ?? {};
  const of = (what: string, units: Value | undefined) => ({
    price: known(`${block(task.runtime_platform).cpu_architecture} ${what}`),
    amount: (Number(desired_count) * Number(units)) / 1024,
  });
  return [of("vcpu", task.cpu), of("gb", task.memory)];
}

/** A small site: what it uses of what the stack has. */
function used(stack: Configuration): Line[] {
  const when = (type: string, price: PriceKey, amount: number, assumes: string): Line => {
    return { price, amount: stack.of(type).length > 0 ? amount : 0, assumes };
  };
  const requests = `${REQUESTS} million requests`;
  const app = stack.of("aws_lambda_function").find(({ values }) => String(values.function_name).includes("web"));
  const gbSeconds = (Number(app?.values.memory_size ?? 0) / 1024) * REQUESTS * 1_000_000 * LAMBDA_SECONDS;
  return [
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
