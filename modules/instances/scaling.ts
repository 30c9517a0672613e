import type { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { AutoscalingPolicy } from "@cdktf/provider-aws/lib/autoscaling-policy";
import { Construct } from "constructs";
import { checkNumber, ValidationError } from "../validation";
import type { Balanced, ScalingTargets } from "./props";

/** Properties of a {@link Scaling}. */
export interface ScalingProps {
  readonly group: AutoscalingGroup;
  readonly balanced: Balanced | undefined;
  readonly targets: ScalingTargets;
}

/** Time in which scaling ignores a new instance's metrics, because it still compiles and fills caches. Seconds. */
export const WARMUP_SECONDS = 60;

const DEFAULT_FIX = "leave it out for the default";

/**
 * Target tracking of a group. AWS creates the alarms. It adds instances sooner than it removes them.
 *
 * @throws when a target is out of range, or counts requests without a load balancer.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html
 */
export class Scaling extends Construct {
  constructor(scope: Construct, id: string, { group, balanced, targets }: ScalingProps) {
    super(scope, id);
    const { cpuPercent = 50, requestsPerMinute } = targets;
    checkNumber(this, "cpuPercent", cpuPercent, { min: 10, max: 90, fix: DEFAULT_FIX });
    checkNumber(this, "requestsPerMinute", requestsPerMinute, { min: 1, max: 100_000_000, fix: DEFAULT_FIX });
    this.#policy("cpu", group, cpuPercent, { predefinedMetricType: "ASGAverageCPUUtilization" });
    if (requestsPerMinute === undefined) return;
    if (balanced === undefined) {
      throw new ValidationError(this, {
        what: "requestsPerMinute",
        got: requestsPerMinute,
        allowed: "instances behind a load balancer, which counts them",
        fix: "leave it out",
      });
    }
    this.#policy("requests", group, requestsPerMinute, {
      predefinedMetricType: "ALBRequestCountPerTarget",
      resourceLabel: `${balanced.loadBalancerArnSuffix}/${balanced.targetGroupArnSuffix}`,
    });
  }

  #policy(
    id: string,
    group: AutoscalingGroup,
    targetValue: number,
    metric: { readonly predefinedMetricType: string; readonly resourceLabel?: string },
  ): void {
    new AutoscalingPolicy(this, id, {
      name: id,
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      estimatedInstanceWarmup: WARMUP_SECONDS,
      targetTrackingConfiguration: { targetValue, predefinedMetricSpecification: metric },
    });
  }
}
