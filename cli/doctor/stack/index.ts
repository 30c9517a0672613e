import { aws } from "../../machine/aws-cli";
import type { State } from "../../terraform/state";
import { describeError, type Finding, fail } from "../finding";
import { AUTO_SCALING } from "./auto-scaling";
import { DRIFT } from "./drift";
import { ENGINE } from "./engine";
import { MEMCACHED } from "./memcached";
import { findRegion } from "./region";
import { QUESTIONS } from "./resources";

export { examineCompleteness } from "./completeness";
export { examineTainted } from "./tainted";

/**
 * Compares the resources in a stack's state with AWS' answers.
 *
 * @param region - of resources without an ARN
 */
export async function examineResources(region: string, state: State): Promise<Finding[]> {
  const asked = [...QUESTIONS, ...ENGINE, AUTO_SCALING, MEMCACHED, ...DRIFT].flatMap((question) =>
    question.ask(state).map((call) => ({ question, call })),
  );
  return Promise.all(
    asked.map(async ({ question: { check, judge }, call: { args, held } }) => {
      try {
        return judge(await aws(findRegion(held) ?? region, ...args), held);
      } catch (error) {
        return fail(check, describeError(error), "docs/operations.md#deploy: does the state say what is there?");
      }
    }),
  );
}
