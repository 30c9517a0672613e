import { UserError } from "../../environment/user-error";
import { checkPlan, isPlan, type PlanJson, parseJson, type ResourceChange } from "../terraform/json-format";
import { readConfiguration, readPlannedConfiguration } from "../terraform/read-configuration";
import type { Action, Change, ReplacementReason } from "./change";
import { Names } from "./names";
import { Plan } from "./plan";

/** This program's name of each value of `actions`. */
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

/** Values of `action_reason` for a replacement without a forcing argument. */
const REASONS: Readonly<Record<string, ReplacementReason>> = {
  replace_because_tainted: "tainted",
  replace_by_request: "requested",
  replace_by_triggers: "triggered",
};

/**
 * Reads a plan: `terraform show -json plan.out`.
 *
 * @param synthesized the plan's stack, `cdk.tf.json`, if there is one, then older ones: they have the construct paths
 * @throws {UserError} for a text that is no plan, and for the plan of a failed run.
 */
export function readPlan(json: string, ...synthesized: readonly string[]): Plan {
  const parsed = parseJson(json);
  if (!isPlan(parsed)) {
    readConfiguration(json);
    throw new UserError("got a synthesized stack, takes a plan of it");
  }
  const plan = checkPlan(parsed);
  if (plan.errored) throw new UserError("got the plan of a run that failed: it is not whole");
  return new Plan(managed(plan.resource_changes), readPlannedConfiguration(plan), new Names(...synthesized), {
    drift: managed(plan.resource_drift),
    deferred: (plan.deferred_changes ?? []).map(({ reason, resource_change: { address, type } }) => {
      return { address, type, reason };
    }),
    isComplete: plan.complete !== false,
    leftUrls: findLeftUrls(plan.output_changes),
  });
}

function findLeftUrls(outputs: PlanJson["output_changes"] = {}): string[] {
  return Object.values(outputs)
    .filter(({ actions }) => actions.join() === "update")
    .map(({ before }) => before)
    .filter((before) => typeof before === "string" && URL.canParse(before)) as string[];
}

function managed(changes: readonly ResourceChange[] = []): Change[] {
  return changes.filter(({ mode }) => mode === "managed").map(readChange);
}

function readChange({ address, previous_address, type, deposed, action_reason, change }: ResourceChange): Change {
  const action = ACTIONS[change.actions.join()];
  if (action === undefined) throw new UserError(`${address}: got the actions ${change.actions.join()}`);
  // Terraform has no values after `forget`. At AWS, the resource does not change.
  const after = action === "forget" ? change.before : change.after;
  return {
    address,
    type,
    action,
    createsFirst: change.actions[0] === "create",
    leftover: deposed !== undefined,
    before: change.before ?? undefined,
    after: after ?? undefined,
    unknown: change.after_unknown ?? {},
    sensitive: [change.before_sensitive ?? false, change.after_sensitive ?? false],
    replacedFor: [...new Set((change.replace_paths ?? []).map(([argument]) => String(argument)))],
    replacedBecause: REASONS[action_reason ?? ""],
    // Terraform omits the id if it is known only after apply, or if an identity takes its place.
    importedAs: change.importing && (change.importing.id ?? address),
    movedFrom: previous_address,
  };
}
