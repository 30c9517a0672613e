import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import { dependOn } from "../stack/dependencies";
import { useProvider } from "../stack/provider";
import { checkProps, checkWholeNumber } from "../validation";
import { checkCpuCredits } from "./cpu-credits";
import { LaunchTemplate } from "./launch-template";
import { INSTANCES_PROPS, type InstancesProps } from "./props";
import { Scaling, WARMUP_SECONDS } from "./scaling";

/** Time after a start in which failed health checks do not count. Seconds. */
const GRACE_SECONDS = 60;
/** Longest wait for the instances of a first deployment: image, packages, app. */
const CAPACITY_TIMEOUT = "15m";

const METRICS = [
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupMaxSize",
  "GroupMinSize",
  "GroupPendingInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
];

/**
 * Identical instances in an Auto Scaling group. A change of the launch template replaces them one after the other, the new one first.
 * The group rolls back when the new instances do not become healthy.
 *
 * @throws when a number is out of range, the instance type is malformed, or the volume is smaller than the image.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
export class Instances extends Construct {
  /** Name of the group, the dimension of its metrics. */
  readonly autoScalingGroupName: string;
  /** ARN of the Auto Scaling group. */
  readonly autoScalingGroupArn: string;
  /** Resources that exist once the group has its instances. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: InstancesProps) {
    super(scope, id);
    checkProps(this, props, INSTANCES_PROPS);
    useProvider(this, props);
    const { minInstances, maxInstances, rootVolumeGib, image } = props;
    checkWholeNumber(this, "minInstances", minInstances, {
      min: 1,
      fix: "take 2, so that one may fail",
      atSynth: true,
    });
    checkWholeNumber(this, "maxInstances", maxInstances, {
      min: minInstances,
      allowed: `a whole number, at least minInstances (${minInstances})`,
      fix: "raise it; as many as minInstances is a group that does not scale",
      atSynth: true,
    });
    checkWholeNumber(this, "rootVolumeGib", rootVolumeGib, {
      min: image.rootVolumeGib,
      because: ", which the image takes",
      fix: "leave it out",
    });
    checkCpuCredits(this, props.instanceType, props.cpuCredits);
    const template = new LaunchTemplate(this, "launch-template", props);
    const group = this.#group(props, template);
    this.autoScalingGroupName = group.name;
    this.autoScalingGroupArn = group.arn;
    this.dependables = [group];
    if (maxInstances > minInstances && !props.managedByEcs) {
      new Scaling(this, "scaling", { group, balanced: props.balanced, targets: props.scaling ?? {} });
    }
  }

  #group(props: InstancesProps, template: LaunchTemplate): AutoscalingGroup {
    const { balanced, launchHook, minInstances, maxInstances, managedByEcs = false } = props;
    // ECS adds its tag to the group. Without it here, each apply would remove the tag.
    const collectTags = () => ({ ...template.collectTags(this), ...(managedByEcs && { AmazonECSManaged: "" }) });
    return new AutoscalingGroup(this, "group", {
      name: props.name,
      vpcZoneIdentifier: props.subnets.map(({ subnetId }) => subnetId),
      // No desired capacity: Auto Scaling chooses it between the two, and Terraform would reset it.
      minSize: minInstances,
      maxSize: maxInstances,
      launchTemplate: { id: template.id, version: template.latestVersion },
      ...(balanced !== undefined && {
        targetGroupArns: [balanced.targetGroupArn],
        // A first deployment waits until the load balancer has healthy targets.
        minElbCapacity: minInstances,
      }),
      healthCheckType: balanced === undefined ? "EC2" : "ELB",
      healthCheckGracePeriod: GRACE_SECONDS,
      waitForCapacityTimeout: CAPACITY_TIMEOUT,
      ...(launchHook !== undefined && {
        initialLifecycleHook: [
          {
            name: launchHook.hookName,
            lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
            heartbeatTimeout: launchHook.timeoutSeconds,
            defaultResult: "ABANDON",
          },
        ],
      }),
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 200,
          autoRollback: true,
          // Instances are protected from scale-in. A refresh can replace them, because ECS drains them first.
          ...(managedByEcs && { scaleInProtectedInstances: "Refresh" }),
          instanceWarmup: String(WARMUP_SECONDS),
        },
      },
      enabledMetrics: METRICS,
      ...(managedByEcs && {
        // ECS removes the protection of an instance without tasks. The destroy needs force, because ECS does not remove it once the
        // cluster's services are gone (terraform-aws-modules/terraform-aws-ecs#253).
        protectFromScaleIn: true,
        forceDelete: true,
      }),
      // Lazy, because an Aspect adds tags later. The keys are those of the JSON, because cdktf does not translate lazy values.
      tag: Lazy.anyValue({
        produce: () => Object.entries(collectTags()).map(([key, value]) => ({ key, propagate_at_launch: true, value })),
      }),
      dependsOn: dependOn(this, [
        ...new Set(props.subnets.flatMap(({ dependables }) => [...dependables])),
        ...props.role.dependables,
        ...(launchHook?.dependables ?? []),
        ...props.dependables,
      ]),
    });
  }
}
