import { blocks, texts } from "../../terraform/configuration";
import { list, type Statement, statementsOf } from "../../terraform/iam-statement";
import { type Change, differs } from "../change";
import type { Moment, Plan } from "../plan";
import type { Risk } from "../risk";

const ROLE = "aws_iam_role";
/** Arguments that hold a policy document, whatever resource they are of. */
const DOCUMENTS = ["policy", "assume_role_policy", "access_policy", "repository_policy", "resource_policy"];
const INLINE = "inline_policy";

/** Something somebody may do. */
interface Grant {
  /** Of the resource that says so. */
  readonly address: string;
  /** Whose it is: the role of a role's policy, else the resource itself. */
  readonly owner: string;
  /** Who, where the document says it: a role's trust, a bucket's policy. */
  readonly principal: string | undefined;
  readonly action: string;
  readonly resource: string;
  readonly condition: string | undefined;
}

/** Grants as they are told: of one owner, to one principal, under one condition. */
interface Line extends Omit<Grant, "action" | "resource"> {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The resource of a document that names none: what it belongs to. */
const ITSELF = "itself";

/** What policies allow after the plan and did not before, and what they no longer deny. */
export function allowedAnew(plan: Plan): Risk[] {
  const undenied = added(plan, "Deny", "after", "before");
  return [
    ...added(plan, "Allow", "before", "after"),
    ...undenied.map(({ address, what }) => ({ address, what: `no longer denies: ${what}` })),
    ...unreadable(plan),
  ];
}

/** Grants of one moment that none of the other covers; those that differ in action or resource alone in one line. */
function added(plan: Plan, effect: "Allow" | "Deny", from: Moment, to: Moment): Risk[] {
  const before = grants(plan, effect, from);
  const fresh = grants(plan, effect, to)
    .filter((grant) => effect === "Allow" || isReadAfter(plan, grant))
    .filter((grant) => !before.some((one) => covers(one, grant)))
    .map(({ action, resource, ...rest }): Line => ({ ...rest, actions: [action], resources: [resource] }));
  return merged(merged(fresh, "actions"), "resources").map((line) => ({
    address: line.address,
    what: describe(plan, line),
  }));
}

/** Makes one line of those that differ in this alone. */
function merged(lines: readonly Line[], by: "actions" | "resources"): Line[] {
  const byRest = new Map<string, Line>();
  for (const line of lines) {
    const rest = JSON.stringify({ ...line, [by]: [] });
    const same = byRest.get(rest);
    byRest.set(rest, { ...line, [by]: [...new Set([...(same?.[by] ?? []), ...line[by]])] });
  }
  return [...byRest.values()];
}

/** Whether it is known what a policy says after the plan; of one that is destroyed, whether what it guarded stays. */
function isReadAfter(plan: Plan, { address }: Grant): boolean {
  const change = plan.changes.find((one) => one.address === address && !one.leftover);
  if (change?.after !== undefined)
    return DOCUMENTS.some((argument) => plan.text(change, argument, "after") !== undefined);
  if (change === undefined) return false;
  const guarded = [
    ...plan.targets(change, "bucket", "before", "aws_s3_bucket"),
    ...plan.targets(change, "role", "before", ROLE),
  ];
  return plan.changes.some((one) => guarded.includes(one.address) && one.after !== undefined);
}

function grants(plan: Plan, effect: string, moment: Moment): Grant[] {
  return plan.changes
    .filter(({ leftover }) => !leftover)
    .flatMap((change) =>
      documentsOf(plan, change, moment)
        .flatMap((document) => statementsOf(document))
        .filter(({ Effect }) => Effect === effect)
        .flatMap((statement) => grantsOf(statement, change.address, ownerOf(plan, change, moment))),
    );
}

function documentsOf(plan: Plan, change: Change, moment: Moment): (string | undefined)[] {
  // The state shows the policies of a role here too: where they stay as they are, it is not the role that gives them.
  const isInline = change.action === "create" || differs(change, INLINE);
  const inline = isInline ? blocks(change[moment]?.[INLINE]).flatMap(({ policy }) => texts(policy)) : [];
  return [...DOCUMENTS.map((argument) => plan.text(change, argument, moment)), ...inline];
}

function ownerOf(plan: Plan, change: Change, moment: Moment): string {
  return plan.targets(change, "role", moment, ROLE)[0] ?? change.address;
}

function grantsOf(statement: Statement, address: string, owner: string): Grant[] {
  const actions = [...list(statement.Action), ...list(statement.NotAction).map((one) => `everything but ${one}`)];
  const named = [...list(statement.Resource), ...list(statement.NotResource).map((one) => `everything but ${one}`)];
  const resources = named.length > 0 ? named : [ITSELF];
  const condition = statement.Condition === undefined ? undefined : JSON.stringify(statement.Condition);
  return principalsOf(statement).flatMap((principal) =>
    resources.flatMap((resource) =>
      actions.map((action) => ({ address, owner, principal, action, resource, condition })),
    ),
  );
}

function principalsOf({ Principal, NotPrincipal }: Statement): (string | undefined)[] {
  if (NotPrincipal !== undefined) return [`everybody but ${JSON.stringify(NotPrincipal)}`];
  if (Principal === undefined) return [undefined];
  if (typeof Principal === "string") return [Principal];
  return Object.values(Principal).flatMap(list);
}

function covers(one: Grant, other: Grant): boolean {
  if (one.owner !== other.owner) return false;
  if (one.principal !== other.principal && one.principal !== "*") return false;
  if (one.condition !== undefined && !fits(one.condition, other.condition ?? "")) return false;
  return (
    matches(one.action, other.action) && (matches(one.resource, other.resource) || fits(one.resource, other.resource))
  );
}

/** Whether two texts may be the same: one known, one written with `${...}`, each of them part of an ARN at most. */
function fits(one: string, other: string): boolean {
  return patternOf(one).test(other) || patternOf(other).test(one);
}

function patternOf(written: string): RegExp {
  const parts = written.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join('[^:/*"]+')}$`);
}

/** IAM's patterns: * is any text, ? any character; actions are the same in either case. */
function matches(pattern: string, text: string): boolean {
  if (pattern.toLowerCase() === text.toLowerCase()) return true;
  if (pattern.startsWith("everything but ")) return false;
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(text);
}

function describe(plan: Plan, { owner, principal, actions, resources, condition }: Line): string {
  const named = resources.map((resource) => (resource === "*" ? "everything" : resource));
  const on = named.includes(ITSELF) ? "" : ` on ${named.join(", ")}`;
  const when = condition === undefined ? "" : ", under a condition";
  const who = principal === "*" ? "everybody" : principal;
  const name = plan.names.of(owner);
  if (who === undefined) return `${name} may ${actions.join(", ")}${on}${when}`;
  if (actions.every((action) => action.startsWith("sts:"))) return `${name} may be taken on by ${who}${when}`;
  return `${name} lets ${who} ${actions.join(", ")}${on}${when}`;
}

/** A policy that is known only after apply, and not from the synthesized stack either. */
function unreadable(plan: Plan): Risk[] {
  return plan.changes.flatMap((change) => {
    const arguments_ = DOCUMENTS.filter(
      (argument) => change.unknown[argument] === true && plan.refersTo(change, argument).length > 0,
    );
    if (!arguments_.some((argument) => plan.text(change, argument, "after") === undefined)) return [];
    return [
      { address: change.address, what: `${plan.names.of(change.address)} is known only after apply: read it there` },
    ];
  });
}
