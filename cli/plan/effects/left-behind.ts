import type { Change } from "../change";
import type { Plan } from "../plan";
import type { Effect } from "./effect";

/** Shorter names are found by chance. */
const SHORTEST_NAME = 4;

/** Calm where the plan shows resources that used this one and that stay without it; else the effect. */
export function leftBehind(effect: Effect): Effect {
  return (change, plan) => {
    const users = usersOf(change, plan);
    const isUsed = users.some((user) => names(change).some((name) => mentions(user.after, name)));
    if (users.length === 0 || isUsed || change.action !== "delete") return effect(change, plan);
    const named = users.map(({ address }) => plan.names.of(address)).join(", ");
    return [{ kind: "note", what: `goes: ${named} did use it, and does no more` }];
  };
}

function usersOf(change: Change, plan: Plan): Change[] {
  const wanted = names(change);
  return plan.changes.filter(
    (one) =>
      one !== change &&
      one.action !== "delete" &&
      one.action !== "none" &&
      wanted.some((name) => mentions(one.before, name)),
  );
}

function names({ before }: Change): string[] {
  return [before?.id, before?.arn, before?.name].filter(
    (name): name is string => typeof name === "string" && name.length >= SHORTEST_NAME,
  );
}

const texts = new WeakMap<object, string>();

function mentions(values: object | undefined, name: string): boolean {
  if (values === undefined) return false;
  const text = texts.get(values) ?? JSON.stringify(values);
  texts.set(values, text);
  return text.includes(name);
}
