import { readFileSync } from "node:fs";
import path from "node:path";
import type { Change } from "../../cli/plan/change";
import { readPlan } from "../../cli/plan/read-plan";
import { findRisks } from "../../cli/plan/risks";
import type { Terraform } from "./terraform";

/** The change that a plan makes to one resource. */
export interface PlannedChange {
  /** Terraform's own: `+`, `~`, `-`, `+/-` for a replacement that is made first, `-/+` for one that is made after. */
  readonly sign: string;
  /** Without the provider's name. */
  readonly type: string;
  readonly address: string;
  /** Arguments that force a replacement. */
  readonly because: readonly string[];
}

/** The changes that Terraform would make, and the losses for visitors that the plan's review reports. */
export interface Planned {
  readonly changes: readonly PlannedChange[];
  readonly lost: readonly string[];
  /** Interruptions that the plan's review tells. */
  readonly interrupted: readonly string[];
}

/** Where the plan is kept, in the edited stack's folder. */
export const PLAN_FILE = "edited.plan";

/**
 * Plans an edit of the settings of an applied stack. The plan before it was empty, so the state matches the resources,
 * unless AWS has changed something since.
 *
 * @param after - Terraform in a folder with the edited stack, initialized, over the state of the applied one.
 * @param step - name of the step, for its log.
 * @param refresh - whether the plan reads everything from AWS first.
 */
export async function plannedChanges(after: Terraform, step: string, refresh: boolean): Promise<Planned> {
  const file = path.join(after.folder, PLAN_FILE);
  await after.run(step, ["plan", "-input=false", "-lock=false", `-refresh=${refresh}`, `-out=${file}`]);
  const json = await after.run(`${step}-json`, ["show", "-json", file]);
  const plan = readPlan(json, readFileSync(path.join(after.folder, "cdk.tf.json"), "utf8"));
  const changes = plan.changes.flatMap((change) => {
    const { address, type, replacedFor } = change;
    const sign = findSign(change);
    return sign === undefined ? [] : [{ sign, type: type.replace(/^aws_/, ""), address, because: replacedFor }];
  });
  const byAddress = (a: PlannedChange, b: PlannedChange) => (a.address < b.address ? -1 : 1);
  const { sessions, interruptions } = findRisks(plan);
  return {
    changes: changes.sort(byAddress),
    lost: sessions.map(({ what }) => what),
    interrupted: interruptions.map(({ what }) => what),
  };
}

function findSign({ action, createsFirst }: Change): string | undefined {
  if (action === "replace") return createsFirst ? "+/-" : "-/+";
  return { none: undefined, create: "+", update: "~", delete: "-", forget: "forgets" }[action];
}

/** Changes by kind, such as `+ subnet`; what a promise names. */
export function listKinds(changes: readonly PlannedChange[]): string[] {
  return [...new Set(changes.map(({ sign, type }) => `${sign} ${type}`))].sort();
}
