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
export { examineImages } from "./images";
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
      const own = findRegion(held) ?? region;
      try {
        return adviseIn(own, judge(await aws(own, ...args), held));
      } catch (error) {
        return fail(check, describeError(error), "docs/operations.md#deploy: does the state say what is there?");
      }
    }),
  );
}

/** Gives the command in a finding the region of its resource, which may differ from the user's own. IAM has no regions. */
function adviseIn(region: string, { next, ...finding }: Finding): Finding {
  if (next === undefined) return finding;
  return { ...finding, next: next.replace(/^aws (?!iam )[\w-]+ [\w-]+/, (command) => `${command} --region ${region}`) };
}
