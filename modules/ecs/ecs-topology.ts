import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { WatchedService } from "../alarms";
import { allowToCidr, openPort, type Peer, Port, SecurityGroup } from "../connections";
import { allowSsh } from "../instances/ssh";
import { LoadBalancer, type LoadBalancerOptions, type PathRule, TargetGroup, TargetType } from "../load-balancer";
import { LOAD_BALANCER_OPTIONS } from "../load-balancer/props";
import { LogGroup } from "../logs";
import { buildName, NameLimits } from "../naming";
import { AwsService } from "../network";
import { useProvider } from "../stack/provider";
import { checkProps, pickProps } from "../validation";
import { RedisVariable } from "../web-app";
import { ContainerInstances } from "./container-instances";
import { LaunchType } from "./launch-type";
import { ECS_TOPOLOGY_PROPS, type EcsTopologyProps, type PathService } from "./props";
import { type ResolvedProps, type ResolvedService, resolveProps } from "./resolve-props";
import { type Command, RunOnce } from "./run-once";
import { type Placement, Service, type ServiceProps } from "./service";
import type { TaskSettings } from "./task";
import { TaskRoles } from "./task-roles";
import { checkTaskSize } from "./task-size";
import { checkTopology, computeStopTimeout } from "./validation";

/** Ports Docker takes by itself for tasks in bridge mode: AWS' documents name them, and so does ours. */
const DYNAMIC_PORTS = Port.tcpRange(32_768, 61_000);
const HTTPS = Port.tcp(443);

/** The services that an instance's agent calls beside those that tasks need, and Session Manager. */
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
 * @throws when {@link LoadBalancer} or {@link TargetGroup} refuse their props; when a prop is unknown or out of range; when tasks
 * would pull images from registries they can't reach, or be opened by ECS Exec on a file system that is read-only.
 */
export class EcsTopology extends Construct implements Peer {
  readonly securityGroup: SecurityGroup;
  /** The load balancer that visitors reach. */
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
  /** Address of the app, as in `https://app.example.com`. */
  readonly url: string;
  readonly #props: ResolvedProps;
  readonly #services: readonly Service[];

