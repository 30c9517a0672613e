import type { Plan } from "../plan";
import { KINDS, type Kind, type Risk } from "../risk";
import { interruptions } from "./interruptions";
import { openedPorts } from "./ports";
import { widenedRoles } from "./roles";
import { lostSessions } from "./sessions";

const FINDERS: Readonly<Record<Kind, (plan: Plan) => Risk[]>> = {
  sessions: lostSessions,
  ports: openedPorts,
  roles: widenedRoles,
  interruptions,
};

/** Finds the risks of a plan, by kind. */
export function findRisks(plan: Plan): Readonly<Record<Kind, readonly Risk[]>> {
  return Object.fromEntries(KINDS.map((kind) => [kind, FINDERS[kind](plan)])) as Record<Kind, Risk[]>;
}
