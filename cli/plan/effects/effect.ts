import { isDeepStrictEqual } from "node:util";
import { type Change, ending } from "../change";
import type { Plan } from "../plan";
import type { Kind } from "../risk";

/** A consequence of a change, as a clause after the resource's name. A note is no risk. */
export interface Consequence {
  readonly kind: Kind | "note";
  readonly what: string;
}

/** Says what a change does at AWS; an empty list is calm, and undefined means that it cannot be told. */
export type Effect = (change: Change, plan: Plan) => readonly Consequence[] | undefined;

/** The effects that changes of one resource type have at AWS. */
export interface TypeEffects {
  /** Page that says so. */
  readonly source: string;
  readonly created: Effect;
  readonly destroyed: Effect;
  readonly replaced: Effect;
  /** By argument: what a change in place does. An argument that is missing here is not judged. */
  readonly changed: Readonly<Record<string, Effect>>;
}

/** A row of the table, as it is written down. */
export interface Row {
  /** @default - calm: a new resource takes nothing from visitors */
  readonly created?: Effect;
  /** @default - not judged */
  readonly destroyed?: Effect;
  /** @default - as destroyed */
  readonly replaced?: Effect;
  /** Arguments whose change does nothing to sessions, ports, roles and visitors. */
  readonly calm?: readonly string[];
  /** Arguments that the comparisons of ports and of roles judge, before and after the plan. */
  readonly compared?: readonly string[];
  readonly changed?: Readonly<Record<string, Effect>>;
}

/** A change that visitors do not notice. */
export const calm: Effect = () => [];

/** The comparison of ports or of roles over the whole plan judges it. */
export const compared: Effect = () => [];

/** A change whose consequences are not known here: the review says so. */
export const unjudged: Effect = () => undefined;

/** Arguments of many types that AWS keeps as a note beside the resource, or that Terraform alone reads. */
const NOTES = ["tags", "tags_all", "timeouts", "description", "comment", "force_destroy", "skip_destroy"];

const DOCS = "https://docs.aws.amazon.com/";

/** @param page - below docs.aws.amazon.com, or a whole URL */
export function effects(page: string, row: Row): TypeEffects {
  const { created = calm, destroyed = unjudged, replaced = destroyed, changed = {} } = row;
  const harmless = [...NOTES, ...(row.calm ?? []), ...(row.compared ?? [])];
  return {
    source: page.startsWith("https://") ? page : `${DOCS}${page}`,
    created,
    destroyed,
    replaced,
    changed: { ...Object.fromEntries(harmless.map((argument) => [argument, calm])), ...changed },
  };
}

/** The same effect for several arguments. */
export function each(arguments_: readonly string[], effect: Effect): Readonly<Record<string, Effect>> {
  return Object.fromEntries(arguments_.map((argument) => [argument, effect]));
}

/** A risk to the sessions. @param what - as a clause after the resource's name */
export function sessions(what: string): Consequence {
  return { kind: "sessions", what };
}

/** An interruption of service. @param what - as a clause after the resource's name */
export function interruption(what: string): Consequence {
  return { kind: "interruptions", what };
}

/** The effect that is one interruption. @param what - as a clause after the resource's name */
export function interrupts(what: string): Effect {
  return () => [interruption(what)];
}

/** A port that is opened. @param what - as a clause after the resource's name */
export function opens(what: string): Effect {
  return () => [{ kind: "ports", what }];
}

/** A role that gets more rights. @param what - as a clause after the resource's name */
export function widens(what: string): Effect {
  return () => [{ kind: "roles", what }];
}

/** How the resource ends, and what of it. */
export function ended(consequence: string, kind: Kind = "interruptions"): Effect {
  return (change) => [{ kind, what: `${ending(change)}: ${consequence}` }];
}

/** The first effect where the condition is met, else the other. */
export function when(condition: (change: Change, plan: Plan) => boolean, effect: Effect, otherwise = calm): Effect {
  return (change, plan) => (condition(change, plan) ? effect : otherwise)(change, plan);
}

/** All consequences of several effects; not judged where one of them is not. */
export function all(...several: readonly Effect[]): Effect {
  return (change, plan) => {
    const found = several.map((effect) => effect(change, plan));
    return found.includes(undefined) ? undefined : found.flatMap((one) => one ?? []);
  };
}

/** The effect where an argument becomes less than it was; not judged where one of both is unknown. */
export function lowered(argument: string, effect: Effect, otherwise = calm): Effect {
  return (change, plan) => {
    const [was, is] = [change.before?.[argument], change.after?.[argument]].map(Number);
    if (change.unknown[argument] === true || Number.isNaN(was) || Number.isNaN(is)) return undefined;
    return (Number(is) < Number(was) ? effect : otherwise)(change, plan);
  };
}

/** The effect where an argument is switched off. */
export function switchedOff(argument: string, effect: Effect, otherwise = calm): Effect {
  return when(({ after }) => after?.[argument] !== true && after?.[argument] !== "true", effect, otherwise);
}

/** The effect where an argument is switched on. */
export function switchedOn(argument: string, effect: Effect, otherwise = calm): Effect {
  return switchedOff(argument, otherwise, effect);
}

/** Whether an argument is another one, or is known only after apply. */
export function isOther(change: Change, argument: string): boolean {
  if (isUnknown(change.unknown[argument])) return true;
  return !isDeepStrictEqual(change.before?.[argument] ?? null, change.after?.[argument] ?? null);
}

/** Whether a value, or a part of it, is known only after apply. @param mark - its place in `after_unknown` */
export function isUnknown(mark: unknown): boolean {
  if (typeof mark !== "object" || mark === null) return mark === true;
  return Object.values(mark).some(isUnknown);
}
