import type { Plan } from "./plan";

/** Reads a plan once for all of its changes, so that a review of many changes does not read all of them for each one. */
export function oncePerPlan<Result>(read: (plan: Plan) => Result): (plan: Plan) => Result {
  const results = new WeakMap<Plan, { readonly result: Result }>();
  return (plan) => {
    const known = results.get(plan) ?? { result: read(plan) };
    results.set(plan, known);
    return known.result;
  };
}
