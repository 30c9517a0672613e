import type { LoadBalancerOptions } from "../load-balancer";
import { LOAD_BALANCER_OPTIONS } from "../load-balancer/props";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectOf, type PropTypes, required, TEXT } from "../validation";
import type { WebApp } from "../web-app";
import { WEB_APP } from "../web-app/web-app";
import { CONTAINER_IMAGE, type ContainerImage } from "./container-image";
import { CONTAINER_INSTANCES_OPTIONS, type ContainerInstancesOptions } from "./container-instances";
import type { CpuArchitecture, LaunchType } from "./launch-type";
import { TASK_SCALING_TARGETS, type TaskScalingTargets } from "./scaling";

/** The metrics of a cluster's tasks beside processor time and memory of a service; they cost money. */
export const ContainerInsights = {
  DISABLED: "disabled",
  /** By cluster, service and task. */
  ENABLED: "enabled",
  /** By container too. */
  ENHANCED: "enhanced",
} as const;
export type ContainerInsights = (typeof ContainerInsights)[keyof typeof ContainerInsights];

/** A service, and the paths it serves. */
export interface PathService {
  /**
   * Names it among the others: letters, digits and hyphens. The address of all that is its own comes from it, so that
   * further services change none.
   */
  readonly key: string;
  /**
   * What a request's path must match, as {@link PathRule.paths} has it. The first service may have none: it gets what
   * nobody else takes in any case.
   */
  readonly paths: readonly string[];
  /**
   * Tasks there are at least.
   * @default 2
   */
  readonly minTasks?: number;
  /**
   * Tasks there are at most. As many as `minTasks`: nothing scales.
   * @default - twice minTasks
   */
  readonly maxTasks?: number;
}

/** Types of the props of {@link PathService}. */
const PATH_SERVICE: PropTypes<PathService> = {
  key: required(TEXT),
  paths: required(listOf(TEXT)),
  minTasks: NUMBER,
  maxTasks: NUMBER,
};

/** Properties of an {@link EcsTopology}. */
export interface EcsTopologyProps extends LoadBalancerOptions, ProviderProps {
  /** Where it stands: the load balancer in all public subnets, tasks in all private ones; two zones at least. */
  readonly network: INetwork;
  /** The web app to serve. */
  readonly app: WebApp;
  /**
   * The compute that tasks run on.
   * @default LaunchType.FARGATE
   */
  readonly launchType?: LaunchType;
  /**
   * The services and their paths; the first one gets what nobody else takes.
   * @default - one service, `app`, which serves every path
   */
  readonly services?: readonly PathService[];
  /**
   * The app as an image.
   * @default - none needed: Node's public image, and a container that fetches the app's file from S3 before it starts. That
   * takes a way to the internet, since public registries have no endpoint
   */
  readonly image?: ContainerImage;
  /**
   * CPU units of a task, 1024 a vCPU.
   * @default 512
   */
  readonly cpu?: number;
  /**
   * Memory of a task, in MiB. Fargate takes certain pairs with `cpu`.
   * @default 1024
   */
  readonly memoryMib?: number;
  /**
   * The architecture of tasks with FARGATE; with EC2, the instance type decides.
   * @default CpuArchitecture.ARM64
   */
  readonly architecture?: CpuArchitecture;
  /**
   * Only with EC2.
   * @default - 2 to 4 instances of t4g.medium
   */
  readonly instances?: ContainerInstancesOptions;
  /**
   * The targets that the number of a service's tasks follows.
   * @default - half of the processor time of a service's tasks
   */
  readonly scaling?: TaskScalingTargets;
  /**
   * How long a new task may fail health checks before it is replaced for it, in seconds.
   * @default 60
   */
  readonly healthCheckGraceSeconds?: number;
  /**
   * How long log events are kept, in days; one of the values CloudWatch Logs takes.
   * @default 14
   */
  readonly logRetentionDays?: number;
  /**
   * The metrics of tasks beside processor time and memory.
   * @default ContainerInsights.DISABLED
   */
  readonly containerInsights?: ContainerInsights;
  /**
   * Lets ECS Exec open shells in tasks. Not on a read-only file system: its agent writes there.
   * @default false
   */
  readonly executeCommand?: boolean;
  /**
   * Whether the containers' file system can't be written.
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;
  /**
   * Whether a deploy ends only when all services run what it brought, and fails when ECS went back to what was before.
   * @default false - it ends when ECS has begun
   */
  readonly waitForSteadyState?: boolean;
}

/** Types of the props of {@link EcsTopologyProps}. */
export const ECS_TOPOLOGY_PROPS: PropTypes<EcsTopologyProps> = {
  ...PROVIDER_PROPS,
  ...LOAD_BALANCER_OPTIONS,
  network: NETWORK,
  app: WEB_APP,
  launchType: TEXT,
  services: listOf(objectOf(PATH_SERVICE)),
  image: objectOf(CONTAINER_IMAGE),
  cpu: NUMBER,
  memoryMib: NUMBER,
  architecture: TEXT,
  instances: objectOf(CONTAINER_INSTANCES_OPTIONS),
  scaling: objectOf(TASK_SCALING_TARGETS),
  healthCheckGraceSeconds: NUMBER,
  logRetentionDays: NUMBER,
  containerInsights: TEXT,
  executeCommand: BOOLEAN,
  readonlyRootFilesystem: BOOLEAN,
  waitForSteadyState: BOOLEAN,
};
