import { aws } from "../../machine/aws-cli";
import type { State } from "../../terraform/state";
import { type Finding, fail, reasonOf } from "../finding";
import { QUESTIONS } from "./resources";

/** What AWS says of the resources in a stack's state. */
export async function examineResources(region: string, state: State): Promise<Finding[]> {
  const asked = QUESTIONS.flatMap((question) => question.ask(state).map((args) => ({ question, args })));
  return Promise.all(
    asked.map(async ({ question: { check, judge }, args }) => {
      try {
        return judge(await aws(region, ...args));
      } catch (error) {
        return fail(check, reasonOf(error), "docs/operations.md#deploy: does the state say what is there?");
      }
    }),
  );
}
