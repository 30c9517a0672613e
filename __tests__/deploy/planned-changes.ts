import path from "node:path";
import type { Terraform } from "./terraform";

export type Action = "create" | "update" | "delete" | "replace" | "forget";

/** What a plan does to one resource. */
export interface PlannedChange {
  readonly action: Action;
  readonly type: string;
  readonly address: string;
  /** Arguments that force a replacement. */
  readonly because: readonly string[];
}

interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly mode: string;
  readonly change: { readonly actions: readonly string[]; readonly replace_paths?: readonly (readonly string[])[] };
}

/**
 * What Terraform would do to a stack that is applied, were its settings edited. Nothing is read anew from AWS: the plan
 * before it was empty, so the state is what there is.
 *
 * @param after - Terraform in a folder with the edited stack, initialized, over the state of the applied one.
 * @param step - name of the step, for its log.
 * @returns changes, by address; empty when the edit changes nothing.
 */
export async function plannedChanges(after: Terraform, step: string): Promise<PlannedChange[]> {
  const file = path.join(after.folder, "edited.plan");
  await after.run(step, ["plan", "-input=false", "-lock=false", "-refresh=false", `-out=${file}`]);
  const plan = JSON.parse(await after.run(`${step}-json`, ["show", "-json", file]));
  const changes = (plan.resource_changes ?? []) as ResourceChange[];
  return changes
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ address, type, change }) => {
      const action = actionOf(change.actions);
      const because = (change.replace_paths ?? []).map((steps) => steps.join("."));
      return action === undefined ? [] : [{ action, type, address, because }];
    })
    .sort((a, b) => (a.address < b.address ? -1 : 1));
}

function actionOf(actions: readonly string[]): Action | undefined {
  if (actions.length === 2) return "replace";
  const [action] = actions;
  return action === "no-op" || action === "read" ? undefined : (action as Action);
}

/** Changes by kind, such as `create aws_subnet`; what a table of expected plans compares. */
export function kindsOf(changes: readonly PlannedChange[]): string[] {
  return [...new Set(changes.map(({ action, type }) => `${action} ${type}`))].sort();
}
