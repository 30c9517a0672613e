import { readPlan } from "../../../cli/plan/read-plan";
import type { Findings } from "../../../cli/plan/risk";
import { findRisks } from "../../../cli/plan/risks";

type Values = Readonly<Record<string, unknown>>;

/** A resource in a plan that a test makes up. */
export interface Planned {
  readonly address: string;
  /** Not there: it is created. */
  readonly before?: Values;
  /** Not there: it is destroyed. */
  readonly after?: Values;
  readonly unknown?: Values;
  readonly sensitive?: Values;
  /** Arguments it is replaced for. */
  readonly replacedFor?: readonly string[];
  readonly createsFirst?: boolean;
  /** Why Terraform replaces it, as `terraform show -json` has it. */
  readonly reason?: string;
  /** The id that it is imported by. */
  readonly importing?: string;
  /** References, by argument. */
  readonly refers?: Readonly<Record<string, string>>;
  /** How an argument is written, by argument. */
  readonly written?: Readonly<Record<string, string>>;
  readonly deposed?: string;
  /** Terraform leaves it running, and knows it no more. */
  readonly forgotten?: true;
  readonly movedFrom?: string;
  /** Arguments as Terraform knew them, where they were changed outside of Terraform. */
  readonly known?: Values;
}

/** Outputs whose values are known before a plan, and only after it is applied. */
export type LeftOutputs = Readonly<Record<string, string>>;

/** The JSON that `terraform show -json` prints for these resources. */
export function planJson(...planned: readonly Planned[]): string {
  return planJsonWith({}, ...planned);
}

/** The same, with outputs that change. */
export function planJsonWith(outputs: LeftOutputs, ...planned: readonly Planned[]): string {
  const root = (resources: readonly object[]) => ({ root_module: { resources } });
  const named = ({ address }: Planned) => ({ address, mode: "managed", type: address.split(".").at(-2), name: "x" });
  return JSON.stringify({
    format_version: "1.2",
    planned_values: root(planned.filter(({ after }) => after).map((one) => ({ ...named(one), values: one.after }))),
    resource_changes: planned.map((one) => ({
      ...named(one),
      ...(one.deposed !== undefined && { deposed: one.deposed }),
      ...(one.movedFrom !== undefined && { previous_address: one.movedFrom }),
      ...(one.reason !== undefined && { action_reason: one.reason }),
      change: {
        actions: listActions(one),
        before: one.before ?? null,
        after: one.after ?? null,
        after_unknown: one.unknown ?? {},
        before_sensitive: one.sensitive ?? false,
        after_sensitive: one.sensitive ?? {},
        ...(one.importing !== undefined && { importing: { id: one.importing } }),
        ...(one.replacedFor && { replace_paths: one.replacedFor.map((argument) => [argument]) }),
      },
    })),
    output_changes: Object.fromEntries(
      Object.entries(outputs).map(([name, before]) => [name, { actions: ["update"], before, after_unknown: true }]),
    ),
    resource_drift: planned
      .filter(({ known }) => known)
      .map((one) => ({
        ...named(one),
        change: { actions: ["update"], before: { ...one.before, ...one.known }, after: one.before ?? null },
      })),
    configuration: root(planned.map((one) => ({ ...named(one), expressions: buildExpressions(one) }))),
  });
}

function listActions({ before, after, unknown, replacedFor, createsFirst, forgotten }: Planned): string[] {
  if (forgotten) return ["forget"];
  if (before === undefined) return ["create"];
  if (after === undefined) return ["delete"];
  if (replacedFor !== undefined) return createsFirst ? ["create", "delete"] : ["delete", "create"];
  return JSON.stringify(before) === JSON.stringify(after) && unknown === undefined ? ["no-op"] : ["update"];
}

function buildExpressions({ refers = {}, written = {} }: Planned): object {
  const referring = Object.entries(refers).map(([argument, to]) => [argument, { references: [`${to}.id`, to] }]);
  const whole = Object.entries(written).map(([argument, text]) => [argument, { constant_value: text }]);
  return Object.fromEntries([...referring, ...whole]);
}
/** The messages about a plan's risks of one kind. */
export function risks(kind: keyof Findings, ...planned: readonly Planned[]): string[] {
  return findRisks(readPlan(planJson(...planned)))[kind].map(({ what }) => what);
}
