import type { Plan } from "../plan";
import { attachments } from "../policies/holders";
import type { PolicyFindings } from "../policies/policies";
import type { Risk } from "../risk";
import { grantsInAccessStrings } from "./redis-users";

/**
 * Permissions that a principal gains: an added statement, a removed condition or denial, an attached managed policy, or another trusted
 * principal. A policy that only moves, or becomes narrower, widens no role.
 */
export function widenedRoles(plan: Plan, { widened }: PolicyFindings): Risk[] {
  const attached = otherAttachments(plan, "before", "after").map(({ address, holder, policy }) => ({
    address,
    what: `${plan.names.of(holder)} gets the policy ${shortenName(plan, policy)}`,
  }));
  return [...widened, ...attached, ...boundaries(plan), ...grantsInAccessStrings(plan)];
}

/** Managed policies that a role loses. */
export function detachedPolicies(plan: Plan): Risk[] {
  return otherAttachments(plan, "after", "before").map(({ address, holder, policy }) => ({
    address,
    what: `${plan.names.of(holder)} loses the policy ${shortenName(plan, policy)}: what it allowed is refused`,
  }));
}

/** Attachments that exist at one moment only, of policies that are not in the plan. */
function otherAttachments(plan: Plan, from: "before" | "after", to: "before" | "after") {
  const known = new Set(attachments(plan, from).map(({ holder, policy }) => `${holder} ${policy}`));
  return attachments(plan, to).filter(({ holder, policy }) => {
    const isNew = !known.has(`${holder} ${policy}`);
    const isHolderThere = plan.at(holder) === undefined || plan.at(holder)?.after !== undefined;
    // The statements of a policy in the plan are compared elsewhere.
    return isNew && isHolderThere && plan.at(policy) === undefined;
  });
}

function shortenName(plan: Plan, policy: string): string {
  return plan.names.of(policy).replace(/^arn:aws[\w-]*:iam::(aws|\d+):policy\//, "");
}

/** Changes of permissions boundaries, which limit the permissions of a role or user. */
function boundaries(plan: Plan): Risk[] {
  return plan.of("aws_iam_role", "aws_iam_user").flatMap((change) => {
    const { address, before, after, unknown } = change;
    const [was, is] = [before?.permissions_boundary, after?.permissions_boundary];
    if (!was || after === undefined || was === is || unknown.permissions_boundary === true) return [];
    const name = plan.names.of(address);
    if (!is) return [{ address, what: `${name} loses its permissions boundary` }];
    const [policy = String(is)] = plan.targets(change, "permissions_boundary", "after", "aws_iam_policy");
    return [
      { address, what: `${name} gets the permissions boundary ${shortenName(plan, policy)} in place of another` },
    ];
  });
}
