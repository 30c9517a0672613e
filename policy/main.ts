import { readFileSync } from "node:fs";
import { Command } from "commander";
import { readConfiguration, UnreadableError } from "./read";
import { type Finding, findings } from "./rule";
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
    const found = files.map((file) => ({ file, findings: findings(read(file), rules) }));
    if (json) process.stdout.write(`${JSON.stringify(found, undefined, 2)}\n`);
    else for (const one of found) process.stdout.write(describe(one.file, one.findings, rules.length));
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

function describe(file: string, found: readonly Finding[], rules: number): string {
  const lines = found.map(({ rule, also, address, what }) => {
    return `  ${address} ${what}\n    ${rule}${also === undefined ? "" : ` (${also})`}\n`;
  });
  const count = found.length === 0 ? "nothing found" : `${found.length} found`;
  return `${file}: ${count}, ${rules} rules\n${lines.join("")}`;
}

function fail(reason: string): never {
  process.stderr.write(`policy: ${reason}\n`);
  process.exit(2);
}

program.parse();
