import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import type { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import type { SecurityGroup } from "../connections";
import { allow, toPolicy } from "../iam/policy";
import { type CpuCredits, InstanceRole, Instances, MachineImages } from "../instances";
import { buildName, NameLimits } from "../naming";
import type { ISubnet } from "../network";
import { BOOLEAN, checkText, NUMBER, type PropTypes, TEXT } from "../validation";

/** Options of the instances for tasks of launch type EC2. */
export interface ContainerInstancesOptions {
  /**
   * Instance type, which also decides the architecture. All instances together need room for one more task than usual, so that a
   * deployment can begin.
   * @default "t4g.medium" - room for three tasks of the default size
   */
  readonly instanceType?: string;
  /**
   * The smallest number of instances.
   * @default 2
   */
  readonly minInstances?: number;
  /**
   * The largest number of instances. ECS adds instances when tasks do not fit, and removes empty ones.
   * @default - twice minInstances
   */
  readonly maxInstances?: number;
  /**
   * Size of the root volumes in GiB, at least 30, the size of the image.
   * @default 30
   */
  readonly rootVolumeGib?: number;
  /**
   * Metrics every minute instead of every five minutes. AWS charges for it.
   * @default false
   */
  readonly detailedMonitoring?: boolean;
  /**
   * A burstable instance (T2, T3, T3a, T4g) without CPU credits slows down (`standard`), or AWS charges for more (`unlimited`).
   * @default - AWS' default: unlimited for T3, T3a and T4g, standard for T2
   */
  readonly cpuCredits?: CpuCredits;
}

/** Types of the props of {@link ContainerInstancesOptions}. */
export const CONTAINER_INSTANCES_OPTIONS: PropTypes<ContainerInstancesOptions> = {
  instanceType: TEXT,
  minInstances: NUMBER,
  maxInstances: NUMBER,
  rootVolumeGib: NUMBER,
  detailedMonitoring: BOOLEAN,
  cpuCredits: TEXT,
};

/** Properties of {@link ContainerInstances}. */
export interface ContainerInstancesProps extends ContainerInstancesOptions {
  readonly instanceType: string;
  readonly minInstances: number;
  readonly cluster: EcsCluster;
  readonly subnets: readonly ISubnet[];
  readonly securityGroup: SecurityGroup;
  /** Name of an EC2 key pair, for SSH. */
  readonly keyName: string | undefined;
  /** Resources that must exist before an instance boots, beside the routes of its subnets and the policies of its role. */
  readonly dependables: readonly ITerraformDependable[];
}

/**
 * The instances of a cluster, and the capacity provider that decides their number. ECS drains an instance before it stops: the tasks
 * start on another instance first.
 *
 * @throws when a number is out of range, or ECS reserves the name.
 */
export class ContainerInstances extends Construct {
  /** Name of the capacity provider. */
  readonly capacityProvider: string;
  readonly autoScalingGroupName: string;
  /** Resources that a service must depend on, so that the cluster has the capacity provider. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ContainerInstancesProps) {
    super(scope, id);
    const { cluster, instanceType, minInstances, maxInstances = 2 * minInstances, detailedMonitoring = false } = props;
    const image = MachineImages.ECS_AMAZON_LINUX_2023;
    const role = new InstanceRole(this, "role");
    const membership = this.#membership(cluster, role);
    const instances = new Instances(this, "instances", {
      name: buildName(this, NameLimits.AUTO_SCALING_GROUP),
      subnets: props.subnets,
      publicAddresses: false,
      securityGroup: props.securityGroup,
      role,
      image,
      instanceType,
      rootVolumeGib: props.rootVolumeGib ?? image.rootVolumeGib,
      detailedMonitoring,
      userData: writeUserData(cluster.name),
      dependables: [membership, ...props.dependables],
      minInstances,
      maxInstances,
      managedByEcs: true,
      ...(props.keyName !== undefined && { keyName: props.keyName }),
      ...(props.cpuCredits !== undefined && { cpuCredits: props.cpuCredits }),
    });
    this.autoScalingGroupName = instances.autoScalingGroupName;
    this.capacityProvider = this.#provider(instances);
    this.dependables = [
      new EcsClusterCapacityProviders(this, "providers", {
        clusterName: cluster.name,
        capacityProviders: [this.capacityProvider],
        // Tasks that a user starts by hand use it too.
        defaultCapacityProviderStrategy: [{ capacityProvider: this.capacityProvider, weight: 1 }],
      }),
    ];
  }

  #provider(instances: Instances): string {
    return new EcsCapacityProvider(this, "provider", {
      name: this.#providerName(),
      autoScalingGroupProvider: {
        autoScalingGroupArn: instances.autoScalingGroupArn,
        managedDraining: "ENABLED",
        managedTerminationProtection: "ENABLED",
        managedScaling: { status: "ENABLED", targetCapacity: 100 },
      },
      tags: { Name: buildName(this, NameLimits.TAG) },
    }).name;
  }

  #providerName(): string {
    const name = buildName(this, NameLimits.ECS_CAPACITY_PROVIDER);
    checkText(this, "ECS capacity provider name", name, {
      pattern: /^(?!aws|ecs|fargate)/i,
      allowed: "a name that does not begin with aws, ecs or fargate, which AWS keeps for itself",
      fix: "change namePrefix",
    });
    return name;
  }

  /**
   * The ECS agent's permissions for this cluster, as aws-cdk grants them. Images and logs are permissions of the task execution
   * role. AWS' own policy also names the container instances for Poll and StartTelemetrySession.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInstanceRolePolicyForManagedInstances.html
   */
  #membership({ arn, name }: EcsCluster, { role }: InstanceRole): IamRolePolicy {
    // ARNs of container instances have the cluster's name or not, so the condition names the cluster.
    const all = Fn.replace(arn, `:cluster/${name}`, ":container-instance/*");
    const instances = new TerraformLocal(this, "container-instances", all);
    return new IamRolePolicy(this, "join-cluster", {
      name: "join-cluster",
      role: role.name,
      policy: toPolicy(
        allow(
          [
            "ecs:DeregisterContainerInstance",
            "ecs:RegisterContainerInstance",
            "ecs:SubmitAttachmentStateChanges",
            "ecs:SubmitContainerStateChange",
            "ecs:SubmitTaskStateChange",
          ],
          arn,
        ),
        allow(["ecs:Poll", "ecs:StartTelemetrySession"], instances.asString, { ArnEquals: { "ecs:cluster": arn } }),
        // The action supports no resource.
        allow("ecs:DiscoverPollEndpoint", "*"),
      ),
    });
  }
}

/**
 * User data with the name of the cluster, for the image's ECS agent. ECS_SELINUX_CAPABLE registers one more attribute and does
 * nothing else (amazon-ecs-agent, agent/app/agent_capability.go). AWS says that tasks with dockerSecurityOptions need it.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
function writeUserData(clusterName: string): string {
  return `#!/bin/bash
cat >>/etc/ecs/ecs.config <<'END'
ECS_CLUSTER=${clusterName}
ECS_DISABLE_PRIVILEGED=true
ECS_SELINUX_CAPABLE=true
END
`;
}
