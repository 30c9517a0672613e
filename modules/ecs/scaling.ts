import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Construct } from "constructs";
import type { TargetGroup } from "../load-balancer";
import { buildName, NameLimits } from "../naming";
import { checkNumber, NUMBER, type PropTypes } from "../validation";

/** Targets of a service that scaling keeps by adding and removing tasks. With both, the larger number of tasks counts. */
export interface TaskScalingTargets {
  /**
   * Average processor time of the tasks in percent of their CPU, 10 to 90. Below 100, so that there is room until a new task has started.
   * @default 50
   */
  readonly cpuPercent?: number;
  /**
   * Requests of a task in a minute, at least 1. Measure how many a task can serve.
   * @default - no target
   */
  readonly requestsPerMinute?: number;
}

/** Types of the props of {@link TaskScalingTargets}. */
export const TASK_SCALING_TARGETS: PropTypes<TaskScalingTargets> = {
  cpuPercent: NUMBER,
  requestsPerMinute: NUMBER,
};

/** Properties of a {@link TaskScaling}. */
export interface TaskScalingProps {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly targets: TaskScalingTargets;
  readonly target: TargetGroup;
  readonly loadBalancerArnSuffix: string;
}

/** A task starts within a minute, so tasks are added soon, and removed only after a longer time of low load. Seconds. */
const OUT_COOLDOWN = 60;
const IN_COOLDOWN = 300;

const DEFAULT_FIX = "leave it out for the default";

/**
 * Target tracking of a service. AWS creates the alarms.
 *
 * @throws when a target is out of range.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
 */
export class TaskScaling extends Construct {
  constructor(scope: Construct, id: string, props: TaskScalingProps) {
    super(scope, id);
    const { cpuPercent = 50, requestsPerMinute } = props.targets;
    checkNumber(this, "cpuPercent", cpuPercent, { min: 10, max: 90, fix: DEFAULT_FIX });
    checkNumber(this, "requestsPerMinute", requestsPerMinute, { min: 1, max: 100_000_000, fix: DEFAULT_FIX });
    const target = new AppautoscalingTarget(this, "tasks", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${props.clusterName}/${props.serviceName}`,
      minCapacity: props.minTasks,
      maxCapacity: props.maxTasks,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.#policy("cpu", target, cpuPercent, { predefinedMetricType: "ECSServiceAverageCPUUtilization" });
    if (requestsPerMinute === undefined) return;
    this.#policy("requests", target, requestsPerMinute, {
      predefinedMetricType: "ALBRequestCountPerTarget",
      resourceLabel: `${props.loadBalancerArnSuffix}/${props.target.arnSuffix}`,
    });
  }

  #policy(
    id: string,
    target: AppautoscalingTarget,
    targetValue: number,
    predefinedMetricSpecification: { readonly predefinedMetricType: string; readonly resourceLabel?: string },
  ): void {
    new AppautoscalingPolicy(this, id, {
      name: buildName(this, NameLimits.SCALING_POLICY, id),
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue,
        predefinedMetricSpecification,
        scaleOutCooldown: OUT_COOLDOWN,
        scaleInCooldown: IN_COOLDOWN,
      },
    });
  }
}
