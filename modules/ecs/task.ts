import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { LogGroup } from "../logs";
import { buildName, NameLimits } from "../naming";
import { findRegion } from "../stack/region";
import { numberToText } from "../validation";
import type { WebApp } from "../web-app";
import { BUNDLE_MOUNT, BUNDLE_VOLUME, bundlePath, FETCH_CONTAINER, fetchContainer } from "./bundle-volume";
import { NO_CAPABILITIES } from "./capabilities";
import { APP_USER, NODE_IMAGE, type ResolvedImage } from "./container-image";
import { type CpuArchitecture, LaunchType } from "./launch-type";
import type { TaskRoles } from "./task-roles";
import type { TaskSize } from "./task-size";
import { variables } from "./variables";

/** The settings that all tasks of a topology share. */
export interface TaskSettings {
  readonly app: WebApp;
  /** Undefined: Node's own image, and the app's file out of S3. */
  readonly image: ResolvedImage | undefined;
  readonly launchType: LaunchType;
  readonly architecture: CpuArchitecture;
  readonly environment: Readonly<Record<string, string>>;
  readonly roles: TaskRoles;
  readonly logGroup: LogGroup;
  readonly readonlyRootFilesystem: boolean;
  /** Whether ECS opens shells in the tasks. */
  readonly executeCommand: boolean;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutSeconds: number;
}

/** Properties of a {@link Task}. */
export interface TaskProps {
  readonly settings: TaskSettings;
  readonly size: TaskSize;
  /** First part of its log streams' names. */
  readonly streamPrefix: string;
  /** Its command. @default - to serve, on the app's port */
  readonly command?: readonly string[];
}

/** The container that the load balancer sends requests to. */
export const APP_CONTAINER = "app";

/** As many as an instance of Fargate has; Docker's own default on an instance is a fraction. */
const OPEN_FILES = 65_535;
/** What is not written by then is dropped: an outage of CloudWatch Logs must not stop the app. */
const LOG_BUFFER = "4m";

/**
 * A task definition: the app as a user without privileges on a file system it cannot write, and where there is no image
 * of it, a container before it that fetches its file.
 */
export class Task extends Construct {
  /** With the revision: a change of it is a deployment. */
  readonly arn: string;
  /** The family: a reference to it runs the newest revision. */
  readonly family: string;
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    const { settings, size } = props;
    const { launchType, architecture, image, roles } = settings;
    const definition = new EcsTaskDefinition(this, "definition", {
      family: buildName(this, NameLimits.ECS_TASK_FAMILY),
      requiresCompatibilities: [launchType],
      networkMode: launchType === LaunchType.FARGATE ? "awsvpc" : "bridge",
      cpu: numberToText(size.cpu),
      memory: numberToText(size.memoryMib),
      executionRoleArn: roles.executionArn,
      taskRoleArn: roles.task.arn,
      ...(launchType === LaunchType.FARGATE && {
        runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: architecture },
      }),
      ...(image === undefined && { volume: [{ name: BUNDLE_VOLUME }] }),
      // ECS goes back to a revision only as long as it is active. Old ones cost nothing.
      skipDestroy: true,
      containerDefinitions: JSON.stringify(this.#containers(props)),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.arn = definition.arn;
    this.family = definition.family;
    this.dependables = [definition];
  }

  #containers({ settings, streamPrefix, command }: TaskProps): object[] {
    const { app, image, launchType } = settings;
    const region = findRegion(this);
    const logConfiguration = logTo(settings.logGroup, region, streamPrefix);
    const serving = command === undefined;
    const container = {
      name: APP_CONTAINER,
      essential: true,
      ...this.#program(settings),
      ...(!serving && { command }),
      readonlyRootFilesystem: settings.readonlyRootFilesystem,
      linuxParameters: {
        initProcessEnabled: true,
        ...(!settings.executeCommand && { capabilities: NO_CAPABILITIES }),
      },
      // Fargate has no such option, and nothing in the image to gain privileges by.
      ...(launchType === LaunchType.EC2 && { dockerSecurityOptions: ["no-new-privileges"] }),
      environment: variables(settings.environment),
      ...(serving && { portMappings: [mapPort(app, launchType)] }),
      ulimits: [{ name: "nofile", softLimit: OPEN_FILES, hardLimit: OPEN_FILES }],
      stopTimeout: settings.stopTimeoutSeconds,
      logConfiguration,
    };
    return image === undefined ? [fetchContainer(app.artifact, region, logConfiguration), container] : [container];
  }

  #program({ app, image }: TaskSettings): object {
    if (image !== undefined) return { image: image.uri, user: image.user };
    return {
      image: NODE_IMAGE,
      user: APP_USER,
      entryPoint: ["node", bundlePath(app.artifact)],
      mountPoints: [BUNDLE_MOUNT],
      dependsOn: [{ containerName: FETCH_CONTAINER, condition: "SUCCESS" }],
    };
  }
}

/** On an instance, 0 is any port that is free: several tasks fit on one, and a new one comes up beside the old. */
function mapPort({ port }: WebApp, launchType: LaunchType): object {
  return { containerPort: port, hostPort: launchType === LaunchType.FARGATE ? port : 0, protocol: "tcp" };
}

function logTo(logGroup: LogGroup, region: string, streamPrefix: string): object {
  return {
    logDriver: "awslogs",
    options: {
      "awslogs-group": logGroup.name,
      "awslogs-region": region,
      "awslogs-stream-prefix": streamPrefix,
      mode: "non-blocking",
      "max-buffer-size": LOG_BUFFER,
    },
  };
}
