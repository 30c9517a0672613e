import { existsSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { IMPORT_OPTION, main, SETTINGS_OPTION } from "../machine/command";
import { TERRAFORM } from "../machine/programs";
import { readInput } from "../machine/read-input";
import { makePlan, PLAN_FILE, type PlanOptions } from "../terraform/make-plan";
import { asMarkdown } from "./markdown";
import { readPlan } from "./read-plan";
import { hasFindings, type Review, review } from "./review";
import { FINDINGS } from "./risk";
import { asText } from "./text";

async function ofStack(wanted: PlanOptions): Promise<Review> {
  const { json, synthesized, folder } = await makePlan(wanted);
  const reviewed = review(readPlan(json, ...synthesized));
  const where = path.relative(process.cwd(), folder);
  process.stderr.write(`to apply this plan: ${TERRAFORM} -chdir=${where} apply ${PLAN_FILE}\n\n`);
  return reviewed;
}

function ofFile(file: string, synthesized: string | undefined): Review {
  const beside = path.join(file === "-" ? "." : path.dirname(file), "cdk.tf.json");
  const stack = synthesized ?? (existsSync(beside) ? beside : undefined);
  const text = stack === undefined ? [] : [readInput(stack, String)];
  return review(readInput(file, (json) => readPlan(json, ...text)));
}

void main({
  name: "plan",
  says:
    "Says what a plan does, by module: what is created, changed, replaced, destroyed, and above all what loses\n" +
    "sessions, opens a port, widens a role or interrupts. Changes nothing.",
  finds: "for what --fail-on names",
  operands: { usage: "[stack]", says: "the stack to synthesize and to plan with terraform", atMost: 1 },
  options: {
    file: { value: "<plan.json>", says: "a plan that is there: terraform show -json plan.out; - is standard input" },
    synthesized: {
      value: "<cdk.tf.json>",
      says: "the stack of --file, for construct paths; by itself when it lies beside it",
    },
    settings: SETTINGS_OPTION,
    "import-existing": IMPORT_OPTION,
    markdown: { says: "for a pull request" },
    "fail-on": { value: "<kind>", says: "end with 1 for these", choices: [...FINDINGS, "any"], isList: true },
  },
  async run([stack], { file, synthesized, settings, markdown, ...options }) {
    if ((stack === undefined) === (file === undefined)) {
      throw new UserError(`got ${stack === undefined ? "neither" : "both"} of stack and --file, takes one of them`);
    }
    if (file !== undefined && settings !== undefined) {
      throw new UserError("got both of --file and --settings, takes one of them");
    }
    const { "fail-on": failOn = [], "import-existing": importExisting = false } = options;
    if (file !== undefined && importExisting) {
      throw new UserError("got both of --file and --import-existing, takes one of them");
    }
    const reviewed =
      file === undefined
        ? await ofStack({ stack: String(stack), settingsFile: settings, importExisting })
        : ofFile(file, synthesized);
    process.stdout.write(markdown ? asMarkdown(reviewed) : asText(reviewed));
    return hasFindings(reviewed, failOn) ? 1 : 0;
  },
});
