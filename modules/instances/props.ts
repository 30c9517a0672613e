import type { ITerraformDependable } from "cdktf";
import type { SecurityGroup } from "../connections";
import type { ISubnet } from "../network";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectOf, objectWith, type PropTypes, required, TEXT } from "../validation";
import type { CpuCredits } from "./cpu-credits";
import type { InstanceRole } from "./instance-role";
import type { LaunchHook } from "./launch-hook";
import type { MachineImage } from "./machine-image";

/** Targets of a group that scaling keeps by adding and removing instances. With several, the largest number of instances counts. */
export interface ScalingTargets {
  /**
   * Average processor time of the instances in percent, 10 to 90. Below 100, so that there is room until a new instance has started.
   * @default 50
   */
  readonly cpuPercent?: number;
  /**
   * Requests of an instance in a minute, at least 1. It reacts faster than the processor metric, which has a value every five minutes
   * without detailed monitoring. Measure how many requests an instance of your type can serve.
   * @default - no target
   */
  readonly requestsPerMinute?: number;
}

/** Types of the props of {@link ScalingTargets}. */
export const SCALING_TARGETS: PropTypes<ScalingTargets> = {
  cpuPercent: NUMBER,
  requestsPerMinute: NUMBER,
};

/** The target group and load balancer of a group. */
export interface Balanced {
  /** ARN of the target group of the instances. */
  readonly targetGroupArn: string;
  /** The load balancer's dimension in CloudWatch, `app/<name>/<id>`. */
  readonly loadBalancerArnSuffix: string;
  /** The target group's dimension in CloudWatch, `targetgroup/<name>/<id>`. */
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
  /** Subnets of the instances, which spread evenly over the subnets' zones. */
  readonly subnets: readonly ISubnet[];
  /** Whether each instance gets a public address, which it needs to reach the internet from a public subnet. */
  readonly publicAddresses: boolean;
  /** Security group of the instances. */
  readonly securityGroup: SecurityGroup;
  /** IAM role of the instances. */
  readonly role: InstanceRole;
  /** Machine image of the instances. */
  readonly image: MachineImage;
  /** Instance type, as in `t4g.small`; the image's architecture follows. */
  readonly instanceType: string;
  /** Size of the root volumes in GiB, at least the size of the image. */
  readonly rootVolumeGib: number;
  /** Metrics every minute instead of every five minutes. AWS charges for it. */
  readonly detailedMonitoring: boolean;
  /**
   * A burstable instance (T2, T3, T3a, T4g) without CPU credits slows down (`standard`), or AWS charges for more (`unlimited`).
   * @default - AWS' default: unlimited for T3, T3a and T4g, standard for T2
   */
  readonly cpuCredits?: CpuCredits;
  /**
   * Name of an EC2 key pair of the region, for SSH.
   * @default - no key pair
   */
  readonly keyName?: string;
  /** The user data script, as text. */
  readonly userData: string;
  /** Resources that must exist before an instance boots, besides the routes of its subnets and the policies of its role. */
  readonly dependables: readonly ITerraformDependable[];
  /** The smallest number of instances, at least 1. */
  readonly minInstances: number;
  /** The largest number of instances, at least `minInstances`. With equal numbers, the group does not scale. */
  readonly maxInstances: number;
  /**
   * Targets of scaling.
   * @default - half of the processor time
   */
  readonly scaling?: ScalingTargets;
  /**
   * Target group and load balancer of the instances.
   * @default - no load balancer: EC2's status checks decide whether an instance is healthy
   */
  readonly balanced?: Balanced;
  /**
   * Lifecycle hook that waits for a new instance's report that it is ready.
   * @default - an instance counts as soon as it runs
   */
  readonly launchHook?: LaunchHook;
  /**
   * Whether an ECS capacity provider scales the group and drains its instances. The group has no other scaling then.
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
  cpuCredits: TEXT,
  keyName: TEXT,
  userData: required(TEXT),
  dependables: required(listOf(objectWith("a resource", "give resources", "fqn"))),
  minInstances: required(NUMBER),
  maxInstances: required(NUMBER),
  scaling: objectOf(SCALING_TARGETS),
  balanced: objectOf(BALANCED),
  launchHook: objectWith("a LaunchHook", "create a LaunchHook", "hookName"),
  managedByEcs: BOOLEAN,
};
