import { type Configuration, isTrue, type Resource } from "../terraform/configuration";
import { findArrows } from "./arrows";
import type { Box, Drawing, Part } from "./drawing";
import { buildId, findParts } from "./parts";
import { Subnets } from "./subnets";

/** Draws the parts of a stack that a reader needs to follow a request. */
export function draw(stack: Configuration): Drawing {
  const subnets = new Subnets(stack);
  const all = buildBoxes(stack, findParts(stack, subnets));
  const arrows = findArrows(stack, all);
  const touched = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  const [vpc] = stack.of("aws_vpc");
  return {
    vpc: vpc === undefined ? "VPC" : `VPC ${vpc.values.cidr_block}`,
    subnets: subnets.titles(),
    // Boxes without an arrow, as gateway endpoints without a rule, are left out.
    boxes: all.filter(({ id }) => touched.has(id)),
    arrows,
  };
}

/** Groups parts into boxes. Parts in the same security group are one box. */
function buildBoxes(stack: Configuration, parts: readonly Part[]): Box[] {
  const boxes = new Map<string, Part[]>();
  for (const part of parts) {
    const key = part.group ?? (part.lines[0] === "NAT gateway" ? "nat" : part.id);
    boxes.set(key, [...(boxes.get(key) ?? []), part]);
  }
  return [...boxes].map(([key, inside]) => {
    const first = inside[0] as Part;
    const title = findTitle(stack, inside);
    const isItsOnlyPart = inside.length === 1 && title === undefined;
    return {
      id: isItsOnlyPart ? first.id : `group_${buildId(key)}`,
      title: title ?? `${first.lines[0]}s`,
      place: first.place,
      parts: inside,
    };
  });
}

/** The title of a box, for resources that need one: caches, services and endpoints. */
function findTitle(stack: Configuration, parts: readonly Part[]): string | undefined {
  const addresses = parts.filter(({ group }) => group !== undefined).flatMap(({ resources }) => resources);
  const titled = stack.resources.find(({ address, type }) => addresses.includes(address) && type in TITLES);
  return titled && TITLES[titled.type]?.(titled);
}

const ENGINES: Readonly<Record<string, string>> = { redis: "Redis", valkey: "Valkey", memcached: "memcached" };

/** Titles are short, because Mermaid wraps a title at 200 pixels, over the parts below it. */
const TITLES: Readonly<Record<string, (resource: Resource) => string>> = {
  aws_elasticache_replication_group: ({ values: { engine, engine_version, transit_encryption_enabled } }) =>
    `${engine === "valkey" ? "Valkey" : "Redis"} ${engine_version}${isTrue(transit_encryption_enabled) ? ", TLS" : ""}`,
  // A serverless cache always has TLS.
  aws_elasticache_serverless_cache: ({ values: { engine, major_engine_version } }) =>
    `${ENGINES[String(engine)] ?? engine}${major_engine_version ? ` ${major_engine_version}` : ""}, TLS`,
  aws_elasticache_cluster: ({ values: { engine_version, transit_encryption_enabled } }) =>
    `memcached ${engine_version}${isTrue(transit_encryption_enabled) ? ", TLS" : ""}`,
  aws_vpc_endpoint: () => "VPC endpoints",
  aws_ecs_service: ({ values: { launch_type } }) => (launch_type === "FARGATE" ? "ECS on Fargate" : "ECS on instances"),
};
