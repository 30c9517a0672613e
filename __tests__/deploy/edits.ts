import path from "node:path";
import { copyStack } from "./copy";
import type { Deployed, Timed } from "./cycle";
import { kindsOf, type PlannedChange, plannedChanges } from "./planned-changes";
import { StepFailed } from "./terraform";
import { type Edit, type Settings, synthesize } from "./variants";

/**
 * Plans each edit of a variant on its applied stack.
 *
 * @param plans - takes what each plan shows.
 * @throws {StepFailed} naming each edit whose plan is not the one it must be.
 */
export async function planEdits(
  deployed: Deployed,
  timed: Timed,
  plans: Record<string, readonly PlannedChange[]>,
): Promise<void> {
  const wrong: string[] = [];
  for (const edit of deployed.variant.edits ?? []) {
    const id = edit.name.replaceAll(" ", "-");
    const changes = await timed(`plan: ${edit.name}`, () => planEdit(deployed, id, edit.settings));
    plans[edit.name] = changes;
    wrong.push(...otherThanMustShow(edit, changes));
  }
  if (wrong.length > 0) throw new StepFailed(wrong.join("\n"));
}

/** What is wrong with an edit's plan, for people; nothing when it shows the kinds of changes it must, and no other. */
export function otherThanMustShow({ name, shows }: Edit, changes: readonly PlannedChange[]): string[] {
  const kinds = kindsOf(changes);
  const wanted = [...shows].sort();
  if (kinds.join() === wanted.join()) return [];
  const seen = changes.map(({ action, address, because }) => `  ${[action, address, ...because].join(" ")}`);
  const got = `got ${kinds.join(", ") || "no change"}; must show ${wanted.join(", ") || "none"}`;
  return [`plan: ${name}: ${got}\n${seen.join("\n")}`];
}

async function planEdit({ variant, terraform, work }: Deployed, id: string, settings: Settings) {
  const edited = await synthesize(variant.stack, settings, path.join(work, `synth-${id}`));
  const there = terraform.in(copyStack(edited, path.join(work, `edit-${id}`), work));
  await there.init();
  return plannedChanges(there, `plan-${id}`);
}
