import type { Change } from "./change";
import { findDifferences } from "./difference";
import { EFFECTS } from "./effects";
import { type Consequence, type Effect, isUnknown } from "./effects/effect";
import type { Plan } from "./plan";

/** The consequences of one change by the table of effects. */
export interface Judgement {
  readonly consequences: readonly Consequence[];
  /** The part that no row of the table knows, such as `destroyed` or `changed (layers)`; undefined where all of it is known. */
  readonly unjudged: string | undefined;
}

const DONE = { create: "created", update: "changed", replace: "replaced", delete: "destroyed" } as const;

/** Says what a change does at AWS. A resource that stays, is forgotten, or was left over by a replacement does nothing. */
export function judge(plan: Plan, change: Change): Judgement {
  const { action, type, leftover } = change;
  if (action === "none" || action === "forget" || leftover) return { consequences: [], unjudged: undefined };
  if (action === "update") return judgeArguments(plan, change);
  const row = EFFECTS[type];
  const effect = { create: row?.created, replace: row?.replaced, delete: row?.destroyed }[action];
  const consequences = effect?.(change, plan);
  return consequences === undefined
    ? { consequences: [], unjudged: DONE[action] }
    : { consequences: unique(consequences), unjudged: undefined };
}

function judgeArguments(plan: Plan, change: Change): Judgement {
  const row = EFFECTS[change.type]?.changed ?? {};
  const names = changedArguments(plan, change, row);
  const [consequences, unknown]: [Consequence[], string[]] = [[], []];
  const asked = new Set<Effect>();
  for (const name of names) {
    const effect = Object.hasOwn(row, name) ? row[name] : undefined;
    if (effect !== undefined && asked.has(effect)) continue;
    const found = effect?.(change, plan);
    if (effect !== undefined && found !== undefined) asked.add(effect);
    if (found === undefined) unknown.push(name);
    else consequences.push(...found);
  }
  const unjudged = unknown.length === 0 ? undefined : `${DONE.update} (${unknown.join(", ")})`;
  return { consequences: unique(consequences), unjudged };
}

/** Arguments that differ, and those that are known only after apply; without what the provider works out by itself. */
function changedArguments(plan: Plan, change: Change, row: Readonly<Record<string, Effect>>): ReadonlySet<string> {
  const known = findDifferences(plan, change).map(({ argument }) => argument.split(".")[0] ?? argument);
  const later = Object.entries(change.unknown).filter(
    ([name, unknown]) => Object.hasOwn(row, name) && isUnknown(unknown),
  );
  return new Set([...known, ...later.map(([name]) => name)]);
}

/** Two arguments may have one consequence. */
function unique(consequences: readonly Consequence[]): Consequence[] {
  const byText = new Map(consequences.map((one) => [`${one.kind} ${one.what}`, one]));
  return [...byText.values()];
}
