/** The kinds of risk that a reviewer looks for. */
export const KINDS = ["sessions", "ports", "roles", "interruptions"] as const;
/** One of `KINDS`. */
export type Kind = (typeof KINDS)[number];

/** Findings at which a pipeline can stop: a risk, or a change that no rule knows. */
export const FINDINGS = [...KINDS, "unjudged"] as const;
/** One of `FINDINGS`. */
export type Finding = (typeof FINDINGS)[number];

/** A consequence of a change that its arguments do not show: a whole line, which names the resource. */
export interface Risk {
  readonly address: string;
  readonly what: string;
}

/** All that a review finds. A note is worth a reader's while and no risk: visitors do not notice it. */
export type Findings = Readonly<Record<Finding | "notes", readonly Risk[]>>;
