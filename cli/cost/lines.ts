import { PRICES, type PriceKey } from "./prices";

// biome-ignore lint/suspicious/noExplicitAny: arguments of any depth, as they stand in the synthesized JSON
type Block = Record<string, any>;

/** Something that costs, as often as a stack has it. */
export interface Line {
  readonly price: PriceKey;
  /** How many, or how much in a month. */
  readonly amount: number;
  /** Of what is used rather than had: what is assumed. */
  readonly assumes?: string;
}

/** A type of node or instance that has no price here. */
export class UnknownPriceError extends Error {
  override readonly name = "UnknownPriceError";
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
  throw new UnknownPriceError(
    `${key}: has no price here; put it into cli/cost/prices.ts, with where and when it was read`,
  );
}

/** A synthesized stack's resources, by type. */
class Resources {
  readonly #resource: Record<string, Record<string, Block>>;

  constructor(text: string) {
    this.#resource = (JSON.parse(text) as { resource?: Record<string, Record<string, Block>> }).resource ?? {};
  }

  all(type: string): Block[] {
    return Object.values(this.#resource[type] ?? {});
  }

  count(type: string): number {
    return this.all(type).length;
  }

  /** What a reference like `${type.name.arn}` leads to. */
  at(type: string, reference: string): Block {
    const name = reference.split(".")[1] ?? "";
    return this.#resource[type]?.[name] ?? {};
  }
}

/**
 * What a synthesized stack (cdk.tf.json) costs: what it has, by the hour or month, then what a small site uses of it.
 *
 * @throws {UnknownPriceError} for a type of node or instance that has no price here.
 */
export function linesOf(text: string): Line[] {
  const resources = new Resources(text);
  const sums = new Map<PriceKey, Line>();
  for (const line of [...had(resources), ...used(resources)]) {
    sums.set(line.price, { ...line, amount: line.amount + (sums.get(line.price)?.amount ?? 0) });
  }
  return [...sums.values()].filter(({ amount }) => amount > 0);
}

function had(resources: Resources): Line[] {
  const endpoints = resources.all("aws_vpc_endpoint").filter(({ subnet_ids }) => subnet_ids !== undefined);
  const subnets = (blocks: readonly Block[], key: string) => blocks.reduce((sum, block) => sum + block[key].length, 0);
  // A load balancer has an address in each of its subnets.
  const addresses = resources.count("aws_eip") + subnets(resources.all("aws_lb"), "subnets");
  return [
    ...resources
      .all("aws_elasticache_replication_group")
      .map((group) => ({ price: known(`${group.node_type} ${group.engine}`), amount: nodesOf(group) })),
    ...resources
      .all("aws_elasticache_cluster")
      .map((cluster) => ({ price: known(`${cluster.node_type} redis`), amount: Number(cluster.num_cache_nodes) })),
    ...resources.all("aws_instance").flatMap(({ instance_type, root_block_device }) => {
      return machines(instance_type, root_block_device, 1);
    }),
    ...fleets(resources),
    ...resources.all("aws_ecs_service").flatMap((service) => tasks(resources, service)),
    { price: "loadBalancer", amount: resources.count("aws_lb") },
    { price: "nat", amount: resources.count("aws_nat_gateway") },
    { price: "endpoint", amount: subnets(endpoints, "subnet_ids") },
    { price: "address", amount: addresses },
    { price: "alarm", amount: resources.count("aws_cloudwatch_metric_alarm") },
    { price: "dashboard", amount: resources.count("aws_cloudwatch_dashboard") },
    { price: "secret", amount: resources.count("aws_secretsmanager_secret") },
  ];
}

function nodesOf({ num_cache_clusters, num_node_groups, replicas_per_node_group = 0 }: Block): number {
  return num_node_groups === undefined ? num_cache_clusters : num_node_groups * (1 + replicas_per_node_group);
}

function machines(type: string, disk: Block | undefined, count: number): Line[] {
  return [
    { price: known(type), amount: count },
    { price: "gp3", amount: count * Number(disk?.volume_size ?? AMAZON_LINUX_GB) },
  ];
}

/** As many instances as there are at least. */
function fleets(resources: Resources): Line[] {
  return resources.all("aws_autoscaling_group").flatMap(({ launch_template, min_size }) => {
    const template = resources.at("aws_launch_template", launch_template.id);
    const [disk] = [template.block_device_mappings ?? []].flat();
    return machines(template.instance_type, disk?.ebs, Number(min_size));
  });
}

/** As many tasks as there are at least; on instances they cost nothing of their own. */
function tasks(resources: Resources, { launch_type, task_definition, desired_count }: Block): Line[] {
  if (launch_type !== "FARGATE") return [];
  const { cpu, memory, runtime_platform } = resources.at("aws_ecs_task_definition", task_definition);
  const of = (what: string, units: string) => ({
    price: known(`${runtime_platform.cpu_architecture} ${what}`),
    amount: (Number(desired_count) * Number(units)) / 1024,
  });
  return [of("vcpu", cpu), of("gb", memory)];
}

/** A small site: what it uses of what the stack has. */
function used(resources: Resources): Line[] {
  const when = (type: string, price: PriceKey, amount: number, assumes: string): Line => {
    return { price, amount: resources.count(type) > 0 ? amount : 0, assumes };
  };
  const requests = `${REQUESTS} million requests`;
  const app = resources.all("aws_lambda_function").filter(({ function_name }) => function_name.includes("web"))[0];
  const gbSeconds = (Number(app?.memory_size ?? 0) / 1024) * REQUESTS * 1_000_000 * LAMBDA_SECONDS;
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
