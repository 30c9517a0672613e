#!/usr/bin/env node
import { formatCommand } from "./machine/root";

/** The commands for other programs. A command starts when its file is loaded, so only the chosen file is loaded. */
const COMMANDS: Readonly<Record<string, readonly [says: string, start: () => void]>> = {
  plan: ["says what a plan does, and above all what loses sessions", () => require("./plan/main")],
  policy: ["looks for what is unsafe in a plan or a stack", () => require("./policy/main")],
  cost: ["says what a stack costs in a month, line by line", () => require("./cost/main")],
  size: ["says which node type and mode carries a number of sessions", () => require("./size/main")],
  diagrams: ["draws a stack in Mermaid", () => require("./diagrams/main")],
  doctor: ["looks at this machine, the account, or a deployed app", () => require("./doctor/main")],
  settings: ["prints the settings that apply, and where each comes from", () => require("./settings/main")],
  inspect: ["shows the sessions in Redis, and ends them", () => require("./inspect/main")],
};

const [name = "--help"] = process.argv.splice(2, 1);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command !== undefined) command[1]();
else if (name === "--help") process.stdout.write(usage());
else {
  const names = Object.keys(COMMANDS).join(", ");
  process.stderr.write(`session-store: got ${name}, takes ${names}; session-store --help says more\n`);
  process.exitCode = 2;
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([name, [says]]) => `  ${name.padEnd(8)}  ${says}\n`);
  const takes =
    "They take a stack's folder, its cdk.tf.json, a plan file (terraform plan -out) or a plan as JSON; - is standard input.";
  return `session-store <command>\n\n${lines.join("")}\n${takes}\n${formatCommand("<command>")} --help says what each takes.\n`;
}
