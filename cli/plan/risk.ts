/** The kinds of risk that a reviewer looks for, and at which a pipeline can stop. */
export const KINDS = ["sessions", "ports", "roles", "interruptions"] as const;
export type Kind = (typeof KINDS)[number];

/** A consequence of a change that its arguments do not show: a whole line, which names the resource. */
export interface Risk {
  readonly address: string;
  readonly what: string;
}
