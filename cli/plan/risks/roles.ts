import { texts } from "../../terraform/configuration";
import type { Moment, Plan } from "../plan";
import type { Risk } from "../risk";
import { allowedAnew } from "./policies";
import { grantsInAccessStrings } from "./redis-users";

const ROLE = "aws_iam_role";
const ATTACHMENTS = [
  "aws_iam_role_policy_attachment",
  "aws_iam_user_policy_attachment",
  "aws_iam_group_policy_attachment",
  "aws_iam_policy_attachment",
];

/**
 * What somebody may do after the plan and might not before: a statement added, a condition or a denial taken away, a
 * managed policy attached, another one trusted. A policy that only moves, or becomes narrower, widens nothing.
 */
export function widenedRoles(plan: Plan): Risk[] {
  return [
    ...allowedAnew(plan),
    ...attached(plan),
    ...withoutBoundary(plan),
    ...callers(plan),
    ...grantsInAccessStrings(plan),
  ];
}

function attached(plan: Plan): Risk[] {
  const pairs = (moment: Moment) =>
    plan.of(...ATTACHMENTS, ROLE).flatMap((change) => {
      const holders = ["role", "roles", "user", "users", "group", "groups"].flatMap((argument) =>
        plan.targets(change, argument, moment, `aws_iam_${argument.replace(/s$/, "")}`),
      );
      const policies =
        change.type === ROLE
          ? texts(change[moment]?.managed_policy_arns)
          : plan.targets(change, "policy_arn", moment, "aws_iam_policy");
      const owners = change.type === ROLE ? [change.address] : holders;
      return owners.flatMap((owner) => policies.map((policy) => ({ address: change.address, owner, policy })));
    });
  const before = pairs("before");
  return pairs("after")
    .filter(({ owner, policy }) => !before.some((one) => one.owner === owner && one.policy === policy))
    .map(({ address, owner, policy }) => ({
      address,
      what: `${plan.names.of(owner)} gets the policy ${plan.names.of(policy).replace(/^arn:aws[\w-]*:iam::(aws|\d+):policy\//, "")}`,
    }));
}

function withoutBoundary(plan: Plan): Risk[] {
  return plan
    .of(ROLE, "aws_iam_user")
    .flatMap(({ address, before, after }) =>
      before?.permissions_boundary && after !== undefined && !after.permissions_boundary
        ? [{ address, what: `${plan.names.of(address)} loses its permissions boundary` }]
        : [],
    );
}

/** A function's permissions, each a resource by itself. */
function callers(plan: Plan): Risk[] {
  const TYPE = "aws_lambda_permission";
  const said = (moment: Moment) =>
    plan.of(TYPE).flatMap((change) => {
      const values = change[moment];
      if (values === undefined) return [];
      const [of = "a function"] = plan.targets(change, "function_name", moment, "aws_lambda_function");
      const everybody = `everybody${values.source_account ? ` of account ${values.source_account}` : ""}`;
      const who = values.principal === "*" ? everybody : String(values.principal);
      return [{ address: change.address, what: `${plan.names.of(of)} may be called by ${who}` }];
    });
  const before = new Set(said("before").map(({ what }) => what));
  return said("after").filter(({ what }) => !before.has(what));
}
