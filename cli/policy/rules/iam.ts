import { texts, UnknownValueError, type Value } from "../../terraform/configuration";
import { list, parseStatements, type Statement } from "../../terraform/iam-statement";
import type { Rule } from "../rule";

/** The actions that our stacks need and that AWS gives no resource to. A test holds both. */
export const WITHOUT_RESOURCE: ReadonlySet<string> = new Set([
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ecr:GetAuthorizationToken",
  "ecs:DiscoverPollEndpoint",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
]);
const POLICIES = ["aws_iam_role_policy", "aws_iam_policy", "aws_iam_user_policy", "aws_iam_group_policy"];
/** The ways to give a managed policy; a role's own argument is the oldest one. */
const ATTACHMENTS = [
  "aws_iam_role_policy_attachment",
  "aws_iam_policy_attachment",
  "aws_iam_user_policy_attachment",
  "aws_iam_group_policy_attachment",
  "aws_iam_role",
];
const WIDE = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess)$/;
/** AWS sends no account, or documents none, for these: EC2 for an instance's role, Lambda for a function's, both of their own account alone. */
const WITHOUT_ACCOUNT = /^((ec2|lambda)\.amazonaws\.com(\.cn)?|ec2\.\$\{data\.aws_partition\.\w+\.dns_suffix\})$/;

/** Rules for IAM policies and roles. */
export const iamRules: readonly Rule[] = [
  {
    id: "policy-no-wildcard-action",
    also: "IAM.21, CKV_AWS_355",
    on: POLICIES,
    finds({ values }) {
      const wide = allowing(values.policy).flatMap(({ Action, NotAction }) =>
        NotAction === undefined ? list(Action).filter((action) => action.includes("*")) : ["all but some"],
      );
      return wide.length > 0 ? `allows ${wide.join(", ")}: name the actions` : undefined;
    },
  },
  {
    id: "policy-names-resources",
    also: "CKV_AWS_290",
    on: POLICIES,
    finds({ values }) {
      const wide = allowing(values.policy)
        .filter(({ Resource }) => list(Resource).includes("*"))
        .flatMap(({ Action }) => list(Action).filter((action) => !WITHOUT_RESOURCE.has(action)));
      return wide.length > 0 ? `allows ${wide.join(", ")} on everything` : undefined;
    },
  },
  {
    id: "policy-not-administrator",
    on: ATTACHMENTS,
    finds({ values }) {
      const wide = [values.policy_arn, values.managed_policy_arns].flatMap(texts).filter((arn) => WIDE.test(arn));
      return wide.length > 0 ? `attaches ${wide.map((arn) => arn.split("/").at(-1)).join(", ")}` : undefined;
    },
  },
  {
    id: "role-trusts-one-service",
    also: "CKV_AWS_60",
    on: ["aws_iam_role"],
    finds({ values }) {
      const statements = allowing(values.assume_role_policy);
      if (statements.some(trustsEverybody)) return "may be assumed by everybody";
      if (statements.some(trustsEveryIdentity))
        return "trusts every identity of a provider: add a condition on its subject";
      const services = statements.flatMap(({ Principal = {} }) => list((Principal as Record<string, string>).Service));
      const open = statements.some((one) => one.Condition === undefined) && !services.every((s) => exempt(s));
      return open ? "trusts a service for every account: add aws:SourceAccount" : undefined;
    },
  },
];

/** Condition keys that say which principals of AWS may assume a role, or for whom. */
const ABOUT_PRINCIPALS = /aws:(Principal(Arn|Account|OrgID|OrgPaths)|Source(Arn|Account|OrgID|OrgPaths))"/i;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function trustsEverybody({ Principal, NotPrincipal, Condition }: Statement): boolean {
  if (NotPrincipal !== undefined) return true;
  const names = typeof Principal === "string" ? [Principal] : list(Principal?.AWS);
  return names.includes("*") && !ABOUT_PRINCIPALS.test(JSON.stringify(Condition ?? {}));
}

/** Whether everybody with an account at the provider may assume it: a condition has to say who. */
function trustsEveryIdentity({ Principal, Condition }: Statement): boolean {
  return typeof Principal === "object" && Principal.Federated !== undefined && Condition === undefined;
}

function exempt(service: string): boolean {
  return WITHOUT_ACCOUNT.test(service);
}

/** The statements that allow something. @throws {UnknownValueError} where the policy is one reference, like `${data...json}`. */
function allowing(policy: Value | undefined): Statement[] {
  if (typeof policy === "string" && policy.startsWith("${")) throw new UnknownValueError("policy");
  return parseStatements(policy).filter(({ Effect }) => Effect === "Allow");
}
