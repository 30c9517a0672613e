import { IS_REPOSITORY } from "../machine/root";
import type { Action, Change } from "./change";
import { type Difference, findDifferences, isTagsOnly } from "./difference";
import { newerVersions } from "./newer-versions";
import type { Plan } from "./plan";
import { FINDINGS, type Findings } from "./risk";
import { findRisks } from "./risks";

/** A resource that does not stay as it is. */
export interface ReviewedChange {
  /** Its name in its module. */
  readonly name: string;
  readonly type: string;
  readonly action: Exclude<Action, "none">;
  readonly createsFirst: boolean;
  readonly differences: readonly Difference[];
}

/** Several that say no more than their names do. */
export interface SameChanges extends ReviewedChange {
  /** How many more like the one that is named. */
  readonly others: number;
}

/** What a plan does, in the order people read it. */
export interface Review {
  /** The stack's name, where a synthesized stack tells it. */
  readonly stack: string | undefined;
  readonly counts: Readonly<Record<Exclude<Action, "none">, number>>;
  /** Resources of which nothing but tags changes, and which are not among the modules' changes. */
  readonly tagsOnly: number;
  /** Resources that get another address and stay what they are. */
  readonly moved: number;
  readonly risks: Findings;
  /** A line for each tainted resource, with the way to keep it: AWS may have finished it. */
  readonly tainted: readonly string[];
  /** A line for each resource at AWS that the plan imports into the state. */
  readonly imports: readonly string[];
  /** Engines with a newer minor version than the one that runs afterwards, a whole line each. */
  readonly newerVersions: readonly string[];
  readonly modules: readonly { readonly name: string; readonly changes: readonly SameChanges[] }[];
}

/** More of one type, all of which come or all of which go, are told as one. */
const MOST_IN_A_ROW = 4;
const ORDER: readonly Action[] = ["delete", "replace", "update", "create", "forget"];

/** Whether a review has findings of these kinds; `any` is each of them. */
export function hasFindings({ risks }: Review, kinds: readonly string[]): boolean {
  const wanted = FINDINGS.filter((kind) => kinds.includes(kind) || kinds.includes("any"));
  return wanted.some((kind) => risks[kind].length > 0);
}

/** Reviews a plan: its changes, and their effects on sessions, ports, roles and visitors. */
export function review(plan: Plan): Review {
  const changed = plan.changes.filter(({ action }) => action !== "none");
  const tagsOnly = new Set(changed.filter((change) => isTagsOnly(plan, change)));
  const told = changed.filter((change) => !tagsOnly.has(change));
  const count = (wanted: Action) => told.filter(({ action }) => action === wanted).length;
  return {
    stack: plan.names.stack,
    counts: {
      create: count("create"),
      update: count("update"),
      replace: count("replace"),
      delete: count("delete"),
      forget: count("forget"),
    },
    tagsOnly: tagsOnly.size,
    moved: plan.changes.filter(({ action, movedFrom }) => action === "none" && movedFrom !== undefined).length,
    risks: findRisks(plan),
    tainted: changed
      .filter(({ replacedBecause }) => replacedBecause === "tainted")
      .map((change) => taint(plan, change)),
    imports: plan.changes.flatMap(({ address, importedAs }) =>
      importedAs === undefined ? [] : [`${plan.names.of(address)} is imported: ${importedAs}`],
    ),
    newerVersions: newerVersions(plan),
    modules: byModule(plan, told),
  };
}

/** Points to the doctor, which asks AWS whether it has finished the resource: a plan does not know. The package has no stack for it. */
function taint({ names }: Plan, { address }: Change): string {
  const doctor = IS_REPOSITORY ? " (npm run doctor)" : "";
  return `${names.of(address)} is tainted: if AWS has finished it${doctor}, terraform untaint '${address}' keeps it`;
}

function byModule(plan: Plan, changes: readonly Change[]): Review["modules"] {
  const modules = new Map<string, ReviewedChange[]>();
  const sorted = [...changes].sort((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action));
  for (const change of sorted) {
    const [module, name] = plan.names.split(change.address);
    const { type, action, createsFirst, leftover } = change;
    modules.set(module, [
      ...(modules.get(module) ?? []),
      {
        name: leftover ? `${name} (left over)` : name,
        type,
        action: action as ReviewedChange["action"],
        createsFirst,
        differences: findDifferences(plan, change),
      },
    ]);
  }
  return [...modules]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([name, all]) => ({ name, changes: folded(all) }));
}

/** A dozen alarms are one line. */
function folded(changes: readonly ReviewedChange[]): SameChanges[] {
  const lines: ReviewedChange[][] = [];
  for (const change of changes) {
    const same = lines.find(([one]) => one !== undefined && isLike(one, change));
    if (same === undefined) lines.push([change]);
    else same.push(change);
  }
  return lines.flatMap((line) =>
    line.length > MOST_IN_A_ROW
      ? [{ ...(line[0] as ReviewedChange), others: line.length - 1 }]
      : line.map((change) => ({ ...change, others: 0 })),
  );
}

function isLike(one: ReviewedChange, other: ReviewedChange): boolean {
  return (
    one.differences.length + other.differences.length === 0 && one.type === other.type && one.action === other.action
  );
}
