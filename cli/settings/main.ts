import { writeFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { type AppliedSetting, buildCdktfSchema, buildSettingsFileSchema, listSettings } from "../../settings";
import { requireStack, STACK_IDS, type StackId } from "../../stacks/names";
import { main, SETTINGS_OPTION } from "../machine/command";
import { IS_REPOSITORY, ROOT } from "../machine/root";

/** Settings of one stack alone, by their first key. */
const STACKS: ReadonlyMap<string, StackId> = new Map([
  ["ec2", "session-ec2"],
  ["ecs", "session-ecs"],
  ["lambda", "session-lambda"],
]);

const EVERY_STACK = "every stack";

function findStack({ key }: AppliedSetting): StackId | undefined {
  return STACKS.get(key.split(".")[0] ?? "");
}

function formatValue({ value, otherwise }: AppliedSetting): string {
  return value === undefined ? (otherwise ?? "not set") : JSON.stringify(value);
}

/** A section for all stacks, and one for each stack. */
function formatSettings(settings: readonly AppliedSetting[]): string {
  const keyWidth = Math.max(...settings.map(({ key }) => key.length));
  const sourceWidth = Math.max(...settings.map(({ source }) => source.length));
  const sections = [undefined, ...STACK_IDS].map((stack) => {
    const rows = settings.filter((setting) => findStack(setting) === stack);
    const lines = rows.map(
      (row) => `  ${row.key.padEnd(keyWidth)}  ${row.source.padEnd(sourceWidth)}  ${formatValue(row)}\n`,
    );
    return lines.length === 0 ? "" : `${stack ?? EVERY_STACK}\n${lines.join("")}`;
  });
  return sections.filter((section) => section !== "").join("\n");
}

function writeSchemas(): void {
  const schemas = { "cdktf.schema.json": buildCdktfSchema(), "settings.schema.json": buildSettingsFileSchema() };
  for (const [name, schema] of Object.entries(schemas)) {
    writeFileSync(path.join(ROOT, "docs", name), `${JSON.stringify(schema, undefined, 2)}\n`);
  }
}

void main({
  name: "settings",
  says: "Prints the settings that apply, with the source of each: cdktf.json, a settings file, CDKTF_CONTEXT_JSON, or default.",
  operands: { usage: "[stack...]", says: `${STACK_IDS.join(", ")}; all of them without one` },
  options: {
    settings: { value: SETTINGS_OPTION.value, says: SETTINGS_OPTION.says },
    json: { says: "settings as JSON" },
    write: { says: "the JSON Schemas of cdktf.json and of settings files, into docs", isForRepository: true },
  },
  run(stacks, { settings: file, json, write }) {
    if (write) {
      if (stacks.length > 0 || file !== undefined || json) throw new UserError("--write: got more, takes nothing else");
      writeSchemas();
      return undefined;
    }
    requireStack(...stacks);
    const root = IS_REPOSITORY ? ROOT : process.cwd();
    const settings = listSettings(root, process.env.CDKTF_CONTEXT_JSON, file).filter((setting) => {
      const stack = findStack(setting);
      return stacks.length === 0 || stack === undefined || stacks.includes(stack);
    });
    const text = json ? `${JSON.stringify(settings, undefined, 2)}\n` : formatSettings(settings);
    process.stdout.write(text);
    return undefined;
  },
});
