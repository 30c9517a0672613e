import type { Json } from "../../machine/aws-cli";
import type { State } from "../../terraform/state";
import { isWorld } from "../../terraform/world";
import { type Finding, fail, ok, warn } from "../finding";
import { groupByRegion } from "./region";
import type { Question } from "./resources";
import { isInline, listKnownRules } from "./security-group-rules";

const GROUPS = ["aws_security_group", "aws_default_security_group"];
const RESTORED = "a deploy creates what is missing";

/** Rules that were added or removed outside of Terraform. Another stack may add rules of its own, from a group or a network. */
function rules({ SecurityGroupRules: found }: Json, { ids, inline = [] }: Json): Finding {
  const check = "security group rules";
  const [known, there] = [new Set<string>(ids), new Set<string>()];
  const added: Json[] = [];
  for (const rule of found as Json[]) {
    there.add(rule.SecurityGroupRuleId);
    if (!known.has(rule.SecurityGroupRuleId) && !isInline(rule, inline)) added.push(rule);
  }
  const gone = (ids as string[]).filter((id) => !there.has(id));
  if (gone.length > 0) return fail(check, `${gone.length} of ${ids.length} were removed: ${gone.join(", ")}`, RESTORED);
  const open = added.filter((rule) => !rule.IsEgress && isWorld(rule.CidrIpv4 ?? rule.CidrIpv6 ?? ""));
  const [first] = [...open, ...added];
  if (first === undefined) return ok(check, `${there.size}, all of this stack`);
  const make = open.length > 0 ? fail : warn;
  const others = added.length > 1 ? `, and ${added.length - 1} more` : "";
  return make(check, `not of this stack: ${ruleInWords(first)}${others}`, revoking(first));
}

function ruleInWords({ GroupId, IsEgress, IpProtocol, FromPort, ToPort, ...end }: Json): string {
  const ports = FromPort === ToPort ? FromPort : `${FromPort} to ${ToPort}`;
  const what = IpProtocol === "-1" ? "all traffic" : `${IpProtocol} ${ports}`;
  const other = end.CidrIpv4 ?? end.CidrIpv6 ?? end.PrefixListId ?? end.ReferencedGroupInfo?.GroupId;
  return IsEgress ? `${what} of ${GroupId} to ${other}` : `${what} of ${GroupId} from ${other}`;
}

function revoking({ GroupId, IsEgress, SecurityGroupRuleId }: Json): string {
  const command = IsEgress ? "revoke-security-group-egress" : "revoke-security-group-ingress";
  return `aws ec2 ${command} --group-id ${GroupId} --security-group-rule-ids ${SecurityGroupRuleId}`;
}

/** A role's policies in AWS' answer and in the state, as names or as ARNs. */
function policies(check: string, found: readonly string[], { role, known }: Json, remove: (policy: string) => string) {
  const gone = (known as string[]).filter((policy) => !found.includes(policy));
  if (gone.length > 0) return fail(check, `${role} lost ${gone.join(", ")}`, RESTORED);
  const [first, ...others] = found.filter((policy) => !known.includes(policy));
  if (first === undefined) return ok(check, `${role} has ${found.length}, all of this stack`);
  return fail(check, `${role} has ${[first, ...others].join(", ")}, not of this stack`, remove(first));
}

/** A role in a state. */
interface HeldRole {
  readonly role: string;
  readonly inline: readonly string[];
  readonly attached: readonly string[];
}

/**
 * The roles of a state with their inline and their managed policies: those that resources give them, or where no resource of the kind
 * does, those that the role lists itself.
 */
function listRoles(state: State): HeldRole[] {
  const inline = state.all("aws_iam_role_policy");
  const attached = state.all("aws_iam_role_policy_attachment");
  const shared = state.all("aws_iam_policy_attachment");
  return state.all("aws_iam_role").map((held: Json) => {
    const isOf = ({ role, roles }: Json) => role === held.name || (roles ?? []).includes(held.name);
    const names = inline.filter(isOf).map(({ name }) => String(name));
    const arns = [...attached, ...shared].filter(isOf).map(({ policy_arn }) => String(policy_arn));
    const { inline_policy = [], managed_policy_arns = [] } = held;
    const own = inline_policy.map(({ name }: Json) => name).filter(Boolean);
    return {
      role: held.name,
      inline: names.length > 0 ? names : own,
      attached: arns.length > 0 ? arns : managed_policy_arns,
    };
  });
}

/** Checks for changes outside of Terraform that open a port or remove a permission. */
export const DRIFT: readonly Question[] = [
  {
    check: "security group rules",
    ask: (state) =>
      groupByRegion(GROUPS.flatMap((type) => [...state.all(type)])).map((groups) => {
        const ids = groups.map(({ id }) => id);
        const args = ["ec2", "describe-security-group-rules", "--filters", `Name=group-id,Values=${ids.join(",")}`];
        return { args, held: { arn: groups[0]?.arn, ...listKnownRules(state, groups) } };
      }),
    judge: rules,
  },
  {
    check: "inline policies",
    ask: (state) =>
      listRoles(state).map(({ role, inline: known }) => ({
        args: ["iam", "list-role-policies", "--role-name", role],
        held: { role, known },
      })),
    judge: ({ PolicyNames }, held) =>
      policies(
        "inline policies",
        PolicyNames,
        held,
        (policy) => `aws iam delete-role-policy --role-name ${held.role} --policy-name ${policy}`,
      ),
  },
  {
    check: "attached policies",
    ask: (state) =>
      listRoles(state).map(({ role, attached: known }) => ({
        args: ["iam", "list-attached-role-policies", "--role-name", role],
        held: { role, known },
      })),
    judge: ({ AttachedPolicies }, held) =>
      policies(
        "attached policies",
        (AttachedPolicies as Json[]).map(({ PolicyArn }) => PolicyArn),
        held,
        (policy) => `aws iam detach-role-policy --role-name ${held.role} --policy-arn ${policy}`,
      ),
  },
];
