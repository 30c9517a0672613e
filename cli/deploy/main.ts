import { rmSync } from "node:fs";
import { Command } from "commander";
import { SettingsError } from "../../settings";
import { requireStack, STACK_IDS } from "../../stacks/names";
import { NotReadyError } from "../machine/not-ready-error";
import type { Plan } from "../plan/plan";
import { readPlan } from "../plan/read-plan";
import { review } from "../plan/review";
import { asText } from "../plan/text";
import { type MadePlan, makePlan } from "../terraform/make-plan";
import { UnreadableError } from "../terraform/read-configuration";
import { SETTINGS_OPTION } from "../terraform/synthesize";
import { applyPlan, showOutputs } from "./apply";
import { confirm } from "./confirm";
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
  readonly autoApprove?: true;
  readonly settings?: string;
}

async function perform(act: Act, stack: string, { autoApprove, settings }: Options): Promise<void> {
  requireStack(stack);
  if (!autoApprove && !process.stdin.isTTY) {
    throw new NotReadyError(
      `there is no terminal to ask on: npm run ${act} -- ${stack} --auto-approve applies without asking, npm run plan -- ${stack} only looks`,
    );
  }
  const made = await makePlan({ stack, settingsFile: settings, destroy: act === "destroy" });
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
  if (!autoApprove && !(await confirm(question))) throw new NotReadyError("not approved, and nothing was applied");
  await applyPlan(made, fails);
  process.stdout.write(after(stack, plan));
}

/** A reader that has gone, as of `| head`, or a terminal that was closed does not end Terraform half-way. */
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

const program = new Command("npm run")
  .configureHelp({ showGlobalOptions: false })
  .addHelpText("after", "\nnpm run plan -- <stack> shows what a deploy would do, and changes nothing.");
for (const [act, { says }] of Object.entries(ACTS) as [Act, (typeof ACTS)[Act]][]) {
  program
    .command(act)
    .usage("-- <stack> [options]")
    .description(`${says}\nEnds with 0 when the stack is as it should be, with 1 otherwise.`)
    .argument("[stack]", STACK_IDS.join(", "))
    .option("--auto-approve", "apply without asking: for pipelines, where there is no terminal")
    .option(...SETTINGS_OPTION)
    .showHelpAfterError(
      `takes --auto-approve, --settings <file> and --help; options of cdktf-cli are for cdktf ${act} (docs/operations.md#by-cdktf-cli)`,
    )
    .action((stack: string | undefined, options: Options) => perform(act, stack ?? "nothing", options));
}

program.parseAsync().catch((error: unknown) => {
  if (![NotReadyError, SettingsError, UnreadableError].some((known) => error instanceof known)) throw error;
  process.stderr.write(`${process.argv[2]}: ${(error as Error).message}\n`);
  process.exitCode = 1;
});
