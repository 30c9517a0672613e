import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { readContext, readSettings, SettingsError } from "../../settings";
import { requireStack } from "../../stacks/names";
import { NotReadyError } from "../machine/not-ready-error";
import { ROOT } from "../machine/root";
import { SETTINGS_OPTION, synthesize } from "../terraform/synthesize";
import { UnknownPriceError } from "./lines";
import { withTables } from "./page";
import { costTable } from "./report";

const PAGE = path.join(ROOT, "docs", "cost.md");

const program = new Command("npm run cost --")
  .description(
    "Says what stacks cost in a month by list price, as the settings are: line by line, from the synthesized JSON.",
  )
  .argument("[stack...]", "all of them without a name")
  .option(...SETTINGS_OPTION)
  .option("--write", "into docs/cost.md, which shows the default settings")
  .action(async (ids: string[], { write, settings }: { write?: true; settings?: string }) => {
    requireStack(...ids);
    readSettings(readContext(ROOT, process.env.CDKTF_CONTEXT_JSON, settings));
    const stacks = await synthesize(ids, { settingsFile: settings });
    if (write)
      writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8"), new Map(stacks.map(({ id, text }) => [id, text]))));
    else for (const { id, text } of stacks) process.stdout.write(`## ${id}\n\n${costTable(text)}\n\n`);
  });

program.parseAsync().catch((error: unknown) => {
  if (![NotReadyError, SettingsError, UnknownPriceError].some((known) => error instanceof known)) throw error;
  process.stderr.write(`cost: ${(error as Error).message}\n`);
  process.exitCode = 1;
});
