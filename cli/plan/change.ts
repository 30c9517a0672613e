import type { Value, Values } from "../terraform/configuration";

/** What becomes of a resource; `forget` leaves it running, and Terraform without it. */
export type Action = "none" | "create" | "update" | "replace" | "delete" | "forget";

/** Reasons for a replacement beside its arguments: Terraform marked it, a person asked for it, or another resource changes. */
export type ReplacementReason = "tainted" | "requested" | "triggered";

/** A resource in a plan: as it is, and as it will be. */
export interface Change {
  /** As `terraform state list` shows it. */
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Replaced: the new one is there before the old one goes. */
  readonly createsFirst: boolean;
  /** What is left over of a replacement that stopped half-way: nothing is in use there. */
  readonly leftover: boolean;
  /** Undefined for what is created. */
  readonly before: Values | undefined;
  /** Undefined for what is destroyed; without what is known only after apply. */
  readonly after: Values | undefined;
  /** True at each place of `after` that is known only after apply. */
  readonly unknown: Values;
  /** True at each place whose value must not be shown, before and after. */
  readonly sensitive: readonly [before: Value, after: Value];
  /** Arguments it is replaced for. */
  readonly replacedFor: readonly string[];
  /** Why it is replaced, where no argument is the reason. */
  readonly replacedBecause: ReplacementReason | undefined;
  /** The id that Terraform imports it by: it is at AWS, and was not in the state. */
  readonly importedAs: string | undefined;
  /** Its address so far, where that changes and nothing else. */
  readonly movedFrom: string | undefined;
}

/** Gone as it was: destroyed, or replaced by another. */
export function ends({ action }: Change): boolean {
  return action === "delete" || action === "replace";
}

/** A clause for what ends: what becomes of it, and why. */
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

/** An argument that both ends know, and that differs; null stands for an argument that is not set. */
export function differs({ before, after, unknown }: Change, argument: string): boolean {
  if (before === undefined || after === undefined || unknown[argument] === true) return false;
  return JSON.stringify(before[argument] ?? null) !== JSON.stringify(after[argument] ?? null);
}
