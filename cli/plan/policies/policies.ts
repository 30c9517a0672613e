import { texts } from "../../terraform/configuration";
import { groupBy } from "../group-by";
import { oncePerPlan } from "../once-per-plan";
import type { Plan } from "../plan";
import type { Risk } from "../risk";
import { covers, isUnconditional, meets } from "./covers";
import { DOCUMENTS, findGrants, type Grant, ITSELF, type Scope } from "./grant";

const PERMISSION = "aws_lambda_permission";

/** Grants as they are told: of one owner, to one principal, under the same conditions. */
interface Line extends Pick<Grant, "address" | "owner" | "principal" | "conditions"> {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Consequences of changed policies. */
export interface PolicyFindings {
  /** Allowed, and not before; or denied before, and no longer. */
  readonly widened: readonly Risk[];
  /** Allowed before, and nothing of it any more; or denied, and not before. */
  readonly lost: readonly Risk[];
}

/** Compares what policies allow and deny before and after a plan. A policy that only moves changes nothing. */
export function comparePolicies(plan: Plan): PolicyFindings {
  const [before, after] = [index(findGrants(plan, "before")), index(findGrants(plan, "after"))];
  const added = after.all
    .filter(({ effect }) => effect === "Allow")
    .filter((grant) => !before.of(grant, "Allow").some((one) => covers(one, grant)))
    .filter((grant) => !after.of(grant, "Deny").some((one) => isUnconditional(one) && covers(one, grant)));
  const undenied = before.all
    .filter(({ effect }) => effect === "Deny")
    .filter((grant) => isReadAfter(plan, grant))
    .filter((grant) => !after.of(grant, "Deny").some((one) => covers(one, grant)));
  const gone = before.all
    .filter(({ effect }) => effect === "Allow")
    .filter((grant) => isKept(plan, grant) && isReadAfter(plan, grant) && !isOfGone(plan, grant))
    .filter((grant) => !after.of(grant, "Allow").some((one) => meets(one, grant)));
  const denied = after.all
    .filter(({ effect }) => effect === "Deny")
    .filter((grant) => isUnconditional(grant) && before.of(grant, "Allow").some((one) => meets(one, grant)))
    .filter((grant) => !before.of(grant, "Deny").some((one) => covers(one, grant)));
  return {
    widened: [
      ...told(plan, added),
      ...told(plan, undenied, (what) => `no longer denies: ${what}`),
      ...unreadable(plan),
    ],
    lost: [
      ...told(plan, gone, (what) => what.replace(" may ", " may no longer ").replace(" lets ", " no longer lets ")),
      ...told(plan, denied, (what) => `now denies: ${what}`),
    ],
  };
}

interface Index {
  readonly all: readonly Grant[];
  /** Grants of the same owner, with this effect. */
  of(grant: Grant, effect: string): readonly Grant[];
}

function index(all: readonly Grant[]): Index {
  const byOwner = groupBy(all, ({ effect, owner }) => `${effect} ${owner}`);
  return { all, of: ({ owner }, effect) => byOwner.get(`${effect} ${owner}`) ?? [] };
}

function told(plan: Plan, grants: readonly Grant[], say = (what: string) => what): Risk[] {
  const lines = grants.map(({ action, resource, ...rest }): Line => {
    const { address, owner, principal, conditions } = rest;
    return { address, owner, principal, conditions, actions: [inWords(action)], resources: [inWords(resource)] };
  });
  return merged(merged(lines, "actions"), "resources").map((line) => ({
    address: line.address,
    what: say(describe(plan, line)),
  }));
}

function inWords(scope: Scope): string {
  return "only" in scope ? scope.only : `everything but ${scope.allBut.join(", ")}`;
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
function isReadAfter(plan: Plan, { address, owner }: Grant): boolean {
  const change = plan.at(address);
  if (change === undefined) return false;
  if (change.type === PERMISSION) return isThere(plan, owner);
  if (change.after !== undefined) {
    return (
      DOCUMENTS.some((argument) => plan.text(change, argument, "after") !== undefined) ||
      "inline_policy" in change.after
    );
  }
  if (owner !== address) return isThere(plan, owner);
  const guarded = plan.targets(change, "bucket", "before", "aws_s3_bucket");
  return guarded.length === 0 || guarded.some((bucket) => isThere(plan, bucket));
}

/** A resource that is not in the plan stays as it is. */
function isThere(plan: Plan, address: string): boolean {
  const change = plan.at(address);
  return change === undefined || change.after !== undefined;
}

/** A role that goes is told by itself. */
function isKept(plan: Plan, { owner, address }: Grant): boolean {
  return owner === address || isThere(plan, owner);
}

/** No app misses the right to something that is destroyed. */
function isOfGone(plan: Plan, { resource }: Grant): boolean {
  if (!("only" in resource)) return false;
  const { only } = resource;
  const gone = goneArns(plan);
  const parents = [...only.matchAll(/[/:]/g)].map(({ index }) => only.slice(0, index));
  return [only, ...parents].some((arn) => gone.has(arn));
}

const goneArns = oncePerPlan((plan): ReadonlySet<string> => {
  const gone = plan.changes.filter(({ action }) => action === "delete");
  return new Set(gone.flatMap(({ before }) => texts(before?.arn)));
});

function describe(plan: Plan, { address, owner, principal, actions, resources, conditions }: Line): string {
  const named = resources.map((resource) => (resource === "*" ? "everything" : resource));
  const on = named.includes(ITSELF) ? "" : ` on ${named.join(", ")}`;
  const when = conditions.length === 0 ? "" : ", under a condition";
  const who = principal === "*" ? "everybody" : principal;
  const name = plan.names.of(owner);
  if (plan.at(address)?.type === PERMISSION) return `${name} may be called by ${who}${calling(principal, conditions)}`;
  if (who === undefined) return `${name} may ${actions.join(", ")}${on}${when}`;
  if (actions.every((action) => action.startsWith("sts:"))) return `${name} may be taken on by ${who}${when}`;
  return `${name} lets ${who} ${actions.join(", ")}${on}${when}`;
}

function calling(principal: string | undefined, conditions: Grant["conditions"]): string {
  const account = conditions.find(({ key }) => key === "aws:sourceaccount");
  if (account !== undefined) return ` of account ${account.values.join(", ")}`;
  if (conditions.length > 0) return ", under a condition";
  return /\.amazonaws\.com(\.cn)?$/.test(principal ?? "") ? ", for any account and source" : "";
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
