import type { Construct } from "constructs";
import { checkOneOf, ValidationError } from "../validation";

/**
 * How a burstable instance uses its processors above its baseline.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-how-to.html
 */
export const CpuCredits = {
  /** Without CPU credits, the instance slows down to its baseline. It never costs more than its price. */
  STANDARD: "standard",
  /** Without CPU credits, the instance continues at full speed, and AWS charges for surplus credits. */
  UNLIMITED: "unlimited",
} as const;
export type CpuCredits = (typeof CpuCredits)[keyof typeof CpuCredits];

const BURSTABLE = /^t\d/;

/**
 * Checks a credit option. EC2 refuses one for an instance type without CPU credits.
 *
 * @throws {ValidationError} when the option is unknown, or the instance type has no CPU credits.
 */
export function checkCpuCredits(scope: Construct, instanceType: string, cpuCredits: CpuCredits | undefined): void {
  checkOneOf(scope, "cpuCredits", cpuCredits, CpuCredits, { atSynth: true });
  if (cpuCredits === undefined || BURSTABLE.test(instanceType)) return;
  throw new ValidationError(scope, {
    what: "cpuCredits",
    got: `${cpuCredits} for ${instanceType}`,
    allowed: "a type with CPU credits: T2, T3, T3a, T4g",
    fix: "leave it out",
  });
}
