import type { Deployed, Findings, Timed } from "./cycle";
import { type Edit, type Opened, planEdit, stopAll } from "./edits";
import { StepFailed, type Terraform } from "./terraform";

/** An edit that is applied: what goes away must not be destroyed while something still uses it. */
export interface AppliedEdit extends Edit {
  /** Part of the error by which the plan or AWS refuses it. @default - it is applied */
  readonly refused?: string;
}

/**
 * Plans and applies the edits of a variant one after another, and expects an empty plan after each.
 *
 * @param then - what follows in the folder of the last edit; in the variant's own folder where there is no edit.
 * @throws {StepFailed} when a promise is broken, AWS refuses an edit it should take, or takes one it should refuse.
 */
export async function applyEdits(
  deployed: Deployed,
  timed: Timed,
  { plans }: Findings,
  then: (edited: Terraform) => Promise<void>,
): Promise<void> {
  const opened: Opened = new Map();
  let edited = deployed.terraform;
  try {
    for (const edit of deployed.variant.appliedEdits ?? []) {
      const planAndApply = async () => {
        const planned = await timed(`plan: ${edit.promise}`, () => planEdit(deployed, edit, opened));
        plans[`${edit.promise}, applied`] = planned.changes;
        if (planned.broken !== undefined) throw new StepFailed(planned.broken);
        edited = planned.terraform;
        await timed(`apply: ${edit.promise}`, () => planned.apply());
        await timed(`plan after: ${edit.promise}`, () => planned.terraform.planNothing("plan-after-edit"));
      };
      await (edit.refused === undefined ? planAndApply() : beRefused(edit.promise, edit.refused, planAndApply));
    }
    await then(edited);
  } finally {
    await stopAll(opened);
  }
}

async function beRefused(promise: string, says: string, planAndApply: () => Promise<void>): Promise<void> {
  const message = await planAndApply().then(
    () => "it was applied",
    (error: Error) => error.message,
  );
  if (!message.includes(says)) throw new StepFailed(`${promise}: must be refused with ${says}: ${message}`);
}
