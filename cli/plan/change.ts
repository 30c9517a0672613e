import type { Value, Values } from "../terraform/configuration";

/** What becomes of a resource; `forget` leaves it running, and Terraform without it. */
export type Action = "none" | "create" | "update" | "replace" | "delete" | "forget";

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
  /** Its address so far, where that changes and nothing else. */
  readonly movedFrom: string | undefined;
}

/** Gone as it was: destroyed, or replaced by another. */
export function ends({ action }: Change): boolean {
  return action === "delete" || action === "replace";
}

/** A clause for what ends: what becomes of it, and why. */
export function ending({ action, replacedFor }: Change): string {
  if (action === "delete") return "is destroyed";
  return replacedFor.length === 0 ? "is replaced" : `is replaced (${replacedFor.join(", ")})`;
}

/** An argument that both ends know, and that differs; null stands for an argument that is not set. */
export function differs({ before, after, unknown }: Change, argument: string): boolean {
  if (before === undefined || after === undefined || unknown[argument] === true) return false;
  return JSON.stringify(before[argument] ?? null) !== JSON.stringify(after[argument] ?? null);
}
