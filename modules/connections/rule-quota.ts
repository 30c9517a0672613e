import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { checkWholeNumber, ValidationError } from "../validation";
import type { ISecurityGroup } from "./security-group";

/**
 * Rules of a security group in each direction, until AWS raises the account's quota; and the most AWS raises it to, for an
 * interface with one group.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
 */
const DEFAULT_QUOTA = 60;
const MOST_RULES = 1000;

const quotas = new WeakMap<TerraformStack, number>();

/**
 * Sets a stack's limit of rules in each direction of a security group. Call it before you add rules.
 *
 * @param quota - a whole number from 1 to 1000, the account's quota L-0EA8095F.
 * @default - without a call 60, AWS' default
 * @throws when the number is out of range.
 */
export function setRuleQuota(stack: TerraformStack, quota: number): void {
  checkWholeNumber(stack, "rules of a security group", quota, {
    min: 1,
    max: MOST_RULES,
    fix: `leave it out for ${DEFAULT_QUOTA}`,
    atSynth: true,
  });
  quotas.set(stack, quota);
}

/** Direction of a rule, as seen from its group. */
export type Direction = "ingress" | "egress";

const counts = new WeakMap<ISecurityGroup, Record<Direction, number>>();

/**
 * Counts a new rule of a group. The present rules of an existing group are unknown, so they are not counted.
 *
 * @throws when the group has more rules in this direction than AWS allows.
 */
export function countRule(scope: Construct, group: ISecurityGroup, direction: Direction): void {
  const count = counts.get(group) ?? { ingress: 0, egress: 0 };
  counts.set(group, count);
  count[direction] += 1;
  const quota = quotas.get(TerraformStack.of(scope)) ?? DEFAULT_QUOTA;
  if (count[direction] <= quota) return;
  throw new ValidationError(group, {
    what: `${direction} rules of the security group`,
    got: `${count[direction]} or more`,
    allowed: `${quota}: each CIDR is a rule for each port, and a certificate takes two ports`,
    fix: "name fewer and larger blocks, or have AWS raise the account's quota L-0EA8095F and give rulesPerSecurityGroup",
  });
}
