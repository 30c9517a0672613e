import { block, blocks, isTrue, texts, type Value, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import { downWhile, otherRole } from "./compute";
import {
  type Consequence,
  calm,
  type Effect,
  each,
  effects,
  ended,
  interruption,
  interrupts,
  isOther,
  type TypeEffects,
  unjudged,
} from "./effect";
import { readVariables, variablesBetween } from "./environment-variables";
import { leftBehind } from "./left-behind";
import { goneFrom } from "./lists";

/** New tasks start and the old ones drain, as long as some have to be healthy meanwhile. */
const deploys: Effect = ({ after }) =>
  after?.deployment_minimum_healthy_percent === 0 && Number(after?.desired_count ?? 1) > 0
    ? [interruption("deploys and may end all its tasks first (deployment_minimum_healthy_percent 0)")]
    : [{ kind: "note", what: "deploys: new tasks start, the old ones drain" }];

const count: Effect = ({ before, after, unknown }) => {
  if (unknown.desired_count === true) return [];
  const [was, is] = [before, after].map((values) => Number(values?.desired_count ?? 0));
  if (is === 0 && was !== 0) return [interruption("runs no tasks any more (desired_count 0)")];
  return [];
};

const servicePlace: Effect = (change, plan) => {
  const [was, is] = [change.before, change.after].map((values) => block(values?.network_configuration));
  const inside = {
    ...change,
    before: was ?? {},
    after: is ?? {},
    unknown: block(change.unknown.network_configuration),
  };
  const gone = goneFrom(inside, plan, "security_groups", "aws_security_group");
  return [
    ...(deploys(change, plan) ?? []),
    ...(gone.length === 0
      ? []
      : [interruption(`leaves the security group ${gone.join(", ")}: connections that it let in are cut`)]),
    ...(isTrue(is?.assign_public_ip) && !isTrue(was?.assign_public_ip)
      ? ([{ kind: "ports", what: "gives its tasks addresses on the internet" }] as const)
      : isTrue(was?.assign_public_ip) && !isTrue(is?.assign_public_ip)
        ? [interruption("gives its tasks no address on the internet: without a NAT gateway they reach nothing")]
        : []),
  ];
};

const balancers: Effect = ({ before, after, unknown }) => {
  if (JSON.stringify(unknown.load_balancer ?? null).includes("true")) {
    return [interruption("gets its requests from another target group")];
  }
  const groups = (values: Values | undefined) =>
    blocks(values?.load_balancer).map(({ target_group_arn }) => target_group_arn);
  const gone = groups(before).filter((group) => !groups(after).includes(group));
  return gone.length > 0 || JSON.stringify(before?.load_balancer) !== JSON.stringify(after?.load_balancer)
    ? [interruption("gets its requests otherwise: those of its target group before reach no task")]
    : [];
};

/** Containers of a revision, each under its name. */
function parseContainers(definitions: Value | undefined): ReadonlyMap<string, Values> | undefined {
  try {
    const containers = JSON.parse(String(definitions)) as Values[];
    return new Map(containers.map((container) => [String(container.name), container]));
  } catch {
    return undefined;
  }
}

/** Arguments of a container that change nothing for visitors once its tasks are healthy. */
const CONTAINER_CALM = [
  "image",
  "command",
  "logConfiguration",
  "dockerLabels",
  "startTimeout",
  "stopTimeout",
  "readonlyRootFilesystem",
  "linuxParameters",
  "dependsOn",
  "entryPoint",
  "healthCheck",
  "ulimits",
  "mountPoints",
  "volumesFrom",
  "systemControls",
  "user",
  "essential",
  "cpu",
  "portMappings",
  "workingDirectory",
];

const containers: Effect = ({ before, after, unknown }, plan) => {
  if (unknown.container_definitions === true) return [];
  const [was, is] = [before, after].map((values) => parseContainers(values?.container_definitions));
  if (was === undefined || is === undefined) return undefined;
  const found: Consequence[] = [];
  for (const [name, container] of was) {
    const next = is.get(name);
    if (next === undefined) continue;
    const others = Object.keys({ ...container, ...next }).filter(
      (key) => JSON.stringify(container[key] ?? null) !== JSON.stringify(next[key] ?? null),
    );
    const variables = variablesBetween(readVariables(container.environment), readVariables(next.environment), plan);
    const isKnown = others.every((key) => CONTAINER_CALM.includes(key) || key === "environment");
    if (variables === undefined || !isKnown) return undefined;
    found.push(...variables);
  }
  return found;
};

const REVISION: Readonly<Record<string, Effect>> = {
  task_role_arn: otherRole("task_role_arn", "aws_iam_role"),
  execution_role_arn: otherRole("execution_role_arn", "aws_iam_role"),
  container_definitions: containers,
  ...each(["cpu", "memory"], ({ before, after }) =>
    ["cpu", "memory"].some((one) => Number(after?.[one]) < Number(before?.[one])) ? undefined : [],
  ),
};
const REVISION_CALM = [
  "arn",
  "arn_without_revision",
  "revision",
  "id",
  "track_latest",
  "volume",
  "runtime_platform",
  "ephemeral_storage",
  "requires_compatibilities",
  "enable_fault_injection",
];

/** A revision is replaced by another for each change of it; services that name the new one deploy it. */
const revision: Effect = (change, plan) => {
  const arguments_ = Object.keys({ ...change.before, ...change.after }).filter((one) => isOther(change, one));
  const found: Consequence[] = [];
  for (const argument of arguments_) {
    if (REVISION_CALM.includes(argument) || isComputed(change, argument)) continue;
    const consequences = REVISION[argument]?.(change, plan);
    if (consequences === undefined) return undefined;
    found.push(...consequences);
  }
  return found;
};

/** Not written, and worked out by the provider. */
function isComputed({ before, after }: Change, argument: string): boolean {
  return (before?.[argument] ?? null) === null && (after?.[argument] ?? null) === null;
}

/** Effects of changes to ECS, ECR, Cloud Map and EKS, by resource type. */
export const CONTAINERS: Readonly<Record<string, TypeEffects>> = {
  aws_ecs_service: effects("AmazonECS/latest/developerguide/update-service-parameters.html", {
    destroyed: downWhile("its tasks run again"),
    calm: [
      "deployment_circuit_breaker",
      "deployment_controller",
      "deployment_maximum_percent",
      "deployment_minimum_healthy_percent",
      "alarms",
      "enable_ecs_managed_tags",
      "force_new_deployment",
      "health_check_grace_period_seconds",
      "ordered_placement_strategy",
      "placement_constraints",
      "availability_zone_rebalancing",
      "propagate_tags",
      "triggers",
      "wait_for_steady_state",
      "force_delete",
    ],
    changed: {
      ...each(["task_definition", "capacity_provider_strategy", "platform_version"], deploys),
      network_configuration: servicePlace,
      desired_count: count,
      load_balancer: balancers,
      enable_execute_command: ({ after }) =>
        isTrue(after?.enable_execute_command)
          ? [{ kind: "roles", what: "lets who may call ecs:ExecuteCommand run commands in its tasks" }]
          : [],
    },
  }),
  aws_ecs_task_definition: effects("AmazonECS/latest/developerguide/task_definition_parameters.html", {
    // Tasks that run go on; a service that names it starts no more of them.
    destroyed: leftBehind(ended("its tasks go on, and no new ones start")),
    replaced: revision,
    calm: ["skip_destroy", "track_latest"],
  }),
  aws_ecs_cluster: effects("AmazonECS/latest/developerguide/clusters.html", {
    destroyed: ended("everything that runs in it ends"),
    calm: ["setting", "configuration", "service_connect_defaults"],
  }),
  aws_ecs_cluster_capacity_providers: effects("AmazonECS/latest/developerguide/cluster-capacity-providers.html", {
    destroyed: ended("services start no tasks by them"),
    changed: { default_capacity_provider_strategy: calm, capacity_providers: unjudged },
  }),
  aws_ecs_capacity_provider: effects("AmazonECS/latest/developerguide/asg-capacity-providers.html", {
    destroyed: ended("services start no tasks by it"),
    changed: { auto_scaling_group_provider: calm },
  }),
  aws_ecr_repository: effects("AmazonECR/latest/userguide/Repositories.html", {
    destroyed: leftBehind(ended("tasks and functions start from its images no more")),
    calm: ["image_scanning_configuration", "image_tag_mutability", "force_delete"],
  }),
  aws_ecr_lifecycle_policy: effects("AmazonECR/latest/userguide/LifecyclePolicies.html", {
    destroyed: calm,
    changed: { policy: unjudged },
  }),
  aws_ecr_repository_policy: effects("AmazonECR/latest/userguide/repository-policies.html", {
    destroyed: ended("who may pull by it is refused"),
    compared: ["policy"],
  }),
  aws_service_discovery_service: effects("cloud-map/latest/dg/what-is-cloud-map.html", {
    destroyed: ended("its name leads nowhere"),
  }),
  aws_service_discovery_private_dns_namespace: effects("cloud-map/latest/dg/what-is-cloud-map.html", {
    destroyed: ended("its names lead nowhere"),
  }),
  aws_eks_cluster: effects("eks/latest/userguide/clusters.html", {
    destroyed: ended("everything that runs in it ends"),
    calm: ["enabled_cluster_log_types"],
    changed: {
      version: interrupts("is upgraded: nodes are replaced after it"),
      vpc_config: ({ before, after }) => {
        const [was, is] = [before, after].map((values) => block(values?.vpc_config));
        const more = texts(is?.public_access_cidrs).some((one) => !texts(was?.public_access_cidrs).includes(one));
        return more || (isTrue(is?.endpoint_public_access) && !isTrue(was?.endpoint_public_access))
          ? [{ kind: "ports", what: "opens its API to the internet" }]
          : undefined;
      },
    },
  }),
};
