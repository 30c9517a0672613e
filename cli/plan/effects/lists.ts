import { texts, type Value } from "../../terraform/configuration";
import type { Change } from "../change";
import type { Plan } from "../plan";
import type { Effect } from "./effect";

/** An interruption where a list gets shorter; a longer one is calm. @param clause - what is said before the items that go */
export function interruptOnRemoval(argument: string, clause: string, type = "", more: Effect = () => []): Effect {
  return (change, plan) => {
    const gone = goneFrom(change, plan, argument, type);
    return gone.length === 0 ? more(change, plan) : [{ kind: "interruptions", what: `${clause} ${gone.join(", ")}` }];
  };
}

/** Names of what an argument listed and lists no more; of a type, what is replaced is the same. */
export function goneFrom(change: Change, plan: Plan, argument: string, type: string): string[] {
  const items = (moment: "before" | "after"): readonly Value[] =>
    type === "" ? texts(change[moment]?.[argument]) : plan.targets(change, argument, moment, type);
  // Part of the list may be known only after apply.
  if (change.unknown[argument] === true && type === "") return [];
  const kept = items("after");
  return items("before")
    .filter((one) => !kept.includes(one))
    .map((one) => plan.names.of(String(one)));
}
