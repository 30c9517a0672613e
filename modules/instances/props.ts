import type { ITerraformDependable } from "cdktf";
import type { SecurityGroup } from "../connections";
import type { ISubnet } from "../network";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectOf, objectWith, type PropTypes, required, TEXT } from "../validation";
import type { InstanceRole } from "./instance-role";
import type { LaunchHook } from "./launch-hook";
import type { MachineImage } from "./machine-image";

/** The targets that a group is kept at by adding and removing instances. With several, the one that asks for most decides. */
export interface ScalingTargets {
  /**
   * Processor time of all instances on average, in percent, 10 to 90. Below the whole, so that there is room until a new
   * one is up.
   * @default 50
   */
  readonly cpuPercent?: number;
  /**
   * Requests an instance gets in a minute, at least 1. Quicker than the processors' metric, which comes every five
   * minutes without detailed monitoring; measure what an instance of your type serves.
   * @default - does not count
   */
  readonly requestsPerMinute?: number;
}

/** Types of the props of {@link ScalingTargets}. */
export const SCALING_TARGETS: PropTypes<ScalingTargets> = {
  cpuPercent: NUMBER,
  requestsPerMinute: NUMBER,
};

/** Where a load balancer finds a group's instances. */
export interface Balanced {
  /** ARN of the target group instances are registered with. */
  readonly targetGroupArn: string;
  /** Dimension of the load balancer in CloudWatch, `app/<name>/<id>`. */
  readonly loadBalancerArnSuffix: string;
  /** Dimension of the target group in CloudWatch, `targetgroup/<name>/<id>`. */
  readonly targetGroupArnSuffix: string;
}

/** Types of the props of {@link Balanced}. */
const BALANCED: PropTypes<Balanced> = {
  targetGroupArn: required(TEXT),
  loadBalancerArnSuffix: required(TEXT),
  targetGroupArnSuffix: required(TEXT),
};

/** Properties of {@link Instances}. */
export interface InstancesProps extends ProviderProps {
  /** Name of the group, at most 255 characters; its instances' user data and role may name it. */
  readonly name: string;
  /** Where instances stand: they spread evenly over the subnets' zones. */
  readonly subnets: readonly ISubnet[];
  /** Whether each gets a public address, which is the way out of a public subnet. */
  readonly publicAddresses: boolean;
  /** The group whose rules say who reaches the instances, and what they reach. */
  readonly securityGroup: SecurityGroup;
  /** The role of the instances at AWS. */
  readonly role: InstanceRole;
  /** The image that they boot from. */
  readonly image: MachineImage;
  /** Instance type, as in `t4g.small`; the image's architecture follows. */
  readonly instanceType: string;
  /** In GiB, at least what the image takes. */
  readonly rootVolumeGib: number;
  /** Metrics every minute rather than every five; costs money. */
  readonly detailedMonitoring: boolean;
  /** The script, as text. */
  readonly userData: string;
  /** Resources that must exist before one boots, beside its subnets' routes and its role's policies. */
  readonly dependables: readonly ITerraformDependable[];
  /** At least 1. */
  readonly minInstances: number;
  /** At least `minInstances`; where they are equal, nothing scales. */
  readonly maxInstances: number;
  /**
   * The targets that the number of instances follows.
   * @default - half of the processors' time
   */
  readonly scaling?: ScalingTargets;
  /**
   * Where a load balancer finds the instances.
   * @default - no load balancer in front: an instance is well as long as EC2 says so
   */
  readonly balanced?: Balanced;
  /**
   * Holds a new instance back until it reports that it is ready.
   * @default - an instance counts as soon as it runs
   */
  readonly launchHook?: LaunchHook;
  /**
   * Whether a capacity provider of ECS says how many there are, and empties those that leave. Nothing else scales then.
   * @default false
   */
  readonly managedByEcs?: boolean;
}

/** Types of the props of {@link InstancesProps}. */
export const INSTANCES_PROPS: PropTypes<InstancesProps> = {
  ...PROVIDER_PROPS,
  name: required(TEXT),
  subnets: required(listOf(objectWith("a subnet", "give those of a network", "subnetId"))),
  publicAddresses: required(BOOLEAN),
  securityGroup: required(objectWith("a SecurityGroup", "create a SecurityGroup", "id")),
  role: required(objectWith("an InstanceRole", "create an InstanceRole", "role", "profileName")),
  image: required(objectWith("a MachineImage", "take one of MachineImages", "parameterOf", "rootVolumeGib")),
  instanceType: required(TEXT),
  rootVolumeGib: required(NUMBER),
  detailedMonitoring: required(BOOLEAN),
  userData: required(TEXT),
  dependables: required(listOf(objectWith("a resource", "give resources", "fqn"))),
  minInstances: required(NUMBER),
  maxInstances: required(NUMBER),
  scaling: objectOf(SCALING_TARGETS),
  balanced: objectOf(BALANCED),
  launchHook: objectWith("a LaunchHook", "create a LaunchHook", "hookName"),
  managedByEcs: BOOLEAN,
};
