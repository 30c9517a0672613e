import { rmSync } from "node:fs";
import path from "node:path";
import type { StrictAws } from "./aws-double/start";
import { copyStack, stateNameOf } from "./copy";
import type { Deployed, Findings, Timed } from "./cycle";
import { PLAN_FILE, type PlannedChange, plannedChanges } from "./planned-changes";
import { brokenBy, readPromises, type UpgradePromise } from "./promises";
import { type Settings, synthesize, withOtherBundles } from "./synthesize";
import { StepFailed, type Terraform } from "./terraform";

/** What somebody does to a stack that is deployed. */
export interface Edit {
  /** The row of docs/upgrades.md that promises what comes of it. */
  readonly promise: string;
  /** All that differs from cdktf.json afterwards; from what is made in the double before, when it is a function. */
  readonly settings: Settings | ((aws: StrictAws) => Promise<Settings>);
  /** Whether the app's bundles are others too. */
  readonly otherBundles?: boolean;
  /** Applied too, and looked at then: the last edit of a variant. @throws with what does not hold. */
  readonly holdsAfterwards?: (aws: StrictAws) => Promise<void>;
  /** Whether the state is carried over to the name that the edited stack gives it. */
  readonly carriesState?: boolean;
}

/** Plans each edit of a variant that is deployed. @throws {StepFailed} with every promise that is not kept, and how. */
export async function planEdits(deployed: Deployed, timed: Timed, { plans }: Findings): Promise<void> {
  const promises = readPromises();
  const wrong: string[] = [];
  const opened: Opened = new Map();
  try {
    for (const edit of deployed.variant.edits ?? []) {
      const promise = promises.find((one) => one.edit === edit.promise);
      if (promise === undefined) throw new StepFailed(`docs/upgrades.md has no row for: ${edit.promise}`);
      const { changes, broken } = await timed(`plan: ${edit.promise}`, () => planEdit(deployed, edit, promise, opened));
      plans[edit.promise] = changes;
      if (broken.length > 0) wrong.push(`plan: ${edit.promise}\n${[...broken, ...shown(changes)].join("\n")}`);
    }
  } finally {
    for (const terraform of opened.values()) await terraform.stop();
  }
  if (wrong.length > 0) throw new StepFailed(wrong.join("\n"));
}

function shown(changes: readonly PlannedChange[]): string[] {
  return changes.map(({ sign, address, because }) => `  ${[sign, address, ...because].join(" ")}`);
}

/** Terraform in the folders of edited stacks, by the name of their state: initialized once for all edits of the same. */
type Opened = Map<string, Terraform>;

async function planEdit(
  { variant, terraform, aws, synthesized, work }: Deployed,
  edit: Edit,
  promise: UpgradePromise,
  opened: Opened,
) {
  const id = edit.promise.replaceAll(/\W+/g, "-");
  const settings = typeof edit.settings === "function" ? await edit.settings(aws) : edit.settings;
  const root = edit.otherBundles ? withOtherBundles(path.join(work, `repository-${id}`)) : undefined;
  const outdir = path.join(work, `synth-${id}`);
  const edited = await synthesize(variant.stack, { settings, outdir, cwd: work, ...(root && { root }) });
  const stateName = stateNameOf(edit.carriesState ? synthesized : edited.folder);
  const folder = path.join(work, `edited-${stateName}`);
  rmSync(path.join(folder, "assets"), { recursive: true, force: true });
  copyStack(edited.folder, folder, work, stateName);
  const there = opened.get(stateName) ?? terraform.in(folder);
  if (!opened.has(stateName)) {
    opened.set(stateName, there);
    await there.init();
    await there.keepProvider();
  }
  const planned = await plannedChanges(there, `plan-${id}`);
  if (edit.holdsAfterwards !== undefined) {
    await there.run(`apply-${id}`, ["apply", "-input=false", PLAN_FILE]);
    await edit.holdsAfterwards(aws);
  }
  return { changes: planned.changes, broken: brokenBy(promise, planned, edited.warnings) };
}
