import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { listCosts } from "../../../cli/cost/lines";
import { picture } from "../../../cli/diagrams/pages";
import { asMarkdown } from "../../../cli/plan/markdown";
import { readPlan } from "../../../cli/plan/read-plan";
import { review } from "../../../cli/plan/review";
import { asText } from "../../../cli/plan/text";
import { examine } from "../../../cli/policy/rule";
import { RULES } from "../../../cli/policy/rules";
import { readConfiguration } from "../../../cli/terraform/read-configuration";
import { UserError } from "../../../environment";
import { damaged, FUZZ, FUZZ_MS, hostileText } from "../../harness/fuzz";

const read = (...file: string[]) => JSON.parse(readFileSync(path.join(__dirname, "..", ...file), "utf8"));
const PLAN = read("plan", "plans", "edits.json");
const STACK = read("plan", "plans", "edits.cdk.tf.json");

/** The readers of Terraform's JSON, each as its command uses it. */
const READERS: Readonly<Record<string, (json: string) => unknown>> = {
  "npm run plan": (json) => asText(review(readPlan(json))) + asMarkdown(review(readPlan(json))),
  "npm run policy": (json) => examine(readConfiguration(json), RULES),
  "npm run cost": listCosts,
  "npm run diagrams": picture,
};

/** @returns the error that is not for the user. */
function findBug(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof UserError ? undefined : (error as Error).stack;
  }
}

describe.each(Object.entries(READERS))("%s", (_, reader) => {
  it.each([
    ["a plan", PLAN],
    ["a synthesized stack", STACK],
  ])(
    "reads %s with damaged parts, or says what is wrong with it",
    (_what, whole) => {
      fc.assert(
        fc.property(damaged(whole), (json) => {
          expect(findBug(() => reader(JSON.stringify(json)))).toBeUndefined();
        }),
        FUZZ,
      );
    },
    FUZZ_MS,
  );

  it("reads a plan with a reference that cannot become a text", () => {
    const plan = JSON.parse(JSON.stringify(PLAN), (key, value) => (key === "references" ? [{ toString: 1 }] : value));
    expect(findBug(() => reader(JSON.stringify(plan)))).toBeUndefined();
  });

  it("refuses any text that is no JSON of Terraform's", () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.json()), (text) => {
        expect(findBug(() => reader(text))).toBeUndefined();
      }),
      FUZZ,
    );
  });
});
