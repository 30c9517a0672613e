import { texts } from "../../terraform/configuration";
import type { Change } from "../change";
import type { Moment, Plan } from "../plan";

const ROLE = "aws_iam_role";
const POLICY = "aws_iam_policy";
const OF = ["role", "user", "group"];
const ATTACHMENTS = [
  "aws_iam_policy_attachment",
  ...OF.flatMap((holder) => [`aws_iam_${holder}_policy_attachment`, `aws_iam_${holder}_policy_attachments_exclusive`]),
];

/** A managed policy and a role, a user or a group that has it. */
export interface Attachment {
  /** Of the resource that attaches it. */
  readonly address: string;
  readonly holder: string;
  /** Address where it is in the plan, else the ARN. */
  readonly policy: string;
}

/** Managed policies that roles, users and groups have, at one moment. */
export function attachments(plan: Plan, moment: Moment): Attachment[] {
  return plan.of(...ATTACHMENTS, ROLE).flatMap((change) => {
    if (change[moment] === undefined) return [];
    const policies =
      change.type === ROLE
        ? texts(change[moment]?.managed_policy_arns)
        : ["policy_arn", "policy_arns"].flatMap((argument) => plan.targets(change, argument, moment, POLICY));
    const holders = change.type === ROLE ? [change.address] : findHolders(plan, change, moment);
    return holders.flatMap((holder) => policies.map((policy) => ({ address: change.address, holder, policy })));
  });
}

function findHolders(plan: Plan, change: Change, moment: Moment): string[] {
  return OF.flatMap((holder) =>
    [holder, `${holder}s`, `${holder}_name`].flatMap((argument) =>
      plan.targets(change, argument, moment, `aws_iam_${holder}`),
    ),
  );
}

/** Holders of the managed policies that are in the plan, by the policy's address. */
export function holdersByPolicy(plan: Plan, moment: Moment): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const { holder, policy } of attachments(plan, moment))
    holders.set(policy, [...(holders.get(policy) ?? []), holder]);
  return holders;
}
