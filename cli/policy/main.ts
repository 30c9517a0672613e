import { readFileSync } from "node:fs";
import { Command } from "commander";
import { readConfiguration, UnreadableError } from "../terraform/read-configuration";
import { type Examination, examine } from "./rule";
import { RULES } from "./rules";

const program = new Command("policy")
  .description(
    "Looks for what is unsafe in a plan (terraform show -json plan.out) or in a synthesized stack (cdk.tf.json).\n" +
      "Ends with 1 when it finds something, with 2 when it can't read the file.",
  )
  .argument("<files...>", "JSON files; - is standard input")
  .option("--except <rule...>", "rules whose findings are expected", [])
  .option("--json", "findings as JSON")
  .action((files: string[], { except, json }: { except: string[]; json?: true }) => {
    const unknown = except.filter((id) => !RULES.some((rule) => rule.id === id));
    if (unknown.length > 0) fail(`--except: got ${unknown.join(", ")}, takes ${RULES.map(({ id }) => id).join(", ")}`);
    const rules = RULES.filter(({ id }) => !except.includes(id));
    const found = files.map((file) => ({ file, ...examine(read(file), rules) }));
    if (json) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
    else for (const one of found) process.stdout.write(describe(one.file, one, rules.length));
    if (found.some((one) => one.findings.length > 0)) process.exitCode = 1;
  });

function read(file: string) {
  try {
    return readConfiguration(readFileSync(file === "-" ? 0 : file, "utf8"));
  } catch (error) {
    if (error instanceof UnreadableError || (error as NodeJS.ErrnoException).code !== undefined) {
      fail(`${file}: ${(error as Error).message}`);
    }
    throw error;
  }
}

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

function fail(reason: string): never {
  process.stderr.write(`policy: ${reason}\n`);
  process.exit(2);
}

program.parse();
