import { rmSync } from "node:fs";
import path from "node:path";
import type { StrictAws } from "./aws-double/start";
import { buildStateName, copyStack } from "./copy";
import type { Deployed, Findings, Timed } from "./cycle";
import { PLAN_FILE, type PlannedChange, plannedChanges } from "./planned-changes";
import { editedRepository, type Settings, synthesize } from "./synthesize";
import { StepFailed, type Terraform } from "./terraform";
import { brokenBy, readPromises } from "./upgrade-table";

/** An edit of a stack that is deployed. */
export interface Edit {
  /** The row of docs/upgrades.md that promises what comes of it. */
  readonly promise: string;
  /** All that differs from cdktf.json afterwards; from what is made in the double before, when it is a function. */
  readonly settings: Settings | ((aws: StrictAws) => Promise<Settings>);
  /** Whether the app's bundles are others too. */
  readonly otherBundles?: boolean;
  /** Whether the app's Redis user may do more. */
  readonly moreRights?: boolean;
  /** Whether the state is carried over to the name that the edited stack gives it. */
  readonly carriesState?: boolean;
  /** A change that AWS makes by itself before the plan. The plan then refreshes all resources. @default - nothing */
  readonly atAws?: (aws: StrictAws) => Promise<void>;
}

/** Plans each edit of a variant that is deployed. @throws {StepFailed} with every promise that is not kept, and how. */
export async function planEdits(deployed: Deployed, timed: Timed, { plans }: Findings): Promise<void> {
  const wrong: string[] = [];
  const opened: Opened = new Map();
  try {
    for (const edit of deployed.variant.edits ?? []) {
      const { changes, broken } = await timed(`plan: ${edit.promise}`, () => planEdit(deployed, edit, opened));
      plans[edit.promise] = changes;
      if (broken !== undefined) wrong.push(broken);
    }
  } finally {
    await stopAll(opened);
  }
  if (wrong.length > 0) throw new StepFailed(wrong.join("\n"));
}

/** An edit as planned. */
export interface PlannedEdit {
  readonly changes: readonly PlannedChange[];
  /** How its promise is not kept, for people; nothing when it is. */
  readonly broken: string | undefined;
  /** In the folder of the edited stack. */
  readonly terraform: Terraform;
  /** Applies it. @returns Terraform in the folder of the edited stack. @throws {StepFailed} when AWS refuses it. */
  apply(): Promise<Terraform>;
}

function shown(changes: readonly PlannedChange[]): string[] {
  return changes.map(({ sign, address, because }) => `  ${[sign, address, ...because].join(" ")}`);
}

/** Terraform in the folders of edited stacks, by the name of their state: initialized once for all edits of the same. */
export type Opened = Map<string, Terraform>;

/** Ends what they keep. */
export async function stopAll(opened: Opened): Promise<void> {
  for (const terraform of opened.values()) await terraform.stop();
}

/** Plans an edit of a variant that is deployed, and holds it against its promise. */
export async function planEdit(
  { variant, terraform, aws, synthesized, work }: Deployed,
  edit: Edit,
  opened: Opened,
): Promise<PlannedEdit> {
  const promise = readPromises().find((one) => one.edit === edit.promise);
  if (promise === undefined) throw new StepFailed(`docs/upgrades.md has no row for: ${edit.promise}`);
  const id = edit.promise.replaceAll(/\W+/g, "-");
  const settings = typeof edit.settings === "function" ? await edit.settings(aws) : edit.settings;
  const { otherBundles = false, moreRights = false } = edit;
  const repository = path.join(work, `repository-${id}`);
  const root =
    otherBundles || moreRights ? await editedRepository(repository, { otherBundles, moreRights }) : undefined;
  const outdir = path.join(work, `synth-${id}`);
  const edited = await synthesize(variant.stack, { settings, outdir, cwd: work, ...(root && { root }) });
  const stateName = buildStateName(edit.carriesState ? synthesized : edited.folder);
  const folder = path.join(work, `edited-${stateName}`);
  rmSync(path.join(folder, "assets"), { recursive: true, force: true });
  copyStack(edited.folder, folder, work, stateName);
  const there = opened.get(stateName) ?? terraform.in(folder);
  if (!opened.has(stateName)) {
    opened.set(stateName, there);
    await there.init();
    await there.keepProvider();
  }
  await edit.atAws?.(aws);
  const planned = await plannedChanges(there, `plan-${id}`, edit.atAws !== undefined);
  const broken = brokenBy(promise, planned, edited.warnings);
  return {
    changes: planned.changes,
    terraform: there,
    broken:
      broken.length === 0 ? undefined : [`plan: ${edit.promise}`, ...broken, ...shown(planned.changes)].join("\n"),
    async apply() {
      await there.run(`apply-${id}`, ["apply", "-input=false", PLAN_FILE]);
      return there;
    },
  };
}
