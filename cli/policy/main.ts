import { UserError } from "../../environment/user-error";
import { main } from "../machine/command";
import { readConfiguration } from "../terraform/read-configuration";
import { readSource, SOURCE_SAYS } from "../terraform/read-source";
import { type Examination, examine } from "./rule";
import { RULES } from "./rules";

function describe(file: string, { findings, unexamined }: Examination, rules: number): string {
  const lines = findings.map(({ rule, also, address, what }) => {
    return `  ${address} ${what}\n    ${rule}${also === undefined ? "" : ` (${also})`}\n`;
  });
  const count = findings.length === 0 ? "nothing found" : `${findings.length} found`;
  return `${file}: ${count}, ${rules} rules\n${lines.join("")}${describeUnexamined(unexamined)}`;
}

function describeUnexamined(unexamined: Examination["unexamined"]): string {
  if (unexamined.length === 0) return "";
  const resources = new Set(unexamined.map(({ address }) => address)).size;
  const lines = unexamined.map(({ address, argument, rules }) => `  ${address} ${argument}\n    ${rules.join(", ")}\n`);
  const are = resources === 1 ? "1 resource is" : `${resources} resources are`;
  return `${are} not fully examined, because an argument is known only after apply:\n${lines.join("")}`;
}

void main({
  name: "policy",
  says: "Looks for what is unsafe in a plan or in a synthesized stack.",
  finds: "when it finds something",
  operands: { usage: "<source...>", says: SOURCE_SAYS },
  options: {
    except: {
      value: "<rule>",
      says: "rules whose findings are expected",
      choices: RULES.map(({ id }) => id),
      isList: true,
    },
    json: { says: "findings as JSON" },
  },
  async run(files, { except = [], json }) {
    if (files.length === 0) throw new UserError(`source: got nothing, takes ${SOURCE_SAYS}`);
    const rules = RULES.filter(({ id }) => !except.includes(id));
    const found: (Examination & { readonly file: string })[] = [];
    for (const file of files) found.push({ file, ...examine(await readSource(file, readConfiguration), rules) });
    if (json) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
    else for (const one of found) process.stdout.write(describe(one.file, one, rules.length));
    return found.some((one) => one.findings.length > 0) ? 1 : 0;
  },
});
