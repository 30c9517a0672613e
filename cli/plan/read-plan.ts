import { UserError } from "../../environment/user-error";
import type { Value, Values } from "../terraform/configuration";
import { readConfiguration } from "../terraform/read-configuration";
import type { Action, Change } from "./change";
import { Names } from "./names";
import { Plan } from "./plan";

/** A resource in `terraform show -json`: https://developer.hashicorp.com/terraform/internals/json-format */
interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly deposed?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Values | null;
    readonly after: Values | null;
    readonly after_unknown?: Values;
    readonly before_sensitive?: Value;
    readonly after_sensitive?: Value;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

interface PlanJson {
  readonly errored?: boolean;
  readonly resource_changes?: readonly ResourceChange[];
}

/** What `actions` say, in the words of this program. */
const ACTIONS: Readonly<Record<string, Action>> = {
  "no-op": "none",
  create: "create",
  update: "update",
  delete: "delete",
  forget: "forget",
  "delete,create": "replace",
  "create,delete": "replace",
  "create,forget": "replace",
};

/**
 * Reads a plan: `terraform show -json plan.out`.
 *
 * @param synthesized the stack it was made from, `cdk.tf.json`, where at hand, then older ones: they tell construct paths
 * @throws {UserError} for anything else, and for the plan of a run that failed.
 */
export function readPlan(json: string, ...synthesized: readonly string[]): Plan {
  const configuration = readConfiguration(json);
  const plan = JSON.parse(json) as PlanJson;
  if (!("planned_values" in plan)) throw new UserError("got a synthesized stack, takes a plan of it");
  if (plan.errored) throw new UserError("got the plan of a run that failed: it is not whole");
  const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed").map(changeOf);
  return new Plan(changes, configuration, new Names(...synthesized));
}

function changeOf({ address, previous_address, type, deposed, change }: ResourceChange): Change {
  const action = ACTIONS[change.actions.join()];
  if (action === undefined) throw new UserError(`${address}: got the actions ${change.actions.join()}`);
  return {
    address,
    type,
    action,
    createsFirst: change.actions[0] === "create",
    leftover: deposed !== undefined,
    before: change.before ?? undefined,
    after: change.after ?? undefined,
    unknown: change.after_unknown ?? {},
    sensitive: [change.before_sensitive ?? false, change.after_sensitive ?? false],
    replacedFor: [...new Set((change.replace_paths ?? []).map(([argument]) => String(argument)))],
    movedFrom: previous_address,
  };
}
