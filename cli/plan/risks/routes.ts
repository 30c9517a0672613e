import { blocks, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import type { Consequence } from "../effects/effect";
import type { Moment, Plan } from "../plan";
import type { Risk } from "../risk";

const TABLE = "aws_route_table";
const TABLES = [TABLE, "aws_default_route_table"];
const ROUTE = "aws_route";
const ASSOCIATION = "aws_route_table_association";
const DESTINATIONS = [
  "destination_cidr_block",
  "cidr_block",
  "destination_ipv6_cidr_block",
  "ipv6_cidr_block",
  "destination_prefix_list_id",
];
const TARGETS = [
  ["gateway_id", "aws_internet_gateway"],
  ["nat_gateway_id", "aws_nat_gateway"],
  ["egress_only_gateway_id", "aws_egress_only_internet_gateway"],
  ["transit_gateway_id", "aws_ec2_transit_gateway"],
  ["vpc_peering_connection_id", "aws_vpc_peering_connection"],
  ["network_interface_id", "aws_network_interface"],
  ["vpc_endpoint_id", "aws_vpc_endpoint"],
  ["instance_id", "aws_instance"],
] as const;

/** A way out of the subnets of a route table. */
export interface Route {
  readonly address: string;
  readonly table: string;
  readonly destination: string;
  readonly target: string;
  readonly isInternetGateway: boolean;
}

/** Routes that go, lead elsewhere, or lead to the internet first, and subnets that get other routes. */
export function compareRoutes(plan: Plan): readonly (Risk & Pick<Consequence, "kind">)[] {
  return [...ofRoutes(plan), ...ofSubnets(plan)];
}

function ofRoutes(plan: Plan): (Risk & Pick<Consequence, "kind">)[] {
  const [before, after] = [routes(plan, "before"), routes(plan, "after")];
  const gone = [...before.values()].flatMap((route) => {
    const now = after.get(buildKey(route));
    if (now?.target === route.target || !isKept(plan, route.table)) return [];
    const from = `from ${plan.names.of(route.table)} to ${route.destination}`;
    const what = now === undefined ? `no route ${from} any more` : `another route ${from}: connections break`;
    return [{ kind: "interruptions" as const, address: route.address, what }];
  });
  const opened = [...after.values()].flatMap((route) => {
    const { address, table, destination, isInternetGateway } = route;
    // A subnet of a new table is new itself.
    if (!isInternetGateway || before.get(buildKey(route))?.isInternetGateway || isNew(plan, table)) return [];
    const what = `routes ${plan.names.of(table)} to the internet (${destination}): addresses in its subnets are reached from there`;
    return [{ kind: "ports" as const, address, what }];
  });
  return [...gone, ...opened];
}

const buildKey = ({ table, destination }: Route) => `${table} ${destination}`;

/** All routes at one moment, by table and destination. */
export function routes(plan: Plan, moment: Moment): ReadonlyMap<string, Route> {
  const separate = plan.of(ROUTE).flatMap((change) => {
    const [table = change.address] = TABLES.flatMap((type) => plan.targets(change, "route_table_id", moment, type));
    return readRoute(plan, change, change[moment], table, moment);
  });
  const inline = plan.of(...TABLES).flatMap((change) =>
    blocks(change[moment]?.route).flatMap((values) => {
      const inside = { ...change, [moment]: values, unknown: {} };
      return readRoute(plan, inside, values, change.address, moment);
    }),
  );
  return new Map([...separate, ...inline].map((route) => [buildKey(route), route]));
}

function readRoute(plan: Plan, change: Change, values: Values | undefined, table: string, moment: Moment): Route[] {
  const destination = DESTINATIONS.map((name) => values?.[name]).find((one) => typeof one === "string" && one !== "");
  if (typeof destination !== "string") return [];
  const targets = TARGETS.flatMap(([argument, type]) => plan.targets(change, argument, moment, type));
  const [target = "known after apply"] = targets;
  const isInternetGateway = target.startsWith("igw-") || target.includes("aws_internet_gateway.");
  return [{ address: change.address, table, destination, target, isInternetGateway }];
}

/** The route table of a subnet; without one of its own it has the VPC's main one. */
function ofSubnets(plan: Plan): (Risk & Pick<Consequence, "kind">)[] {
  const [before, after] = (["before", "after"] as const).map((moment) => tablesOfSubnets(plan, moment));
  return [...(before ?? [])].flatMap(([subnet, { table, address }]) => {
    const now = after?.get(subnet);
    if (now?.table === table || !isKept(plan, subnet)) return [];
    const name = plan.names.of(subnet);
    const what =
      now === undefined
        ? `${name} leaves ${plan.names.of(table)}: it gets the routes of the main table`
        : `${name} gets the routes of ${plan.names.of(now.table)}: connections break`;
    return [{ kind: "interruptions" as const, address, what }];
  });
}

/** Route tables by subnet, each with the association that says so. */
export function tablesOfSubnets(
  plan: Plan,
  moment: Moment,
): ReadonlyMap<string, { readonly table: string; readonly address: string }> {
  return new Map(
    plan.of(ASSOCIATION).flatMap((change) => {
      const [subnet] = plan.targets(change, "subnet_id", moment, "aws_subnet");
      const [table] = plan.targets(change, "route_table_id", moment, TABLE);
      if (change[moment] === undefined || subnet === undefined || table === undefined) return [];
      return [[subnet, { table, address: change.address }] as const];
    }),
  );
}

function isKept(plan: Plan, address: string): boolean {
  const change = plan.at(address);
  return change === undefined || change.after !== undefined;
}

function isNew(plan: Plan, address: string): boolean {
  return plan.at(address)?.action === "create";
}
