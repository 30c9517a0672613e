import { readPlan } from "../../../cli/plan/read-plan";
import { review } from "../../../cli/plan/review";
import { KINDS } from "../../../cli/plan/risk";
import { asText } from "../../../cli/plan/text";
import { readCases } from "./cases";
import { countCalls } from "./count-calls";
import { type Planned, planJson } from "./planned";
import { ecs, fleet, instance, lambda, planned, without } from "./way/stacks";

/** Twice the changes take twice the calls. A search of all changes for each change takes four times as many. */
const MOST_GROWTH = 2.5;

/** The resources with other addresses and ids, as another stack of the same kind has them. */
function rename(resources: readonly Planned[], ending: string): Planned[] {
  const identities = resources.flatMap(({ address, before, after }) => [
    address,
    ...[before, after].flatMap((values) => [values?.id, values?.arn, values?.name]),
  ]);
  // Groups and subnets that are not in the plan have ids alone, and caches have host names.
  const ids = [...JSON.stringify(resources).matchAll(/"((?:acl|sg|subnet|vpc)-[\w-]+|[\w.]+\.example\.com)/g)].map(
    ([, id]) => id,
  );
  const known = new Set([...identities, ...ids].filter((one) => typeof one === "string" && one !== ""));
  const renamed = [...known].reduce<string>(
    (text, identity) =>
      // At the end of a text, of a text in a text, and before a port.
      ['"', '\\"', ":"].reduce(
        (all, next) => all.replaceAll(`"${identity}${next}`, `"${identity}-${ending}${next}`),
        text,
      ),
    JSON.stringify(resources),
  );
  return JSON.parse(renamed);
}

/** Each stack as it loses one resource of three, and each case of the other tests: many plans in one. */
function plans(): readonly (readonly Planned[])[] {
  const stacks = [ecs(), fleet(), instance(), lambda()].flatMap((stack) =>
    Object.keys(stack)
      .filter((_, index) => index % 3 === 0)
      .map((gone) => planned(stack, without(stack, gone))),
  );
  const cases = [...KINDS, "calm" as const].flatMap(readCases).map((one) => one.planned);
  return [...stacks, ...cases];
}

function repeat(copies: number): string {
  const all = Array.from({ length: copies }, (_, copy) => plans().map((one, index) => rename(one, `${index}-${copy}`)));
  return planJson(...all.flat(2));
}

it("a plan of twice as many changes takes no more than about twice the work", async () => {
  const [small, large] = [repeat(1), repeat(2)];
  const count = (json: string) => countCalls(() => void asText(review(readPlan(json))));
  const [once, twice] = [await count(small), await count(large)];
  expect(once.size).toBeGreaterThan(400);
  const grown = [...twice].filter(([name, calls]) => calls > MOST_GROWTH * (once.get(name) ?? 0) + 20);
  expect(grown.map(([name, calls]) => `${name}: ${once.get(name)} -> ${calls} calls`)).toEqual([]);
});
