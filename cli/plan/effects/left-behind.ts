import type { Change } from "../change";
import { oncePerPlan } from "../once-per-plan";
import type { Plan } from "../plan";
import type { Effect } from "./effect";

/** Shorter names are found by chance. */
const SHORTEST_NAME = 4;

/** Calm where the plan shows resources that used this one and that stay without it; else the effect. */
export function leftBehind(effect: Effect): Effect {
  return (change, plan) => {
    const users = findUsers(change, plan);
    const isUsed = users.some((user) => names(change).some((name) => mentions(user.after, name)));
    if (users.length === 0 || isUsed || change.action !== "delete") return effect(change, plan);
    const named = users.map(({ address }) => plan.names.of(address)).join(", ");
    return [{ kind: "note", what: `goes: ${named} did use it, and does no more` }];
  };
}

function findUsers(change: Change, plan: Plan): Change[] {
  const found = names(change).flatMap((name) => {
    const [longest = ""] = wordsIn(name).sort((a, b) => b.length - a.length);
    return (indexByWord(plan).get(longest) ?? []).filter((one) => mentions(one.before, name));
  });
  return [...new Set(found)].filter((one) => one !== change);
}

/** Resources that change and stay, by each word of their arguments as they are. */
const indexByWord = oncePerPlan((plan) => {
  const index = new Map<string, Change[]>();
  for (const change of plan.changes) {
    if (change.before === undefined || change.action === "delete" || change.action === "none") continue;
    for (const word of new Set(wordsIn(JSON.stringify(change.before)))) {
      const same = index.get(word);
      if (same === undefined) index.set(word, [change]);
      else same.push(change);
    }
  }
  return index;
});

function wordsIn(text: string): string[] {
  return text.split(/[^\w.-]+/).filter((word) => word !== "");
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