  constructor(scope: Construct, id: string, props: EcsTopologyProps) {
    super(scope, id);
    checkProps(this, props, ECS_TOPOLOGY_PROPS);
    useProvider(this, props);
    this.#props = resolveProps(this, props);
    checkTopology(this, props, this.#props);
    checkTaskSize(this, this.#props.launchType, this.#props.size);
    const { network, app, services, size, image, pulled, executeCommand } = this.#props;

    this.targetGroups = this.#createTargetGroups();
    this.loadBalancer = this.#createLoadBalancer();
    this.url = this.loadBalancer.url;
    this.securityGroup = new SecurityGroup(this, "security-group", { network, description: "Web app on ECS" });
    const rules = [...this.#openInbound(), ...this.#openOutbound()];

    const logs = new LogGroup(this, "logs", { folder: "/ecs/", retentionDays: this.#props.logRetentionDays });
    this.logGroupName = logs.name;
    const roles = new TaskRoles(this, "roles", {
      logGroup: logs,
      repositoryArns: pulled.flatMap(({ repositoryArn = [] }) => repositoryArn),
      importsImages: image === undefined,
      executeCommand,
    });
    const access = app.connect({
      role: roles.task,
      securityGroup: this.securityGroup,
      bringsApp: image !== undefined,
    });

    const cluster = this.#createCluster();
    this.clusterName = cluster.name;
    const { placement, placed } = this.#createPlacement(cluster, rules);
    const settings = this.#taskSettings(roles, logs);
    const dependables = [
      ...rules,
      ...access,
      ...roles.dependables,
      ...network.privateSubnets.flatMap((subnet) => [...subnet.dependables]),
      ...placed,
      ...this.loadBalancer.dependables,
    ];
    const common = { settings, size, clusterName: this.clusterName, placement };
    const created = keyed(services, (service) => this.#createService(service, { ...common, dependables }));
    this.services = created;
    this.#services = Object.values(created);
    this.commands = Object.fromEntries(
      Object.entries(app.commands).map(([name, argument]) => [
        name,
        new RunOnce(this, `command-${name}`, { ...common, name, argument }),
      ]),
    );
  }

  /**
   * Has ECS roll a deployment back while one of these alarms is on, during the deployment and for some minutes after it. The alarms must
   * not depend on the services: an alarm on the load balancer's errors does not.
   *
   * @param alarmNames - names of CloudWatch alarms of the same stack, at most 10. None turns deployment alarms off.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
   */
  enableDeploymentAlarms(alarmNames: readonly string[]): void {
    for (const service of this.#services) service.enableDeploymentAlarms(alarmNames);
  }

  #createTargetGroups(): Readonly<Record<string, TargetGroup>> {
    const { network, app, launchType, services } = this.#props;
    return keyed(
      services,
      ({ key }) =>
        new TargetGroup(this, `target-${key}`, {
          network,
          targetType: launchType === LaunchType.FARGATE ? TargetType.IP : TargetType.INSTANCE,
          port: app.port,
          healthCheckPath: app.healthCheckPath,
          ...app.timings,
        }),
    );
  }

  #targetGroup({ key }: PathService): TargetGroup {
    return this.targetGroups[key] as TargetGroup;
  }

  #createLoadBalancer(): LoadBalancer {
    const { services } = this.#props;
    const [first] = services as readonly PathService[] as readonly [PathService, ...PathService[]];
    const pathRules = services
      .filter(({ paths }) => paths.length > 0)
      .map((service): PathRule => ({ key: service.key, paths: service.paths, target: this.#targetGroup(service) }));
    // Short, because a load balancer's name may have no more than 32 characters.
    const options = pickProps<LoadBalancerOptions>(this.#props, LOAD_BALANCER_OPTIONS);
    const defaultTarget = this.#targetGroup(first);
    return new LoadBalancer(this, "alb", { ...options, network: this.#props.network, defaultTarget, pathRules });
  }

  #openInbound(): ITerraformDependable[] {
    const { app, launchType, ssh } = this.#props;
    const port = launchType === LaunchType.FARGATE ? Port.tcp(app.port) : DYNAMIC_PORTS;
    return [...openPort(this.loadBalancer, this, port, "Web app"), ...allowSsh(this, ssh)];
  }

  #openOutbound(): ITerraformDependable[] {
    const { network, app, launchType, pulled, executeCommand } = this.#props;
    const throughEndpoints = pulled.every((image) => image.throughEndpoints);
    const services = [
      AwsService.S3,
      AwsService.CLOUDWATCH_LOGS,
      ...(pulled.some((image) => image.throughEndpoints) ? [AwsService.ECR_API, AwsService.ECR_DOCKER] : []),
      ...(launchType === LaunchType.EC2 ? INSTANCE_SERVICES : []),
      ...(executeCommand ? [AwsService.SSM_MESSAGES] : []),
      ...app.awsServices,
    ];
    return [
      ...network.reachAws(this, network.privateSubnets, services),
      // Public registries have no endpoint: with those in use for all else, this way is still needed.
      ...(throughEndpoints ? [] : allowToCidr(this, "0.0.0.0/0", HTTPS, "Packages and AWS")),
    ];
  }

  #createCluster(): EcsCluster {
    return new EcsCluster(this, "cluster", {
      name: buildName(this, NameLimits.ECS_CLUSTER),
      setting: [{ name: "containerInsights", value: this.#props.containerInsights }],
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
  }

  /** Where tasks run, and what must exist before the first one starts there. */
  #createPlacement(
    cluster: EcsCluster,
    rules: readonly ITerraformDependable[],
  ): { placement: Placement; placed: readonly ITerraformDependable[] } {
    const { network, launchType, instances, ssh } = this.#props;
    const { securityGroup } = this;
    const subnets = network.privateSubnets;
    if (launchType === LaunchType.FARGATE) return { placement: { subnets, securityGroup }, placed: [] };
    const { capacityProvider, dependables } = new ContainerInstances(this, "instances", {
      ...instances,
      cluster,
      subnets,
      securityGroup,
      keyName: ssh?.keyName,
      dependables: rules,
    });
    return { placement: { capacityProvider }, placed: dependables };
  }

  #taskSettings(roles: TaskRoles, logGroup: LogGroup): TaskSettings {
    const { app, certificateArn, domainName } = this.#props;
    const { image, baseImages, launchType, architecture, readonlyRootFilesystem, executeCommand } = this.#props;
    const scheme = certificateArn === undefined ? "http" : "https";
    return {
      app,
      image,
      baseImages,
      launchType,
      architecture,
      environment: app.environmentAt({
        scheme,
        proxies: 1,
        redisVariable: RedisVariable.CLUSTER_ENDPOINT,
        ...(domainName !== undefined && { origin: `${scheme}://${domainName}` }),
      }),
      roles,
      logGroup,
      readonlyRootFilesystem,
      executeCommand,
      stopTimeoutSeconds: computeStopTimeout(app.timings),
    };
  }

  #createService(
    service: ResolvedService,
    common: Pick<ServiceProps, "settings" | "size" | "clusterName" | "placement" | "dependables">,
  ): Service {
    const { scaling, healthCheckGraceSeconds, waitForSteadyState, executeCommand } = this.#props;
    return new Service(this, `service-${service.key}`, {
      ...common,
      target: this.#targetGroup(service),
      loadBalancerArnSuffix: this.loadBalancer.arnSuffix,
      minTasks: service.minTasks,
      maxTasks: service.maxTasks,
      scaling,
      healthCheckGraceSeconds,
      waitForSteadyState,
      executeCommand,
    });
  }
}

function keyed<S extends PathService, T>(services: readonly S[], make: (service: S) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(services.map((service) => [service.key, make(service)]));
}
