import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { IMPORT_OPTION, main, REPLACE_OPTION, SETTINGS_OPTION } from "../machine/command";
import { requireProgram, TERRAFORM } from "../machine/programs";
import { readInput } from "../machine/read-input";
import { IS_REPOSITORY } from "../machine/root";
import type { PlanOptions } from "../terraform/make-plan";
import { initialize, PLAN_FILE, planFolder } from "../terraform/plan-folder";
import { isFolder, readSource } from "../terraform/read-source";
import { asJson } from "./json";
import { asMarkdown } from "./markdown";
import { readPlan } from "./read-plan";
import { hasFindings, type Review, review } from "./review";
import { FINDINGS } from "./risk";
import { asText } from "./text";

/** A stack of this repository, by its name. Synthesis loads the constructs, which the package need not have beside it. */
async function ofStack(wanted: PlanOptions): Promise<Review> {
  const { makePlan }: typeof import("../terraform/make-plan") = require("../terraform/make-plan");
  const { json, synthesized, folder } = await makePlan(wanted);
  const reviewed = review(readPlan(json, ...synthesized));
  sayHowToApply(folder);
  return reviewed;
}

/** The folder of another program, which Terraform plans as it is. */
async function ofFolder(folder: string, synthesized: string | undefined): Promise<Review> {
  requireProgram("terraform");
  await initialize(folder);
  const { json } = await planFolder(folder);
  const reviewed = review(readPlan(json, ...findSynthesized(folder, synthesized)));
  sayHowToApply(folder);
  return reviewed;
}

function sayHowToApply(folder: string): void {
  const where = path.relative(process.cwd(), folder) || ".";
  process.stderr.write(`to apply this plan: ${TERRAFORM} -chdir=${where} apply ${PLAN_FILE}\n\n`);
}

/** A plan that is there. */
async function ofFile(file: string, synthesized: string | undefined): Promise<Review> {
  const texts = findSynthesized(file === "-" ? "." : path.dirname(file), synthesized);
  return review(await readSource(file, (json) => readPlan(json, ...texts)));
}

function findSynthesized(folder: string, named: string | undefined): readonly string[] {
  if (named !== undefined) return [readInput(named, String)];
  const beside = path.join(folder, "cdk.tf.json");
  return existsSync(beside) ? [readFileSync(beside, "utf8")] : [];
}

const STACK_SAYS = "a stack to synthesize and to plan with terraform";
const OWN_SAYS = "a stack's folder, which terraform plans; a plan file, or a plan as JSON; - is standard input";
const SAYS = IS_REPOSITORY ? `${STACK_SAYS}; or ${OWN_SAYS}` : OWN_SAYS;

void main({
  name: "plan",
  says:
    "Says what a plan does, by module: what is created, changed, replaced, destroyed, and above all what loses\n" +
    "sessions, opens a port, widens a role or interrupts. Changes nothing.",
  finds: "for what --fail-on names",
  operands: { usage: "[source]", says: SAYS, atMost: 1 },
  options: {
    file: { value: "<plan>", says: "the same as the argument, for a plan that is there" },
    synthesized: {
      value: "<cdk.tf.json>",
      says: "the stack of the plan, for construct paths; found by itself beside the plan",
    },
    settings: SETTINGS_OPTION,
    "import-existing": IMPORT_OPTION,
    replace: REPLACE_OPTION,
    markdown: { says: "for a pull request" },
    json: { says: "the review as JSON" },
    "fail-on": { value: "<kind>", says: "end with 1 for these", choices: [...FINDINGS, "any"], isList: true },
  },
  async run([source], { file, synthesized, settings, replace, markdown, json, ...options }) {
    if ((source === undefined) === (file === undefined)) {
      throw new UserError(`source: got ${source === undefined ? "nothing" : "an argument and --file"}, takes ${SAYS}`);
    }
    if (markdown && json) throw new UserError("got both of --markdown and --json, takes one of them");
    const { "fail-on": failOn = [], "import-existing": importExisting = false } = options;
    const named = String(source ?? file);
    const isStack = file === undefined && IS_REPOSITORY && !existsSync(named) && named !== "-";
    if (!isStack && settings !== undefined)
      throw new UserError(`--settings: got it for ${named}, takes a stack's name`);
    if (!isStack && importExisting) throw new UserError(`--import-existing: got it for ${named}, takes a stack's name`);
    if (!isStack && replace !== undefined) throw new UserError(`--replace: got it for ${named}, takes a stack's name`);
    const reviewed = isStack
      ? await ofStack({ stack: named, settingsFile: settings, importExisting, replace })
      : isFolder(named)
        ? await ofFolder(named, synthesized)
        : await ofFile(named, synthesized);
    const format = json ? asJson : markdown ? asMarkdown : asText;
    process.stdout.write(format(reviewed));
    return hasFindings(reviewed, failOn) ? 1 : 0;
  },
});
