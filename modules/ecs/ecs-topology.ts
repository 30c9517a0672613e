import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { WatchedService } from "../alarms";
import { allowToCidr, openPort, type Peer, Port, SecurityGroup } from "../connections";
import { LoadBalancer, type PathRule, TargetGroup, TargetType } from "../load-balancer";
import { LogGroup } from "../logs";
import { NameLimits, nameOf } from "../naming";
import { AwsService } from "../network";
import { regionOf } from "../stack/region";
import { RedisVariable } from "../web-app";
import { type ResolvedImage, resolveImage } from "./container-image";
import { ContainerInstances } from "./container-instances";
import { CpuArchitecture, LaunchType } from "./launch-type";
import { ContainerInsights, type EcsTopologyProps, type PathService } from "./props";
import { type Command, RunOnce } from "./run-once";
import { type Placement, Service, type ServiceProps } from "./service";
import type { TaskSettings } from "./task";
import { TaskRoles } from "./task-roles";
import { checkTaskSize, DOCUMENT_SIZE, type TaskSize } from "./task-size";
import { checkTopology, stopTimeoutOf } from "./validation";

/** The document's two services; what is neither's is the first one's. */
const TWO_SERVICES: readonly PathService[] = [
  { key: "1", paths: ["/1", "/1/*"] },
  { key: "2", paths: ["/2", "/2/*"] },
];

/** Ports Docker takes by itself for tasks in bridge mode: AWS' documents name them, and so does ours. */
const DYNAMIC_PORTS = Port.tcpRange(32_768, 61_000);
const HTTPS = Port.tcp(443);
const DEFAULT_RETENTION_DAYS = 14;
const DEFAULT_GRACE_SECONDS = 60;
/** So that one may fail. */
const DEFAULT_TASKS = 2;

/** What the agent of an instance calls beside what tasks need, and Session Manager. */
const INSTANCE_SERVICES = [
  AwsService.ECS,
  AwsService.ECS_AGENT,
  AwsService.ECS_TELEMETRY,
  AwsService.SSM,
  AwsService.SSM_MESSAGES,
];

/**
 * A web app as services of ECS behind one load balancer, each with paths of its own; a session goes from one to the other.
 *
 * @throws what {@link LoadBalancer} and {@link TargetGroup} refuse; when a prop is unknown or out of range; when tasks
 * would pull images from registries they can't reach, or be opened by ECS Exec on a file system that is read-only.
 */
export class EcsTopology extends Construct implements Peer {
  readonly securityGroup: SecurityGroup;
  /** What visitors reach. */
  readonly loadBalancer: LoadBalancer;
  /** By key of their services. */
  readonly targetGroups: Readonly<Record<string, TargetGroup>>;
  /** The services, by the key of each. */
  readonly services: Readonly<Record<string, WatchedService>>;
  /** Name of the cluster. */
  readonly clusterName: string;
  /** Name of the log group; streams are named by service. */
  readonly logGroupName: string;
  /** By the name of the app's command: a task that runs it once. */
  readonly commands: Readonly<Record<string, Command>>;
  /** Where the app answers, as in `https://app.example.com`. */
  readonly url: string;
  readonly #props: EcsTopologyProps;
  readonly #launchType: LaunchType;
  readonly #image: ResolvedImage | undefined;

  constructor(scope: Construct, id: string, props: EcsTopologyProps) {
    super(scope, id);
    this.#props = props;
    const { network, app, services = TWO_SERVICES, launchType = LaunchType.FARGATE } = props;
    this.#launchType = launchType;
    this.#image = props.image && resolveImage(this, props.image, regionOf(this));
    checkTopology(this, props, launchType, services, this.#image);
    const size = this.#size();

    this.targetGroups = this.#targets(services);
    this.loadBalancer = this.#balance(services);
    this.url = this.loadBalancer.url;
    this.securityGroup = new SecurityGroup(this, "security-group", { network, description: "Web app on ECS" });
    const rules = [...this.#openInbound(), ...this.#openOutbound()];

    const logs = new LogGroup(this, "logs", {
      folder: "/ecs/",
      retentionDays: props.logRetentionDays ?? DEFAULT_RETENTION_DAYS,
    });
    this.logGroupName = logs.name;
    const executeCommand = props.executeCommand ?? false;
    const repositoryArn = this.#image?.repositoryArn;
    const roles = new TaskRoles(this, "roles", { logGroup: logs, repositoryArn, executeCommand });
    const access = app.connect({
      role: roles.task,
      securityGroup: this.securityGroup,
      bringsApp: this.#image !== undefined,
    });

    const cluster = this.#cluster();
    this.clusterName = cluster.name;
    const place = this.#place(cluster, rules);
    const settings = this.#taskSettings(roles, logs);
    const dependables = [
      ...rules,
      ...access,
      ...roles.dependables,
      ...network.privateSubnets.flatMap((subnet) => [...subnet.dependables]),
      ...place.dependables,
      ...this.loadBalancer.dependables,
    ];
    const common = { settings, size, clusterName: this.clusterName, placement: place.placement };
    this.services = this.#services(services, { ...common, executeCommand, dependables });
    this.commands = Object.fromEntries(
      Object.entries(app.commands).map(([name, argument]) => [
        name,
        new RunOnce(this, `command-${name}`, { ...common, name, argument }),
      ]),
    );
  }

  #size(): TaskSize {
    const { cpu = DOCUMENT_SIZE.cpu, memoryMib = DOCUMENT_SIZE.memoryMib } = this.#props;
    checkTaskSize(this, this.#launchType, { cpu, memoryMib });
    return { cpu, memoryMib };
  }

  #targets(services: readonly PathService[]): Readonly<Record<string, TargetGroup>> {
    const { network, app } = this.#props;
    return keyed(
      services,
      ({ key }) =>
        new TargetGroup(this, `target-${key}`, {
          network,
          targetType: this.#launchType === LaunchType.FARGATE ? TargetType.IP : TargetType.INSTANCE,
          port: app.port,
          healthCheckPath: app.healthCheckPath,
          ...app.timings,
        }),
    );
  }

  #targetOf({ key }: PathService): TargetGroup {
    return this.targetGroups[key] as TargetGroup;
  }

