import { SSH_ACCESS, type SshAccess } from "../instances/ssh";
import type { LoadBalancerOptions } from "../load-balancer";
import { LOAD_BALANCER_OPTIONS } from "../load-balancer/props";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectOf, type PropTypes, required, TEXT } from "../validation";
import type { WebApp } from "../web-app";
import { WEB_APP } from "../web-app/web-app";
import { BASE_IMAGES, type BaseImages, CONTAINER_IMAGE, type ContainerImage } from "./container-image";
import { CONTAINER_INSTANCES_OPTIONS, type ContainerInstancesOptions } from "./container-instances";
import type { CpuArchitecture, LaunchType } from "./launch-type";
import { TASK_SCALING_TARGETS, type TaskScalingTargets } from "./scaling";

/** More metrics of a cluster's tasks than processor time and memory of a service. AWS charges for them. */
export const ContainerInsights = {
  DISABLED: "disabled",
  /** Metrics of cluster, service and task. */
  ENABLED: "enabled",
  /** Metrics of each container too. */
  ENHANCED: "enhanced",
} as const;
export type ContainerInsights = (typeof ContainerInsights)[keyof typeof ContainerInsights];

/** A service and its paths. */
export interface PathService {
  /**
   * Name of the service among the others: letters, digits and hyphens. The addresses of its resources contain the key, so further
   * services change no address.
   */
  readonly key: string;
  /**
   * Patterns for the path of a request, as in {@link PathRule.paths}. The first service may have none, because it gets all requests
   * that match no other service.
   */
  readonly paths: readonly string[];
  /**
   * The smallest number of tasks.
   * @default 2
   */
  readonly minTasks?: number;
  /**
   * The largest number of tasks. With the value of `minTasks`, the service does not scale.
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
  /** The network: the load balancer uses all public subnets, tasks all private subnets. It needs at least two zones. */
  readonly network: INetwork;
  /** The web app to serve. */
  readonly app: WebApp;
  /**
   * The compute that tasks run on.
   * @default LaunchType.FARGATE
   */
  readonly launchType?: LaunchType;
  /**
   * The services and their paths. The first service gets all requests that match no other service.
   * @default - one service, `app`, for all paths
   */
  readonly services?: readonly PathService[];
  /**
   * Image of the app.
   * @default - Node's public image. An init container downloads the app's file from S3 first. Public registries have no endpoint, so
   * tasks then need a way to the internet
   */
  readonly image?: ContainerImage;
  /**
   * The images of tasks without an image of the app, as of a mirror or a pull-through cache in ECR. The task definition keeps the names as
   * they are given, so a digest pins the bytes.
   * @default - public images of one release each
   */
  readonly baseImages?: BaseImages;
  /**
   * CPU units of a task; 1024 are one vCPU.
   * @default 512
   */
  readonly cpu?: number;
  /**
   * Memory of a task in MiB. Fargate accepts certain pairs of `cpu` and memory only.
   * @default 1024
   */
  readonly memoryMib?: number;
  /**
   * Architecture of tasks with FARGATE. With EC2, the instance type decides.
   * @default CpuArchitecture.ARM64
   */
  readonly architecture?: CpuArchitecture;
  /**
   * The instances of launch type EC2. Not allowed with FARGATE.
   * @default - 2 to 4 instances of t4g.medium
   */
  readonly instances?: ContainerInstancesOptions;
  /**
   * Access by SSH to the instances of launch type EC2. Not allowed with FARGATE.
   * @default - no key pair, and port 22 is closed; Session Manager opens a shell
   */
  readonly ssh?: SshAccess;
  /**
   * Targets of scaling for each service.
   * @default - half of the processor time of a service's tasks
   */
  readonly scaling?: TaskScalingTargets;
  /**
   * Time in seconds after its start in which ECS ignores failed health checks of a task.
   * @default 60
   */
  readonly healthCheckGraceSeconds?: number;
  /**
   * Retention of log events in days; one of the values that CloudWatch Logs accepts.
   * @default 14
   */
  readonly logRetentionDays?: number;
  /**
   * More metrics of tasks than processor time and memory.
   * @default ContainerInsights.DISABLED
   */
  readonly containerInsights?: ContainerInsights;
  /**
   * Lets ECS Exec open shells in tasks. It needs a writable file system, because its agent writes there.
   * @default false
   */
  readonly executeCommand?: boolean;
  /**
   * Whether the root file system of the containers is read-only.
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;
  /**
   * Whether a deploy waits until all services run the new tasks, and fails when ECS rolls back. With false, a deploy ends when ECS has
   * begun its deployments.
   * @default true
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
  baseImages: objectOf(BASE_IMAGES),
  cpu: NUMBER,
  memoryMib: NUMBER,
  architecture: TEXT,
  instances: objectOf(CONTAINER_INSTANCES_OPTIONS),
  ssh: objectOf(SSH_ACCESS),
  scaling: objectOf(TASK_SCALING_TARGETS),
  healthCheckGraceSeconds: NUMBER,
  logRetentionDays: NUMBER,
  containerInsights: TEXT,
  executeCommand: BOOLEAN,
  readonlyRootFilesystem: BOOLEAN,
  waitForSteadyState: BOOLEAN,
};
