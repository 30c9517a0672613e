import { block, type Configuration, type Resource, UnknownValueError, type Value } from "../../terraform/configuration";

/** A type of instance, and the zones that its instances are to be in. */
export interface WantedInstances {
  readonly type: string;
  /** Names of zones, as in `ap-northeast-1a`; none where the stack does not tell. */
  readonly zones: readonly string[];
}

/** The engine and the node type of a cache that a stack wants. */
export interface WantedCache {
  readonly engine: string;
  readonly version: string;
  readonly nodeType: string;
}

/** An argument as text; undefined if it is absent, or known only after apply. */
function readText({ values }: Resource, argument: string): string | undefined {
  const value = readKnown(() => values[argument]);
  return typeof value === "string" && !value.includes("${") ? value : undefined;
}

/** An argument that is known only after apply is undefined. */
function readKnown(read: () => Value | undefined): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** The zones of a stack's subnets. */
export function listZones(stack: Configuration): string[] {
  const zones = stack.of("aws_subnet").flatMap((subnet) => readText(subnet, "availability_zone") ?? []);
  return [...new Set(zones)].sort();
}

/** Caches of a stack. A member of a replication group is not counted again. */
export function listCaches(stack: Configuration): WantedCache[] {
  return stack.of("aws_elasticache_replication_group", "aws_elasticache_cluster").flatMap((cache) => {
    const [engine = "redis", version, nodeType] = ["engine", "engine_version", "node_type"].map((one) =>
      readText(cache, one),
    );
    return version === undefined || nodeType === undefined ? [] : [{ engine, version, nodeType }];
  });
}

/** Instances of a stack, and of its fleets. */
export function listInstances(stack: Configuration): WantedInstances[] {
  const zonesOf = (resource: Resource, argument: string) =>
    stack.behind(resource, argument, "aws_subnet").flatMap((subnet) => readText(subnet, "availability_zone") ?? []);
  const single = stack.of("aws_instance").map((instance) => ({
    type: readText(instance, "instance_type"),
    zones: zonesOf(instance, "subnet_id"),
  }));
  const fleets = stack.of("aws_autoscaling_group").map((group) => {
    const [template] = stack.behind(group, "launch_template", "aws_launch_template");
    return {
      type: template && readText(template, "instance_type"),
      zones: zonesOf(group, "vpc_zone_identifier"),
    };
  });
  return [...single, ...fleets].flatMap(({ type, zones }) => (type === undefined ? [] : [{ type, zones }]));
}

/** A function that connects to a cache. */
export interface WantedFunction {
  readonly name: string;
  readonly nodeType: string;
  /** A process has one connection to each node, and in cluster mode one more, which reads the slots. */
  readonly connectionsEach: number;
  /** Runs at once that are reserved for it; undefined without. */
  readonly reserved: number | undefined;
}

const REDIS_VARIABLES = ["REDIS_URL", "REDIS_CLUSTER_ENDPOINT"];

/** Functions of a stack that has one cache, which the functions connect to. */
export function listFunctions(stack: Configuration): WantedFunction[] {
  const [cache] = stack.of("aws_elasticache_replication_group");
  const nodeType = cache && readText(cache, "node_type");
  if (nodeType === undefined) return [];
  return stack.of("aws_lambda_function").flatMap((one) => {
    const variables = Object.keys(block(block(readKnown(() => one.values.environment)).variables));
    const name = readText(one, "function_name");
    if (name === undefined || !variables.some((variable) => REDIS_VARIABLES.includes(variable))) return [];
    const reserved = readKnown(() => one.values.reserved_concurrent_executions);
    return [
      {
        name,
        nodeType,
        connectionsEach: variables.includes("REDIS_CLUSTER_MODE") ? 2 : 1,
        reserved: typeof reserved === "number" && reserved >= 0 ? reserved : undefined,
      },
    ];
  });
}