  #balance(services: readonly PathService[]): LoadBalancer {
    const [first] = services as readonly [PathService, ...PathService[]];
    const pathRules = services
      .filter(({ paths }) => paths.length > 0)
      .map((service): PathRule => ({ key: service.key, paths: service.paths, target: this.#targetOf(service) }));
    // Short, because a load balancer's name may have no more than 32 characters.
    return new LoadBalancer(this, "alb", { ...this.#props, defaultTarget: this.#targetOf(first), pathRules });
  }

  #openInbound(): ITerraformDependable[] {
    const port = this.#launchType === LaunchType.FARGATE ? Port.tcp(this.#props.app.port) : DYNAMIC_PORTS;
    return openPort(this.loadBalancer, this, port, "Web app");
  }

  #openOutbound(): ITerraformDependable[] {
    const { network, app, executeCommand = false } = this.#props;
    const services = [
      AwsService.S3,
      AwsService.CLOUDWATCH_LOGS,
      ...(this.#image?.throughEndpoints ? [AwsService.ECR_API, AwsService.ECR_DOCKER] : []),
      ...(this.#launchType === LaunchType.EC2 ? INSTANCE_SERVICES : []),
      ...(executeCommand ? [AwsService.SSM_MESSAGES] : []),
      ...app.awsServices,
    ];
    return [
      ...network.reachAws(this, network.privateSubnets, services),
      // Public registries have no endpoint: with those in use for all else, this way is still needed.
      ...(this.#image?.throughEndpoints ? [] : allowToCidr(this, "0.0.0.0/0", HTTPS, "Packages and AWS")),
    ];
  }

  #cluster(): EcsCluster {
    return new EcsCluster(this, "cluster", {
      name: nameOf(this, NameLimits.ECS_CLUSTER),
      setting: [{ name: "containerInsights", value: this.#props.containerInsights ?? ContainerInsights.DISABLED }],
      tags: { Name: nameOf(this, NameLimits.TAG) },
    });
  }

  /** Where tasks stand, and what is ready then. */
  #place(cluster: EcsCluster, rules: readonly ITerraformDependable[]) {
    const subnets = this.#props.network.privateSubnets;
    const { securityGroup } = this;
    if (this.#launchType === LaunchType.FARGATE) {
      return { placement: { subnets, securityGroup } satisfies Placement, dependables: [] };
    }
    const { capacityProvider, dependables } = new ContainerInstances(this, "instances", {
      ...this.#props.instances,
      cluster,
      subnets,
      securityGroup,
      dependables: rules,
    });
    return { placement: { capacityProvider } satisfies Placement, dependables };
  }

  #taskSettings(roles: TaskRoles, logGroup: LogGroup): TaskSettings {
    const { app, certificateArn, domainName, architecture, readonlyRootFilesystem, executeCommand } = this.#props;
    const scheme = certificateArn === undefined ? "http" : "https";
    return {
      app,
      image: this.#image,
      launchType: this.#launchType,
      architecture: architecture ?? CpuArchitecture.ARM64,
      environment: app.environmentAt({
        scheme,
        proxies: 1,
        redisVariable: RedisVariable.CLUSTER_ENDPOINT,
        ...(domainName !== undefined && { origin: `${scheme}://${domainName}` }),
      }),
      roles,
      logGroup,
      readonlyRootFilesystem: readonlyRootFilesystem ?? true,
      executeCommand: executeCommand ?? false,
      stopTimeoutSeconds: stopTimeoutOf(app.timings),
    };
  }

  #services(
    services: readonly PathService[],
    common: Pick<ServiceProps, "settings" | "size" | "clusterName" | "placement" | "executeCommand" | "dependables">,
  ): Readonly<Record<string, Service>> {
    const { scaling = {}, healthCheckGraceSeconds = DEFAULT_GRACE_SECONDS, waitForSteadyState = false } = this.#props;
    return keyed(services, (service) => {
      const minTasks = service.minTasks ?? DEFAULT_TASKS;
      return new Service(this, `service-${service.key}`, {
        ...common,
        target: this.#targetOf(service),
        loadBalancerArnSuffix: this.loadBalancer.arnSuffix,
        minTasks,
        maxTasks: service.maxTasks ?? 2 * minTasks,
        scaling,
        healthCheckGraceSeconds,
        waitForSteadyState,
      });
    });
  }
}

function keyed<T>(services: readonly PathService[], make: (service: PathService) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(services.map((service) => [service.key, make(service)]));
}
