import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { main, SETTINGS_OPTION } from "../machine/command";
import { showWhile } from "../machine/progress";
import { IS_REPOSITORY, ROOT } from "../machine/root";
import { readSource, SOURCE_SAYS } from "../terraform/read-source";
import { synthesize } from "../terraform/synthesize";
import { withTables } from "./page";
import { costData, costTable } from "./report";

const PAGE = path.join(ROOT, "docs", "cost.md");
const STACKS_SAY = "stacks of this repository by name, all of them without one; or ";

interface Source {
  readonly name: string;
  readonly text: string;
}

/** Stacks of this repository, named by id; plans and stacks of other programs, named by file or folder. */
async function read(sources: readonly string[], settingsFile: string | undefined): Promise<Source[]> {
  const isFile = (source: string) => source === "-" || existsSync(source) || !IS_REPOSITORY;
  if (sources.length === 0 ? IS_REPOSITORY : !sources.some(isFile)) {
    requireSettings(sources, settingsFile);
    const stacks = await showWhile("synthesizing", synthesize(sources, { settingsFile }));
    return stacks.map(({ id, text }) => ({ name: id, text }));
  }
  if (sources.length === 0) throw new UserError(`source: got nothing, takes ${SOURCE_SAYS}`);
  if (settingsFile !== undefined)
    throw new UserError(`--settings: got it for ${sources.join(" ")}, takes a stack's name`);
  const found: Source[] = [];
  for (const source of sources) found.push({ name: source, text: await readSource(source, String) });
  return found;
}

/**
 * Refuses an unknown stack and bad settings before a synthesis takes long. Settings load the constructs, which the package
 * need not have beside it.
 */
function requireSettings(stacks: readonly string[], settingsFile: string | undefined): void {
  const { readContext, readSettings }: typeof import("../../settings") = require("../../settings");
  const { requireStack }: typeof import("../../stacks/names") = require("../../stacks/names");
  requireStack(...stacks);
  readSettings(readContext(ROOT, process.env.CDKTF_CONTEXT_JSON, settingsFile));
}

void main({
  name: "cost",
  says: "Says what a stack costs in a month by list price, line by line.",
  operands: { usage: "[source...]", says: IS_REPOSITORY ? `${STACKS_SAY}${SOURCE_SAYS}` : SOURCE_SAYS },
  options: {
    settings: SETTINGS_OPTION,
    json: { says: "lines and sums as JSON" },
    write: { says: "into docs/cost.md, which shows the default settings", isForRepository: true },
  },
  async run(sources, { write, json, settings }) {
    if (write && json) throw new UserError("got both of --write and --json, takes one of them");
    const stacks = await read(sources, settings);
    if (write)
      writeFileSync(
        PAGE,
        withTables(readFileSync(PAGE, "utf8"), new Map(stacks.map(({ name, text }) => [name, text]))),
      );
    else if (json) {
      const all = stacks.map(({ name, text }) => ({ source: name, ...costData(text) }));
      process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
    } else for (const { name, text } of stacks) process.stdout.write(`## ${name}\n\n${costTable(text)}\n\n`);
  },
});
