import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { Argument, Command, Option } from "commander";
import { SettingsError } from "../../settings";
import { NotReadyError } from "../machine/not-ready-error";
import { TERRAFORM } from "../machine/programs";
import { makePlan, PLAN_FILE } from "../terraform/make-plan";
import { UnreadableError } from "../terraform/read-configuration";
import { SETTINGS_OPTION } from "../terraform/synthesize";
import { asMarkdown } from "./markdown";
import { readPlan } from "./read-plan";
import { hasFindings, type Review, review } from "./review";
import { FINDINGS, type Finding } from "./risk";
import { asText } from "./text";

interface Options {
  readonly file?: string;
  readonly synthesized?: string;
  readonly settings?: string;
  readonly markdown?: true;
  readonly failOn: readonly (Finding | "any")[];
}

const program = new Command("plan")
  .description(
    "Says what a plan does, by module: what is created, changed, replaced, destroyed, and above all what loses\n" +
      "sessions, opens a port, widens a role or interrupts. Changes nothing.\n" +
      "Ends with 0, with 1 for what --fail-on names, with 2 when there is no plan to read.",
  )
  .addArgument(new Argument("[stack]", "the stack to synthesize and to plan with terraform"))
  .option("--file <plan.json>", "a plan that is there: terraform show -json plan.out; - is standard input")
  .option("--synthesized <cdk.tf.json>", "the stack of --file, for construct paths; by itself when it lies beside it")
  .option(...SETTINGS_OPTION)
  .option("--markdown", "for a pull request")
  .addOption(new Option("--fail-on <kind...>", "end with 1 for these").choices([...FINDINGS, "any"]).default([]))
  .action(async (stack: string | undefined, options: Options) => {
    if ((stack === undefined) === (options.file === undefined)) {
      throw new NotReadyError(`got ${stack === undefined ? "neither" : "both"} of stack and --file, takes one of them`);
    }
    if (options.file !== undefined && options.settings !== undefined) {
      throw new NotReadyError("got both of --file and --settings, takes one of them");
    }
    const reviewed =
      options.file === undefined
        ? await ofStack(String(stack), options.settings)
        : ofFile(options.file, options.synthesized);
    process.stdout.write(options.markdown ? asMarkdown(reviewed) : asText(reviewed));
    if (hasFindings(reviewed, options.failOn)) process.exitCode = 1;
  });

async function ofStack(stack: string, settingsFile: string | undefined): Promise<Review> {
  const { json, synthesized, folder } = await makePlan({ stack, settingsFile });
  const reviewed = review(readPlan(json, ...synthesized));
  const where = path.relative(process.cwd(), folder);
  process.stderr.write(`to apply this plan: ${TERRAFORM} -chdir=${where} apply ${PLAN_FILE}\n\n`);
  return reviewed;
}

function ofFile(file: string, synthesized: string | undefined): Review {
  const beside = path.join(file === "-" ? "." : path.dirname(file), "cdk.tf.json");
  const stack = synthesized ?? (existsSync(beside) ? beside : undefined);
  const json = readFileSync(file === "-" ? 0 : file, "utf8");
  return review(readPlan(json, ...(stack === undefined ? [] : [readFileSync(stack, "utf8")])));
}

program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
program.parseAsync().catch((error: unknown) => {
  const isKnown = [UnreadableError, NotReadyError, SettingsError].some((known) => error instanceof known);
  if (!isKnown && (error as NodeJS.ErrnoException).code === undefined) throw error;
  process.stderr.write(`plan: ${(error as Error).message}\n`);
  process.exitCode = 2;
});
