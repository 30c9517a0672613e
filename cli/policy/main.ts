import { UserError } from "../../environment/user-error";
import { main } from "../machine/command";
import { readConfiguration } from "../terraform/read-configuration";
import { readStackOrSource, STACK_OR_SOURCE_SAYS } from "../terraform/read-stack-or-source";
import { type Examination, examine, type UncoveredType } from "./rule";
import { RULES } from "./rules";

/** @param isVerbose - whether the types without a rule are named */
function describe(file: string, examination: Examination, rules: number, isVerbose: boolean): string {
  const { findings, unexamined, uncovered } = examination;
  const lines = findings.map(({ rule, also, address, what }) => {
    return `  ${address} ${what}\n    ${rule}${also === undefined ? "" : ` (${also})`}\n`;
  });
  const count = findings.length === 0 ? "nothing found" : `${findings.length} found`;
  return `${file}: ${count}, ${rules} rules\n${lines.join("")}${describeUnexamined(unexamined)}${describeUncovered(uncovered, isVerbose)}`;
}

function describeUnexamined(unexamined: Examination["unexamined"]): string {
  if (unexamined.length === 0) return "";
  const resources = new Set(unexamined.map(({ address }) => address)).size;
  const lines = unexamined.map(({ address, argument, rules }) => `  ${address} ${argument}\n    ${rules.join(", ")}\n`);
  const are = resources === 1 ? "1 resource is" : `${resources} resources are`;
  return `${are} not fully examined, because an argument is known only after apply:\n${lines.join("")}`;
}

function describeUncovered(uncovered: readonly UncoveredType[], isVerbose: boolean): string {
  if (uncovered.length === 0) return "";
  const count = uncovered.reduce((sum, one) => sum + one.count, 0);
  const resources = count === 1 ? "1 resource has" : `${count} resources have`;
  const types = uncovered.length === 1 ? "1 type" : `${uncovered.length} types`;
  const names = isVerbose ? "" : "; --verbose names them";
  const lines = isVerbose ? uncovered.map((one) => `  ${one.type} (${one.count})\n`) : [];
  return `${resources} no rule here, of ${types}${names}. A general scanner, as Checkov or Trivy, covers more.\n${lines.join("")}`;
}

void main({
  name: "policy",
  says: "Looks for what is unsafe about a session store and its clients, in a plan or in a synthesized stack.",
  finds: "when it finds something",
  operands: { usage: "<source...>", says: STACK_OR_SOURCE_SAYS },
  options: {
    except: {
      value: "<rule>",
      says: "rules whose findings are expected",
      choices: RULES.map(({ id }) => id),
      isList: true,
    },
    verbose: { says: "name the types of resources that no rule looked at" },
    json: { says: "findings as JSON" },
  },
  async run(files, { except = [], verbose = false, json }) {
    if (files.length === 0) throw new UserError(`source: got nothing, takes ${STACK_OR_SOURCE_SAYS}`);
    const rules = RULES.filter(({ id }) => !except.includes(id));
    const found: (Examination & { readonly file: string })[] = [];
    for (const file of files) found.push({ file, ...examine(await readStackOrSource(file, readConfiguration), rules) });
    if (json) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
    else for (const one of found) process.stdout.write(describe(one.file, one, rules.length, verbose));
    return found.some((one) => one.findings.length > 0) ? 1 : 0;
  },
});
