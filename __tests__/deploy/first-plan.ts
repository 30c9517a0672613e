import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { picture } from "../../cli/diagrams/pages";
import { readPlan } from "../../cli/plan/read-plan";
import { review } from "../../cli/plan/review";
import { asText } from "../../cli/plan/text";
import { examine } from "../../cli/policy/rule";
import { RULES } from "../../cli/policy/rules";
import { readConfiguration } from "../../cli/terraform/read-configuration";
import type { Deployed } from "./cycle";
import { StepFailed } from "./terraform";

/** Name of the plan file in the stack's folder. */
export const FIRST_PLAN = "first.plan";
const FIXTURES = path.join(__dirname, "..", "cli", "policy", "first-plans");

/**
 * Plans a stack that does not exist yet, and has each reader of plans read it: the policy and the picture say the same of
 * the plan as of the synthesized stack, and the review has every resource. With RECORD_FIRST_PLANS=1 the plan becomes a
 * fixture of the unit tests, cut down by {@link excerpt}.
 *
 * @throws {StepFailed} where they do not.
 */
export async function readFirstPlan({
  variant,
  terraform,
  synthesized,
}: Pick<Deployed, "variant" | "terraform" | "synthesized">): Promise<void> {
  await terraform.run("first-plan", ["plan", "-input=false", `-out=${FIRST_PLAN}`]);
  const json = await terraform.run("first-plan-json", ["show", "-json", FIRST_PLAN]);
  const stack = readFileSync(path.join(synthesized, "cdk.tf.json"), "utf8");
  const [ofPlan, ofStack] = [findings(json), findings(stack)];
  if (ofPlan !== ofStack) throw new StepFailed(`policy: found in the plan\n${ofPlan}\nfound in the stack\n${ofStack}`);
  if (picture(json) !== picture(stack)) throw new StepFailed("diagrams: the plan's picture is not the stack's");
  const text = asText(review(readPlan(json, stack)));
  if (!text.includes("+ ")) throw new StepFailed(`plan: the review of a first plan creates nothing\n${text}`);
  if (process.env.RECORD_FIRST_PLANS === "1") {
    const file = path.join(FIXTURES, `${variant.stack}-${variant.name}.json`);
    await writeFile(file, `${JSON.stringify(excerpt(JSON.parse(json)), undefined, 1)}\n`);
  }
}

function findings(json: string): string {
  const found = examine(readConfiguration(json), RULES).findings;
  return found
    .map(({ rule, address, what }) => `  ${address} ${what} (${rule})`)
    .sort()
    .join("\n");
}

interface Named {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly values?: object;
}

interface PlanJson {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly planned_values: { readonly root_module: { readonly resources: readonly Named[] } };
  readonly configuration: {
    readonly root_module: { readonly resources: readonly (Named & { expressions?: object })[] };
  };
  readonly resource_changes: readonly (Named & { readonly change: { readonly after: object | null } })[];
}

/** Types whose arguments are known in part: a block, a list or a text with references. */
const KNOWN_IN_PART = [
  "aws_autoscaling_group",
  "aws_ecs_task_definition",
  "aws_iam_role",
  "aws_lambda_function",
  "aws_lambda_permission",
  "aws_launch_template",
  "aws_lb",
];

/** Of a plan, every resource without values and those of some types, as Terraform wrote them. */
export function excerpt(plan: PlanJson): object {
  const { resources } = plan.planned_values.root_module;
  const kept = new Set(
    resources
      .filter(({ type, values }) => values === undefined || KNOWN_IN_PART.includes(type))
      .map(({ address }) => address),
  );
  const isKept = ({ address }: Named) => kept.has(address);
  return {
    format_version: plan.format_version,
    terraform_version: plan.terraform_version,
    planned_values: { root_module: { resources: resources.filter(isKept) } },
    resource_changes: plan.resource_changes.filter(isKept),
    configuration: { root_module: { resources: plan.configuration.root_module.resources.filter(isKept) } },
  };
}
