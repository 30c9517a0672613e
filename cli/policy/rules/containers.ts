import {
  block,
  blocks,
  isTrue,
  type Resource,
  texts,
  UnknownValueError,
  type Value,
} from "../../terraform/configuration";
import { secretIn, secretsAmong } from "../../terraform/secret-text";
import type { Rule } from "../rule";

interface Container {
  readonly name?: string;
  readonly essential?: boolean;
  readonly user?: string;
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly stopTimeout?: number;
  readonly environment?: Value;
  readonly entryPoint?: Value;
  readonly command?: Value;
  readonly linuxParameters?: Value;
}

const TASK = ["aws_ecs_task_definition"];
const SERVICE = ["aws_ecs_service"];
const REPOSITORY = ["aws_ecr_repository"];

/** Rules for ECS tasks, services and image repositories. */
export const containerRules: readonly Rule[] = [
  {
    id: "container-not-root",
    on: TASK,
    // One that fetches files before the app starts and ends: a task volume on Fargate belongs to root.
    finds: eachContainer("runs as root", ({ user, essential }) => essential === false || !isRoot(user)),
  },
  {
    id: "container-read-only",
    also: "ECS.5, CKV_AWS_336",
    on: TASK,
    finds: eachContainer(
      "can write to its root file system",
      ({ readonlyRootFilesystem, essential }) => essential === false || readonlyRootFilesystem === true,
    ),
  },
  {
    id: "container-not-privileged",
    also: "ECS.4, CKV_AWS_334",
    on: TASK,
    finds: eachContainer("is privileged", ({ privileged }) => privileged !== true),
  },
  {
    id: "container-adds-no-capability",
    on: TASK,
    finds: eachContainer(
      "adds Linux capabilities",
      ({ linuxParameters }) => texts(block(block(linuxParameters).capabilities).add).length === 0,
    ),
  },
  {
    id: "task-not-in-host-namespaces",
    also: "ECS.3, ECS.17",
    on: TASK,
    finds({ values }) {
      const shared = [
        ...(values.network_mode === "host" ? ["network"] : []),
        ...(values.pid_mode === "host" ? ["processes"] : []),
        ...(values.ipc_mode === "host" ? ["IPC"] : []),
      ];
      return shared.length > 0 ? `shares the instance's ${shared.join(", ")} with its containers` : undefined;
    },
  },
  {
    id: "container-no-secret-in-environment",
    also: "ECS.8",
    on: TASK,
    finds: eachContainer("has a secret in its environment or its command", (container) => {
      const { entryPoint, command } = container;
      const isInCommand = secretIn([entryPoint, command].flatMap(texts).join(" ")) !== undefined;
      return !isInCommand && secretsAmong(variables(container)).length === 0;
    }),
  },
  {
    id: "container-stops-after-draining",
    on: TASK,
    finds: eachContainer("is killed while it drains: raise stopTimeout above DRAIN_SECONDS", (container) => {
      const drain = variables(container).find(([name]) => name === "DRAIN_SECONDS")?.[1];
      return drain === undefined || (container.stopTimeout ?? 30) > Number(drain);
    }),
  },
  {
    id: "task-roles-apart",
    on: TASK,
    finds(task) {
      const [app] = task.refersTo("task_role_arn");
      const [agent] = task.refersTo("execution_role_arn");
      return app !== undefined && app === agent ? "gives the app the role that starts it" : undefined;
    },
  },
  {
    id: "service-no-public-ip",
    also: "ECS.2, CKV_AWS_333",
    on: SERVICE,
    finds: ({ values }) =>
      isTrue(block(values.network_configuration).assign_public_ip) ? "gives each task a public address" : undefined,
  },
  {
    id: "service-rolls-back",
    on: SERVICE,
    finds({ values }) {
      const { enable, rollback } = block(values.deployment_circuit_breaker);
      return isTrue(enable) && isTrue(rollback) ? undefined : "goes on with a deployment that fails";
    },
  },
  {
    id: "repository-immutable",
    also: "ECR.2, CKV_AWS_51",
    on: REPOSITORY,
    finds: ({ values }) => (values.image_tag_mutability === "IMMUTABLE" ? undefined : "lets a tag change its image"),
  },
  {
    id: "repository-scans",
    also: "ECR.1, CKV_AWS_163",
    on: REPOSITORY,
    finds: ({ values }) =>
      isTrue(block(values.image_scanning_configuration).scan_on_push) ? undefined : "scans no image",
  },
  {
    id: "repository-tidy",
    also: "ECR.3",
    on: REPOSITORY,
    finds: (repository, configuration) =>
      configuration.pointingAt(repository, "aws_ecr_lifecycle_policy", "repository").length > 0
        ? undefined
        : "keeps every image for ever",
  },
];

function eachContainer(what: string, isFine: (container: Container) => boolean) {
  return ({ values }: Resource): string | undefined => {
    const guilty = parseContainers(values.container_definitions).filter((container) => !isFine(container));
    return guilty.length > 0 ? `${guilty.map(({ name }) => name).join(", ")} ${what}` : undefined;
  };
}

/** @throws {UnknownValueError} where the definitions are one reference, or made by a function of Terraform. */
function parseContainers(definitions: Value | undefined): readonly Container[] {
  if (typeof definitions !== "string") return [];
  if (definitions.startsWith("${")) throw new UnknownValueError("container_definitions");
  try {
    return blocks(JSON.parse(definitions));
  } catch {
    return [];
  }
}

function isRoot(user: string | undefined): boolean {
  return user === undefined || /^(root|0)(:|$)/.test(user);
}

function variables({ environment }: Container) {
  return blocks(environment).map(({ name, value }) => [String(name), value] as const);
}
