import type { Plan } from "./plan";
import { interruptions } from "./risks/interruptions";
import { openedPorts } from "./risks/ports";
import { widenedRoles } from "./risks/roles";
import { lostSessions } from "./risks/sessions";

/** What a reviewer looks for, and what a pipeline can be made to stop at. */
export const KINDS = ["sessions", "ports", "roles", "interruptions"] as const;
export type Kind = (typeof KINDS)[number];

/** What a change does beside what it says: a whole line, which names the resource. */
export interface Risk {
  readonly address: string;
  readonly what: string;
}

const FINDERS: Readonly<Record<Kind, (plan: Plan) => Risk[]>> = {
  sessions: lostSessions,
  ports: openedPorts,
  roles: widenedRoles,
  interruptions,
};

export function risksOf(plan: Plan): Readonly<Record<Kind, readonly Risk[]>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, FINDERS[kind](plan)])) as Record<Kind, Risk[]>;
}
