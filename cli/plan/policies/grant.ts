import { blocks, texts, type Values } from "../../terraform/configuration";
import { list, parseStatements, type Statement } from "../../terraform/iam-statement";
import { type Change, differs } from "../change";
import type { Moment, Plan } from "../plan";
import { type Condition, parseConditions } from "./conditions";
import { holdersByPolicy } from "./holders";

/** Names that IAM matches with wildcards: some, or everything but some. */
export type Scope = { readonly only: string } | { readonly allBut: readonly string[] };

/** Something a policy allows or denies. */
export interface Grant {
  /** Of the resource that says so. */
  readonly address: string;
  /** Address of the role, user or group it is for; of a policy of a resource, the resource itself. */
  readonly owner: string;
  readonly effect: string;
  /** The principal it names: a role's trust, a bucket's policy; undefined where the document names none. */
  readonly principal: string | undefined;
  readonly action: Scope;
  readonly resource: Scope;
  readonly conditions: readonly Condition[];
}

/** Arguments of any resource that hold a policy document. */
export const DOCUMENTS = [
  "policy",
  "policy_document",
  "assume_role_policy",
  "access_policy",
  "access_policies",
  "repository_policy",
  "resource_policy",
];
const INLINE = "inline_policy";
const HOLDERS = ["role", "user", "group"];

/** The resource of a document that names none: what it belongs to. */
export const ITSELF = "itself";

/** All that the policies of a plan allow and deny, at one moment. */
export function findGrants(plan: Plan, moment: Moment): Grant[] {
  const holders = holdersByPolicy(plan, moment);
  return plan.changes
    .filter(({ leftover }) => !leftover)
    .flatMap((change) => {
      const statements = readDocuments(plan, change, moment).flatMap((document) => parseStatements(document));
      const owners = statements.length === 0 ? [] : findOwners(plan, change, moment, holders);
      return owners
        .flatMap((owner) => statements.flatMap((statement) => grantsIn(statement, change.address, owner)))
        .concat(change.type === "aws_lambda_permission" ? permission(plan, change, moment) : []);
    });
}

/** Attachments that Terraform does not manage are not in the plan. */
function findOwners(
  plan: Plan,
  change: Change,
  moment: Moment,
  holders: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  if (change.type === "aws_iam_policy") return holders.get(change.address) ?? [change.address];
  const owner = HOLDERS.flatMap((argument) => plan.targets(change, argument, moment, `aws_iam_${argument}`))[0];
  return [owner ?? change.address];
}

function readDocuments(plan: Plan, change: Change, moment: Moment): (string | undefined)[] {
  if (change[moment] === undefined) return [];
  // The state shows the policies of a role here too: where they stay as they are, it is not the role that gives them.
  const isInline = change.action === "create" || differs(change, INLINE);
  const inline = isInline ? blocks(change[moment]?.[INLINE]).flatMap(({ policy }) => texts(policy)) : [];
  return [...DOCUMENTS.map((argument) => plan.text(change, argument, moment)), ...inline];
}

function grantsIn(statement: Statement, address: string, owner: string): Grant[] {
  const { Effect: effect = "", Action, NotAction, Resource, NotResource } = statement;
  const conditions = parseConditions(statement.Condition);
  const actions = scopes(list(Action), list(NotAction));
  const named = scopes(list(Resource), list(NotResource));
  const resources = named.length > 0 ? named : [{ only: ITSELF }];
  return listPrincipals(statement).flatMap((principal) =>
    resources.flatMap((resource) =>
      actions.map((action) => ({ address, owner, effect, principal, action, resource, conditions })),
    ),
  );
}

function scopes(some: readonly string[], allBut: readonly string[]): Scope[] {
  return [...some.map((only) => ({ only })), ...(allBut.length > 0 ? [{ allBut }] : [])];
}

function listPrincipals({ Principal, NotPrincipal }: Statement): (string | undefined)[] {
  if (NotPrincipal !== undefined) return [`everybody but ${JSON.stringify(NotPrincipal)}`];
  if (Principal === undefined) return [undefined];
  if (typeof Principal === "string") return [Principal];
  return Object.values(Principal).flatMap(list);
}

/** A function's permission is a statement that is a resource by itself. */
function permission(plan: Plan, change: Change, moment: Moment): Grant[] {
  const values = change[moment];
  if (values === undefined) return [];
  const [owner = change.address] = plan.targets(change, "function_name", moment, "aws_lambda_function");
  return [
    {
      address: change.address,
      owner,
      effect: "Allow",
      principal: String(values.principal),
      action: { only: String(values.action ?? "lambda:InvokeFunction") },
      resource: { only: ITSELF },
      conditions: parseConditions(buildSourceCondition(plan, change, values, moment)),
    },
  ];
}

function buildSourceCondition(plan: Plan, change: Change, values: Values, moment: Moment): object {
  const arn = plan.text(change, "source_arn", moment);
  const isLater = moment === "after" && change.unknown.source_arn === true;
  const equals = {
    ...(values.source_account && { "aws:SourceAccount": values.source_account }),
    ...(values.principal_org_id && { "aws:PrincipalOrgID": values.principal_org_id }),
    ...(values.function_url_auth_type && { "lambda:FunctionUrlAuthType": values.function_url_auth_type }),
    ...(values.event_source_token && { "lambda:EventSourceToken": values.event_source_token }),
  };
  return {
    ...((arn !== undefined || isLater) && { ArnLike: { "aws:SourceArn": arn ?? `\${${change.address}.source_arn}` } }),
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
  };
}
