import { block, blocks, texts, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import type { Moment, Plan } from "../plan";
import type { End } from "./network";
import { readReference, readReferences } from "./references";

const GROUP = "aws_security_group";
const SUBNET = "aws_subnet";
const TARGET_GROUP = "aws_lb_target_group";

/** Docker's own choice of a port on an instance. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
const DYNAMIC_PORTS = [32_768, 60_999];

/** An app that visitors reach, and that keeps its sessions in a cache. */
export interface App extends End {
  readonly address: string;
  /** Address of the role that it signs calls of AWS as. */
  readonly role: string | undefined;
  /** The text that tells it of its cache and user: environment, or user data. */
  readonly told: string;
  /** Target groups that it is registered with, and the ports. */
  readonly targets: readonly Target[];
}

interface Target {
  readonly group: string;
  /** None where the plan does not tell them; undefined where the target group's own holds. */
  readonly ports: readonly number[] | undefined;
}

/** All apps of a plan at one moment: services, functions, instances and fleets. */
export function findApps(plan: Plan, moment: Moment): App[] {
  const registered = registrations(plan, moment);
  return [
    ...plan.existing(moment, "aws_ecs_service").map((change) => service(plan, change, moment)),
    ...plan.existing(moment, "aws_lambda_function").map((change) => lambda(plan, change, moment)),
    ...plan.existing(moment, "aws_instance").map((change) => instance(plan, change, moment)),
    ...plan.existing(moment, "aws_autoscaling_group").map((change) => fleet(plan, change, moment)),
  ].map((app) => ({ ...app, targets: [...app.targets, ...(registered.get(app.address) ?? [])] }));
}

/** Where the block of a resource puts an app. */
function placeIn(plan: Plan, change: Change, moment: Moment, argument: string, groups: string, subnets: string) {
  return {
    groups: readReferences(plan, change, moment, { argument, inside: groups, type: GROUP }).names,
    subnets: readReferences(plan, change, moment, { argument, inside: subnets, type: SUBNET }).names,
  };
}

function service(plan: Plan, change: Change, moment: Moment): App {
  const values = change[moment] as Values;
  const task = readReference(plan, change, moment, { argument: "task_definition", type: "aws_ecs_task_definition" });
  const definition = task === undefined ? undefined : plan.at(task);
  const containers = parseContainers((definition && plan.text(definition, "container_definitions", moment)) ?? "");
  const own = blocks(values.network_configuration).length > 0;
  const place = own
    ? placeIn(plan, change, moment, "network_configuration", "security_groups", "subnets")
    : findHosts(plan, change, moment);
  const later = plan.refersTo(change, "load_balancer").filter((one) => plan.at(one)?.type === TARGET_GROUP);
  return {
    ...{ address: change.address, name: plan.names.of(change.address), ...place },
    role: definition && readReference(plan, definition, moment, { argument: "task_role_arn", type: "aws_iam_role" }),
    told: JSON.stringify(containers.map(({ environment }) => environment ?? [])),
    targets: blocks(values.load_balancer).flatMap(({ target_group_arn, container_name, container_port }) => {
      const known = texts(target_group_arn).map((arn) => plan.find(TARGET_GROUP, arn, moment) ?? arn);
      const container = containers.find(({ name }) => name === container_name);
      const ports = container === undefined ? [] : findHostPorts(container, Number(container_port));
      return (known.length > 0 ? known : later).map((group) => ({ group, ports }));
    }),
  };
}

function findHostPorts({ portMappings }: Container, port: number): readonly number[] {
  const mapping = portMappings?.find(({ containerPort }) => containerPort === port);
  return mapping?.hostPort === 0 ? DYNAMIC_PORTS : [mapping?.hostPort ?? port];
}

interface Container {
  readonly name?: string;
  readonly environment?: unknown;
  readonly portMappings?: readonly { readonly containerPort?: number; readonly hostPort?: number }[];
}

function parseContainers(text: string): readonly Container[] {
  try {
    const containers = JSON.parse(text);
    return Array.isArray(containers) ? containers : [];
  } catch {
    // It is known only after apply, or AWS refuses it.
    return [];
  }
}

/** Tasks without a network of their own are on the instances of their capacity provider. */
function findHosts(plan: Plan, change: Change, moment: Moment): Pick<End, "groups" | "subnets"> {
  const provider = readReference(plan, change, moment, {
    argument: "capacity_provider_strategy",
    inside: "capacity_provider",
    type: "aws_ecs_capacity_provider",
  });
  const found = provider === undefined ? undefined : plan.at(provider);
  const fleet_ =
    found &&
    readReference(plan, found, moment, {
      argument: "auto_scaling_group_provider",
      inside: "auto_scaling_group_arn",
      type: "aws_autoscaling_group",
    });
  const group = fleet_ === undefined ? undefined : plan.at(fleet_);
  return group === undefined ? { groups: [], subnets: [] } : placeOfFleet(plan, group, moment);
}

function lambda(plan: Plan, change: Change, moment: Moment): App {
  return {
    ...{ address: change.address, name: plan.names.of(change.address), targets: [] },
    ...placeIn(plan, change, moment, "vpc_config", "security_group_ids", "subnet_ids"),
    role: readReference(plan, change, moment, { argument: "role", type: "aws_iam_role" }),
    told: JSON.stringify(block(change[moment]?.environment).variables ?? {}),
  };
}

function instance(plan: Plan, change: Change, moment: Moment): App {
  const groups = readReferences(plan, change, moment, { argument: "vpc_security_group_ids", type: GROUP }).names;
  return {
    ...{ address: change.address, name: plan.names.of(change.address), targets: [], groups },
    subnets: readReferences(plan, change, moment, { argument: "subnet_id", type: SUBNET }).names,
    role: findRole(plan, change, moment, { argument: "iam_instance_profile" }),
    told: userData(plan, change, moment),
  };
}

function fleet(plan: Plan, change: Change, moment: Moment): App {
  const template = findTemplate(plan, change, moment);
  const groups = readReferences(plan, change, moment, { argument: "target_group_arns", type: TARGET_GROUP }).names;
  // The state has an empty text for the other of both.
  const inside = block(template?.[moment]?.iam_instance_profile).name ? "name" : "arn";
  return {
    ...{ address: change.address, name: plan.names.of(change.address), ...placeOfFleet(plan, change, moment) },
    role: template && findRole(plan, template, moment, { argument: "iam_instance_profile", inside }),
    told: template === undefined ? "" : userData(plan, template, moment),
    targets: groups.map((group) => ({ group, ports: undefined })),
  };
}

function findTemplate(plan: Plan, change: Change, moment: Moment): Change | undefined {
  const template = ["id", "name"]
    .map((inside) =>
      readReference(plan, change, moment, { argument: "launch_template", inside, type: "aws_launch_template" }),
    )
    .find((one) => one !== undefined && plan.at(one) !== undefined);
  return template === undefined ? undefined : plan.at(template);
}

function placeOfFleet(plan: Plan, change: Change, moment: Moment): Pick<End, "groups" | "subnets"> {
  const template = findTemplate(plan, change, moment);
  const inInterfaces = { argument: "network_interfaces", inside: "security_groups", type: GROUP };
  const groups =
    template === undefined
      ? []
      : [
          ...readReferences(plan, template, moment, { argument: "vpc_security_group_ids", type: GROUP }).names,
          ...readReferences(plan, template, moment, inInterfaces).names,
        ];
  return {
    groups,
    subnets: readReferences(plan, change, moment, { argument: "vpc_zone_identifier", type: SUBNET }).names,
  };
}

function findRole(
  plan: Plan,
  change: Change,
  moment: Moment,
  at: { readonly argument: string; readonly inside?: string },
): string | undefined {
  const profile = readReference(plan, change, moment, { ...at, type: "aws_iam_instance_profile" });
  const found = profile === undefined ? undefined : plan.at(profile);
  return found && readReference(plan, found, moment, { argument: "role", type: "aws_iam_role" });
}

/** User data as text: a template has it in base64, a state of an instance its hash. */
function userData(plan: Plan, change: Change, moment: Moment): string {
  const text = plan.text(change, "user_data", moment) ?? plan.text(change, "user_data_base64", moment) ?? "";
  return `${text}\n${Buffer.from(text, "base64").toString("utf8")}`;
}

/** Registrations that are resources by themselves, by the app's address. */
function registrations(plan: Plan, moment: Moment): ReadonlyMap<string, readonly Target[]> {
  const targets = new Map<string, Target[]>();
  const add = (change: Change, group: string, app: string, type: string) => {
    const port = change[moment]?.port;
    const ports = typeof port === "number" ? [port] : undefined;
    const groups = readReferences(plan, change, moment, { argument: group, type: TARGET_GROUP }).names;
    for (const address of readReferences(plan, change, moment, { argument: app, type }).names) {
      targets.set(address, [...(targets.get(address) ?? []), ...groups.map((one) => ({ group: one, ports }))]);
    }
  };
  for (const change of plan.existing(moment, "aws_lb_target_group_attachment", "aws_alb_target_group_attachment")) {
    for (const type of ["aws_instance", "aws_lambda_function"]) add(change, "target_group_arn", "target_id", type);
  }
  for (const change of plan.existing(moment, "aws_autoscaling_attachment")) {
    add(change, "lb_target_group_arn", "autoscaling_group_name", "aws_autoscaling_group");
  }
  return targets;
}
