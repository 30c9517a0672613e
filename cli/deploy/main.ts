import { rmSync } from "node:fs";
import { UserError } from "../../environment/user-error";
import { requireStack, STACK_IDS } from "../../stacks/names";
import { IMPORT_OPTION, main, REPLACE_OPTION, SETTINGS_OPTION } from "../machine/command";
import { FailedError } from "../machine/failed-error";
import type { Plan } from "../plan/plan";
import { readPlan } from "../plan/read-plan";
import { review } from "../plan/review";
import { asText } from "../plan/text";
import { type MadePlan, makePlan } from "../terraform/make-plan";
import { readConfiguration } from "../terraform/read-configuration";
import { applyPlan, showOutputs } from "./apply";
import { confirm } from "./confirm";
import { explainServices } from "./explain-services";
import { afterDeploy, afterDestroy } from "./next-steps";

const ACTS = {
  deploy: {
    says: "Plans a stack, shows what the plan does and what to fear of it, asks, and has Terraform apply that very plan.",
    question: "Apply this plan?",
    after: afterDeploy,
    fails: "docs/operations.md#a-deploy-fails",
  },
  destroy: {
    says: "Plans the end of a stack, shows what is lost, asks, and has Terraform apply that very plan.",
    question: "Destroy all of this? There is no undo.",
    after: afterDestroy,
    fails: "docs/operations.md#a-destroy-fails",
  },
} as const;
type Act = keyof typeof ACTS;

interface Options {
  readonly autoApprove: true | undefined;
  readonly settings: string | undefined;
  readonly importExisting: true | undefined;
  readonly replace: string | undefined;
}

async function perform(act: Act, stack: string, options: Options): Promise<void> {
  const { autoApprove, settings, importExisting, replace } = options;
  requireStack(stack);
  if (!autoApprove && !process.stdin.isTTY) {
    throw new UserError(
      `there is no terminal to ask on: npm run ${act} -- ${stack} --auto-approve applies without asking, npm run plan -- ${stack} only looks`,
    );
  }
  const made = await makePlan({
    stack,
    settingsFile: settings,
    destroy: act === "destroy",
    importExisting: importExisting === true,
    replace,
  });
  try {
    const plan = readPlan(made.json, ...made.synthesized);
    if (!made.hasChanges) await sayNothingToDo(act, stack, made);
    else await apply(act, stack, { made, plan, autoApprove });
  } finally {
    rmSync(made.file, { force: true });
  }
}

async function sayNothingToDo(act: Act, stack: string, made: MadePlan): Promise<void> {
  const why = act === "deploy" ? "is as its settings say" : "has nothing to destroy";
  process.stdout.write(`\n${stack} ${why}: no changes, and nothing was applied\n`);
  if (act === "deploy") await showOutputs(made);
}

interface Reviewed {
  readonly made: MadePlan;
  readonly plan: Plan;
  readonly autoApprove: true | undefined;
}

async function apply(act: Act, stack: string, { made, plan, autoApprove }: Reviewed): Promise<void> {
  const { question, after, fails } = ACTS[act];
  process.stdout.write(`\n${asText(review(plan))}\n`);
  // Once more: the plan is long, and the answer decides on a quarter of an hour and on a bill.
  if (act === "deploy") for (const line of made.warnings) process.stderr.write(`${line}\n`);
  if (!autoApprove && !(await confirm(question))) throw new FailedError("not approved, and nothing was applied");
  const { region = "" } = readConfiguration(made.synthesized[0] ?? "{}");
  await applyPlan(made, fails, (stderr) => explainServices(stderr, plan, region));
  process.stdout.write(after(stack, plan));
}

const [act = "", ...args] = process.argv.slice(2);
if (act !== "deploy" && act !== "destroy") throw new Error(`got ${act}, takes deploy or destroy`);

void main(
  {
    name: act,
    says: ACTS[act].says,
    finds: "when the work failed or was not approved",
    operands: { usage: "<stack>", says: STACK_IDS.join(", "), atMost: 1 },
    options: {
      "auto-approve": { says: "apply without asking: for pipelines, where there is no terminal" },
      settings: SETTINGS_OPTION,
      // A destroy imports and replaces nothing.
      ...(act === "deploy" && { "import-existing": IMPORT_OPTION, replace: REPLACE_OPTION }),
    },
    note:
      "npm run plan -- <stack> shows what a deploy would do, and changes nothing.\n" +
      `Options of cdktf-cli are for cdktf ${act}: docs/operations.md#by-cdktf-cli`,
    async run(
      [stack = "nothing"],
      { "auto-approve": autoApprove, settings, "import-existing": importExisting, replace },
    ) {
      await perform(act, stack, { autoApprove, settings, importExisting, replace });
    },
  },
  args,
);
