import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import type { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import type { SecurityGroup } from "../connections";
import { allow, toPolicy } from "../iam/policy";
import { InstanceRole, Instances, MachineImages } from "../instances";
import { buildName, NameLimits } from "../naming";
import type { ISubnet } from "../network";
import { BOOLEAN, checkText, NUMBER, type PropTypes, TEXT } from "../validation";

/** The instances that tasks of launch type EC2 run on. */
export interface ContainerInstancesOptions {
  /**
   * Instance type, which also decides the architecture. One task more than usual must fit on all of them together, for a
   * deployment to begin with.
   * @default "t4g.medium" - three tasks of the default size
   */
  readonly instanceType?: string;
  /**
   * Instances there are at least.
   * @default 2
   */
  readonly minInstances?: number;
  /**
   * Instances there are at most: ECS adds them when tasks find no place, and takes empty ones away.
   * @default - twice minInstances
   */
  readonly maxInstances?: number;
  /**
   * Size of the root volumes, in GiB, at least 30, which the image takes.
   * @default 30
   */
  readonly rootVolumeGib?: number;
  /**
   * Metrics every minute rather than every five; costs money.
   * @default false
   */
  readonly detailedMonitoring?: boolean;
}

/** Types of the props of {@link ContainerInstancesOptions}. */
export const CONTAINER_INSTANCES_OPTIONS: PropTypes<ContainerInstancesOptions> = {
  instanceType: TEXT,
  minInstances: NUMBER,
  maxInstances: NUMBER,
  rootVolumeGib: NUMBER,
  detailedMonitoring: BOOLEAN,
};

/** Properties of {@link ContainerInstances}. */
export interface ContainerInstancesProps extends ContainerInstancesOptions {
  readonly instanceType: string;
  readonly minInstances: number;
  readonly cluster: EcsCluster;
  readonly subnets: readonly ISubnet[];
  readonly securityGroup: SecurityGroup;
  /** Resources that must exist before one boots, beside its subnets' routes and its role's policies. */
  readonly dependables: readonly ITerraformDependable[];
}

/**
 * Instances that belong to a cluster, and the capacity provider that says how many there are. One that leaves is emptied
 * first: its tasks come up elsewhere, then stop here.
 *
 * @throws when a number is out of range, or ECS reserves the name for itself.
 */
export class ContainerInstances extends Construct {
  /** Name of the capacity provider. */
  readonly capacityProvider: string;
  readonly autoScalingGroupName: string;
  /** Resources that a service waits for, so that the cluster knows the capacity provider. */
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
    });
    this.autoScalingGroupName = instances.autoScalingGroupName;
    this.capacityProvider = this.#provider(instances);
    this.dependables = [
      new EcsClusterCapacityProviders(this, "providers", {
        clusterName: cluster.name,
        capacityProviders: [this.capacityProvider],
        // What is run by hand finds its place too.
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
   * What the agent asks of ECS, for this cluster; images and logs are the tasks' own role's. As aws-cdk grants it. AWS' own
   * policy names the container instances for Poll and StartTelemetrySession too.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
   * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSInstanceRolePolicyForManagedInstances.html
   */
  #membership({ arn, name }: EcsCluster, { role }: InstanceRole): IamRolePolicy {
    // ECS writes these ARNs with or without the cluster's name, so the condition names the cluster.
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
        // Takes no resource.
        allow("ecs:DiscoverPollEndpoint", "*"),
      ),
    });
  }
}

/**
 * User data: the cluster that the agent of the image registers with. ECS_SELINUX_CAPABLE registers one more attribute and does
 * nothing else (amazon-ecs-agent, agent/app/agent_capability.go): AWS says that tasks with dockerSecurityOptions want it.
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
