import {
  block,
  blocks,
  type Configuration,
  type Resource,
  UnknownValueError,
  type Values,
} from "../terraform/configuration";
import { HOURS } from "./line";

/** The most that CPU credits can cost, for instances of one kind. */
export interface SurplusCredits {
  readonly instanceType: string;
  readonly instances: number;
  /** Processor time of the instances, in percent of all vCPUs: the target of the fleet's scaling, else all of it. */
  readonly percent: number;
  /** Hours of vCPUs above the baseline, in a month. */
  readonly vcpuHours: number;
  /** Key of the price. */
  readonly price: string;
}

/**
 * vCPUs, and the percent of each that credits pay for, by size.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
 */
const SIZES: Readonly<Record<string, readonly [vcpus: number, baseline: number]>> = {
  nano: [2, 5],
  micro: [2, 10],
  small: [2, 20],
  medium: [2, 20],
  large: [2, 30],
  xlarge: [4, 40],
  "2xlarge": [8, 40],
};

/**
 * The most that a stack's instances can cost beside their price: T3 and T4g use processor time above their baseline without a limit,
 * unless their credits are `standard`.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html
 */
export function listSurplusCredits(stack: Configuration): SurplusCredits[] {
  return [
    ...stack.of("aws_instance").flatMap(({ values }) => known(() => measure(values, 1, 100))),
    ...stack.of("aws_autoscaling_group").flatMap((group) => known(() => measureFleet(stack, group))),
  ];
}

function measureFleet(stack: Configuration, group: Resource): SurplusCredits[] {
  const [template] = stack.behind(group, "launch_template", "aws_launch_template");
  if (template === undefined) return [];
  const targets = stack
    .pointingAt(group, "aws_autoscaling_policy", "autoscaling_group_name")
    .flatMap(({ values }) => blocks(values.target_tracking_configuration))
    .filter(
      (target) => block(target.predefined_metric_specification).predefined_metric_type === "ASGAverageCPUUtilization",
    )
    .map(({ target_value }) => Number(target_value));
  return measure(template.values, Number(group.values.min_size), Math.min(100, ...targets));
}

function measure(values: Values, instances: number, percent: number): SurplusCredits[] {
  const instanceType = String(values.instance_type);
  const [, family = "", size = ""] = /^(t3a?|t4g)\.(\w+)$/.exec(instanceType) ?? [];
  const [vcpus, baseline] = SIZES[size] ?? [0, 0];
  const vcpuHours = instances * vcpus * (Math.max(0, percent - baseline) / 100) * HOURS;
  const isStandard = block(values.credit_specification).cpu_credits === "standard";
  if (isStandard || Number.isNaN(vcpuHours) || vcpuHours === 0) return [];
  const price = family === "t4g" ? "credits t4g" : "credits t3";
  return [{ instanceType, instances, percent, vcpuHours, price }];
}

/** Nothing, where an argument is known only after apply: the table then says that it leaves out these credits. */
function known(measure: () => SurplusCredits[]): SurplusCredits[] {
  try {
    return measure();
  } catch (error) {
    if (error instanceof UnknownValueError) return [];
    throw error;
  }
}
