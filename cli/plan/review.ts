import { IS_REPOSITORY } from "../machine/root";
import type { Action, Change } from "./change";
import { type Difference, findDifferences, isTagsOnly } from "./difference";
import { groupBy } from "./group-by";
import { newerVersions } from "./newer-versions";
import type { Plan } from "./plan";
import { FINDINGS, type Findings } from "./risk";
import { findRisks } from "./risks";

/** A resource that the plan changes. */
export interface ReviewedChange {
  /** Name of the resource in its module. */
  readonly name: string;
  readonly type: string;
  readonly action: Exclude<Action, "none">;
  readonly createsFirst: boolean;
  readonly differences: readonly Difference[];
}

/** Several similar changes, shown as one. */
export interface SameChanges extends ReviewedChange {
  /** Number of similar changes besides the named one. */
  readonly others: number;
}

/** The review of a plan, in reading order. */
export interface Review {
  /** Name of the stack; undefined without a synthesized stack. */
  readonly stack: string | undefined;
  readonly counts: Readonly<Record<Exclude<Action, "none">, number>>;
  /** Number of resources with changes of tags alone. They are not among the modules' changes. */
  readonly tagsOnly: number;
  /** Number of resources with a new address and no other change. */
  readonly moved: number;
  readonly risks: Findings;
  /** A line for each tainted resource, with the command that keeps it: AWS may have finished its creation. */
  readonly tainted: readonly string[];
  /** A line for each import. */
  readonly imports: readonly string[];
  /** A line for each engine with a newer minor version than the one after the plan. */
  readonly newerVersions: readonly string[];
  readonly modules: readonly { readonly name: string; readonly changes: readonly SameChanges[] }[];
}

/** The most new or deleted resources of one type that are shown one by one. */
const MOST_IN_A_ROW = 4;
const ORDER: readonly Action[] = ["delete", "replace", "update", "create", "forget"];

/** Whether a review has findings of these kinds; `any` means all kinds. */
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

/** A line for a tainted resource. It points to the doctor, which asks AWS whether the resource is complete; the package has no doctor. */
function taint({ names }: Plan, { address }: Change): string {
  const doctor = IS_REPOSITORY ? " (npm run doctor)" : "";
  return `${names.of(address)} is tainted: if AWS has finished it${doctor}, terraform untaint '${address}' keeps it`;
}

function byModule(plan: Plan, changes: readonly Change[]): Review["modules"] {
  const sorted = [...changes].sort((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action));
  const reviewed = sorted.map((change) => {
    const [module, name] = plan.names.split(change.address);
    const { type, action, createsFirst, leftover } = change;
    return {
      module,
      change: {
        name: leftover ? `${name} (left over)` : name,
        type,
        action: action as ReviewedChange["action"],
        createsFirst,
        differences: findDifferences(plan, change),
      },
    };
  });
  return [...groupBy(reviewed, ({ module }) => module)]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([name, all]) => ({ name, changes: folded(all.map(({ change }) => change)) }));
}

/** Shows many similar changes as one line, as for a dozen alarms. */
function folded(changes: readonly ReviewedChange[]): SameChanges[] {
  // A change with differences is like no other.
  const lines = groupBy(changes, (change) =>
    change.differences.length > 0 ? change : `${change.type} ${change.action}`,
  );
  return [...lines.values()].flatMap((line) =>
    line.length > MOST_IN_A_ROW
      ? [{ ...(line[0] as ReviewedChange), others: line.length - 1 }]
      : line.map((change) => ({ ...change, others: 0 })),
  );
}
