import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readContext, readSettings } from "../../settings";
import { requireStack } from "../../stacks/names";
import { main, SETTINGS_OPTION } from "../machine/command";
import { ROOT } from "../machine/root";
import { synthesize } from "../terraform/synthesize";
import { withTables } from "./page";
import { costTable } from "./report";

const PAGE = path.join(ROOT, "docs", "cost.md");

void main({
  name: "cost",
  says: "Says what stacks cost in a month by list price, as the settings are: line by line, from the synthesized JSON.",
  operands: { usage: "[stack...]", says: "all of them without a name" },
  options: {
    settings: SETTINGS_OPTION,
    write: { says: "into docs/cost.md, which shows the default settings" },
  },
  async run(ids, { write, settings }) {
    requireStack(...ids);
    readSettings(readContext(ROOT, process.env.CDKTF_CONTEXT_JSON, settings));
    const stacks = await synthesize(ids, { settingsFile: settings });
    if (write)
      writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8"), new Map(stacks.map(({ id, text }) => [id, text]))));
    else for (const { id, text } of stacks) process.stdout.write(`## ${id}\n\n${costTable(text)}\n\n`);
  },
});
