import type { Value, Values } from "../terraform/configuration";

/** The action on a resource. `forget` removes it from the state and leaves it running. */
export type Action = "none" | "create" | "update" | "replace" | "delete" | "forget";

/** Reasons for a replacement other than arguments: Terraform marked it as tainted, the user requested it, or another resource triggers it. */
export type ReplacementReason = "tainted" | "requested" | "triggered";

/** A resource in a plan, with its values before and after. */
export interface Change {
  /** Address, as in `terraform state list`. */
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Whether a replacement creates the new resource before it destroys the old one. */
  readonly createsFirst: boolean;
  /** Whether the resource is left over from an interrupted replacement, and no longer in use. */
  readonly leftover: boolean;
  /** Values before; undefined for a new resource. */
  readonly before: Values | undefined;
  /** Values after, without those that are known only after apply; undefined for a destroyed resource. */
  readonly after: Values | undefined;
  /** True at each place of `after` that is known only after apply. */
  readonly unknown: Values;
  /** True at each place with a sensitive value, before and after. */
  readonly sensitive: readonly [before: Value, after: Value];
  /** Arguments that force the replacement. */
  readonly replacedFor: readonly string[];
  /** Reason for the replacement, if no argument forces it. */
  readonly replacedBecause: ReplacementReason | undefined;
  /** Id of an import: the resource exists at AWS, and was not in the state. */
  readonly importedAs: string | undefined;
  /** The former address of a moved resource. */
  readonly movedFrom: string | undefined;
}

/** Whether the present resource ends: it is destroyed or replaced. */
export function ends({ action }: Change): boolean {
  return action === "delete" || action === "replace";
}

/** A clause for a resource that ends, with its action and the reason. */
export function ending({ action, replacedFor, replacedBecause }: Change): string {
  if (action === "delete") return "is destroyed";
  const reasons = [...(replacedBecause === undefined ? [] : [REASONS[replacedBecause]]), ...replacedFor];
  return reasons.length === 0 ? "is replaced" : `is replaced (${reasons.join(", ")})`;
}

const REASONS: Readonly<Record<ReplacementReason, string>> = {
  tainted: "tainted: its creation was interrupted or failed",
  requested: "asked for by -replace",
  triggered: "replace_triggered_by",
};

/** Whether an argument is known before and after, and differs. Null is an argument that is not set. */
export function differs({ before, after, unknown }: Change, argument: string): boolean {
  if (before === undefined || after === undefined || unknown[argument] === true) return false;
  return JSON.stringify(before[argument] ?? null) !== JSON.stringify(after[argument] ?? null);
}
