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
import { APP_USER, type ResolvedBaseImages, type ResolvedImage } from "./container-image";
import { type CpuArchitecture, LaunchType } from "./launch-type";
import type { TaskRoles } from "./task-roles";
import type { TaskSize } from "./task-size";
import { variables } from "./variables";

/** The settings that all tasks of a topology share. */
export interface TaskSettings {
  readonly app: WebApp;
  /** Image of the app. Undefined for the base images with the app's file from S3. */
  readonly image: ResolvedImage | undefined;
  readonly baseImages: ResolvedBaseImages;
  readonly launchType: LaunchType;
  readonly architecture: CpuArchitecture;
  readonly environment: Readonly<Record<string, string>>;
  readonly roles: TaskRoles;
  readonly logGroup: LogGroup;
  readonly readonlyRootFilesystem: boolean;
  /** Whether ECS opens shells in the tasks. */
  readonly executeCommand: boolean;
  /** Time from SIGTERM to SIGKILL. */
  readonly stopTimeoutSeconds: number;
}

/** Properties of a {@link Task}. */
export interface TaskProps {
  readonly settings: TaskSettings;
  readonly size: TaskSize;
  /** First part of the names of its log streams. */
  readonly streamPrefix: string;
  /** Command of the container. @default - serves on the app's port */
  readonly command?: readonly string[];
}

/** The container that the load balancer sends requests to. */
export const APP_CONTAINER = "app";

/** Limit of open files, the same as on Fargate. Docker's default on an instance is much lower. */
const OPEN_FILES = 65_535;
/** Size of the log buffer. Docker drops lines beyond it, so that an outage of CloudWatch Logs does not stop the app. */
const LOG_BUFFER = "4m";

/**
 * A task definition. The app runs as a user without privileges, on a read-only file system. Without an image of the app, an init
 * container downloads the app's file first.
 */
export class Task extends Construct {
  /** ARN with the revision. A new revision starts a deployment. */
  readonly arn: string;
  /** Name of the family, for references to the newest revision. */
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
      // ECS can roll back to active revisions only. Old revisions cost nothing.
      skipDestroy: true,
      containerDefinitions: JSON.stringify(this.#containers(props)),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.arn = definition.arn;
    this.family = definition.family;
    this.dependables = [definition];
  }

  #containers({ settings, streamPrefix, command }: TaskProps): object[] {
    const { app, image, baseImages, launchType } = settings;
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
      // Fargate does not support the option, and the image has nothing to gain privileges with.
      ...(launchType === LaunchType.EC2 && { dockerSecurityOptions: ["no-new-privileges"] }),
      environment: variables(settings.environment),
      ...(serving && { portMappings: [mapPort(app, launchType)] }),
      ulimits: [{ name: "nofile", softLimit: OPEN_FILES, hardLimit: OPEN_FILES }],
      stopTimeout: settings.stopTimeoutSeconds,
      logConfiguration,
    };
    if (image !== undefined) return [container];
    return [fetchContainer(app.artifact, baseImages.awsCli.uri, region, logConfiguration), container];
  }

  #program({ app, image, baseImages }: TaskSettings): object {
    if (image !== undefined) return { image: image.uri, user: image.user };
    return {
      image: baseImages.node.uri,
      user: APP_USER,
      entryPoint: ["node", bundlePath(app.artifact)],
      mountPoints: [BUNDLE_MOUNT],
      dependsOn: [{ containerName: FETCH_CONTAINER, condition: "SUCCESS" }],
    };
  }
}

/** On an instance, host port 0 is any free port. So several tasks fit on one instance, and a new task starts beside the old. */
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
