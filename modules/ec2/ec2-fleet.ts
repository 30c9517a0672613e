import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { openPort, type Peer, Port, SecurityGroup } from "../connections";
import { type CpuCredits, InstanceRole, Instances, LaunchHook, MachineImages, type ScalingTargets } from "../instances";
import { SCALING_TARGETS } from "../instances/props";
import {
  LoadBalancer,
  type LoadBalancerOptions,
  TargetGroup,
  type TargetGroupOptions,
  TargetType,
} from "../load-balancer";
import { LOAD_BALANCER_OPTIONS } from "../load-balancer/props";
import { TARGET_GROUP_OPTIONS } from "../load-balancer/target-group";
import { buildName, NameLimits } from "../naming";
import { AwsService, type INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import { BOOLEAN, checkProps, NUMBER, objectOf, type PropTypes, pickProps, TEXT } from "../validation";
import type { WebApp } from "../web-app";
import { WEB_APP } from "../web-app/web-app";
import { createLogs } from "./instance-logs";
import { checkLogs, LOG_OPTIONS, type LogOptions } from "./log-options";
import { userData } from "./user-data";

/** Properties of an {@link Ec2Fleet}. */
export interface Ec2FleetProps extends LoadBalancerOptions, TargetGroupOptions, LogOptions, ProviderProps {
  /** The network of the fleet. The fleet uses all of its zones, at least two. */
  readonly network: INetwork;
  /** The web app to serve. */
  readonly app: WebApp;
  /**
   * The smallest number of instances.
   * @default 2
   */
  readonly minInstances?: number;
  /**
   * The largest number of instances. With the value of `minInstances`, the fleet does not scale.
   * @default - twice minInstances
   */
  readonly maxInstances?: number;
  /**
   * Targets of scaling.
   * @default - half of the processor time
   */
  readonly scaling?: ScalingTargets;
  /**
   * Puts instances into public subnets, each with a public address. They then reach AWS without NAT and without endpoints
   * (docs/network.md has the prices of both). Only the load balancer can connect to them in either case.
   * @default false
   */
  readonly publicAddresses?: boolean;
  /**
   * Instance type, which also decides the architecture. Amazon Linux needs about 1 GiB of memory to install packages.
   * @default "t4g.small"
   */
  readonly instanceType?: string;
  /**
   * Size of the root volumes in GiB, at least 8, the size of the image.
   * @default 10
   */
  readonly rootVolumeGib?: number;
  /**
   * Metrics every minute instead of every five minutes. Scaling by processor time is then faster. AWS charges for it.
   * @default false
   */
  readonly detailedMonitoring?: boolean;
  /**
   * A burstable instance (T2, T3, T3a, T4g) without CPU credits slows down (`standard`), or AWS charges for more (`unlimited`).
   * @default - AWS' default: unlimited for T3, T3a and T4g, standard for T2
   */
  readonly cpuCredits?: CpuCredits;
}

/** Types of the props of {@link Ec2FleetProps}. */
export const EC2_FLEET_PROPS: PropTypes<Ec2FleetProps> = {
  ...PROVIDER_PROPS,
  ...LOAD_BALANCER_OPTIONS,
  ...TARGET_GROUP_OPTIONS,
  ...LOG_OPTIONS,
  network: NETWORK,
  app: WEB_APP,
  minInstances: NUMBER,
  maxInstances: NUMBER,
  scaling: objectOf(SCALING_TARGETS),
  publicAddresses: BOOLEAN,
  instanceType: TEXT,
  rootVolumeGib: NUMBER,
  detailedMonitoring: BOOLEAN,
  cpuCredits: TEXT,
};

/** S3 for packages and the bundle, Auto Scaling for the report that an instance is ready, and Session Manager. */
const SERVICES = [AwsService.S3, AwsService.AUTO_SCALING, AwsService.SSM, AwsService.SSM_MESSAGES];

/**
 * A web app on instances in several zones behind a load balancer. A new bundle, setting or machine image replaces the instances one
 * after the other, the new one first. An instance answers its current requests before it stops.
 *
 * @throws when {@link LoadBalancer}, {@link TargetGroup} or {@link Instances} refuse their props.
 */
export class Ec2Fleet extends Construct implements Peer {
  readonly securityGroup: SecurityGroup;
  /** The load balancer that visitors reach. */
  readonly loadBalancer: LoadBalancer;
  /** The instances, as the load balancer sees them. */
  readonly targetGroup: TargetGroup;
  /** Name of the Auto Scaling group. */
  readonly autoScalingGroupName: string;
  /** Resources that exist once the group has its instances. */
  readonly dependables: readonly ITerraformDependable[];
  /** Address of the app, as in `https://app.example.com`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: Ec2FleetProps) {
    super(scope, id);
    checkProps(this, props, EC2_FLEET_PROPS);
    useProvider(this, props);
    const { app, network, scaling, instanceType = "t4g.small", rootVolumeGib = 10, minInstances = 2 } = props;
    const { maxInstances = 2 * minInstances, detailedMonitoring = false, publicAddresses = false, logs = true } = props;
    checkLogs(this, logs, app);
    const subnets = publicAddresses ? network.publicSubnets : network.privateSubnets;
    this.targetGroup = new TargetGroup(this, "target", {
      ...pickProps<TargetGroupOptions>(props, TARGET_GROUP_OPTIONS),
      network,
      targetType: TargetType.INSTANCE,
      port: app.port,
      healthCheckPath: app.healthCheckPath,
      ...app.timings,
    });
    // A short id, because a load balancer's name has at most 32 characters.
    this.loadBalancer = new LoadBalancer(this, "alb", {
      ...pickProps<LoadBalancerOptions>(props, LOAD_BALANCER_OPTIONS),
      network,
      defaultTarget: this.targetGroup,
    });
    this.url = this.loadBalancer.url;

    // The same description as in Ec2Topology, because AWS cannot change it. Group, role and Redis rules then stay on the way from one
    // instance to a fleet.
    this.securityGroup = new SecurityGroup(this, "security-group", { network, description: "Web app on an instance" });
    const rules = [
      ...openPort(this.loadBalancer, this, Port.tcp(app.port), "Web app"),
      ...network.reachAws(this, subnets, [
        ...SERVICES,
        ...(logs ? [AwsService.CLOUDWATCH_LOGS] : []),
        ...app.awsServices,
      ]),
    ];
    const role = new InstanceRole(this, "role");
    const sent = logs ? createLogs(this, role.role, props.logRetentionDays) : undefined;
    const access = app.connect({ role: role.role, securityGroup: this.securityGroup });
    const name = buildName(this, NameLimits.AUTO_SCALING_GROUP);
    const launchHook = new LaunchHook(this, "launch-hook", { autoScalingGroupName: name, role });

    const instances = new Instances(this, "instances", {
      name,
      subnets,
      publicAddresses,
      securityGroup: this.securityGroup,
      role,
      image: MachineImages.AMAZON_LINUX_2023,
      instanceType,
      rootVolumeGib,
      detailedMonitoring,
      userData: this.#userData(props, launchHook, sent?.logGroupName),
      dependables: [...rules, ...access, ...(sent?.dependables ?? []), ...this.loadBalancer.dependables],
      minInstances,
      maxInstances,
      balanced: {
        targetGroupArn: this.targetGroup.arn,
        targetGroupArnSuffix: this.targetGroup.arnSuffix,
        loadBalancerArnSuffix: this.loadBalancer.arnSuffix,
      },
      launchHook,
      ...(props.cpuCredits !== undefined && { cpuCredits: props.cpuCredits }),
      ...(scaling !== undefined && { scaling }),
    });
    this.autoScalingGroupName = instances.autoScalingGroupName;
    this.dependables = instances.dependables;
  }

  #userData({ app, certificateArn, domainName }: Ec2FleetProps, launchHook: LaunchHook, logGroupName?: string): string {
    const scheme = certificateArn === undefined ? "http" : "https";
    return userData(this, {
      region: findRegion(this),
      artifact: app.artifact,
      port: app.port,
      healthCheckPath: app.healthCheckPath,
      commands: app.commands,
      environment: app.environmentAt({
        scheme,
        proxies: 1,
        ...(domainName !== undefined && { origin: `${scheme}://${domainName}` }),
      }),
      launchHook,
      logGroupName,
    });
  }
}
