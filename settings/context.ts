import { readFileSync } from "node:fs";
import path from "node:path";
import { SettingsError } from "./settings-error";

/** The context of a CDKTF app, as cdktf.json has it. */
export type Context = Readonly<Record<string, unknown>>;

/** Node.js and Terraform write JSON without it; editors on Windows put it in front. */
const BYTE_ORDER_MARK = "\ufeff";

/** The `context` of the cdktf.json in a folder. @throws {SettingsError} */
export function readCdktfContext(root: string): Context {
  const file = parseObject("cdktf.json", read(path.join(root, "cdktf.json"), MISSING_CDKTF_JSON));
  if ("context" in file) return requireObject("cdktf.json: context", file.context);
  const misspelled = Object.keys(file).find((key) => isObject(file[key]));
  const [got, fix] =
    misspelled === undefined ? ["", "add the key"] : [` but "${misspelled}"`, "correct the key's spelling"];
  throw new SettingsError(
    `cdktf.json: got no key "context"${got}, takes the settings as an object under "context". Fix: ${fix}`,
  );
}

const MISSING_CDKTF_JSON = "cdktf.json: got no such file, takes the one beside main.ts";

/**
 * A file of settings: an object as it is under `context` in cdktf.json. Its `$schema`, which editors read, is no setting.
 *
 * @throws {SettingsError}
 */
export function readSettingsFile(file: string): Context {
  const missing = `${file}: got no such file, takes a JSON file of settings, as {"name": "prod"}`;
  const { $schema, ...settings } = parseObject(file, read(path.resolve(file), missing));
  if ($schema !== undefined && typeof $schema !== "string") {
    throw new SettingsError(`${file}: $schema: got ${JSON.stringify($schema)}, takes the path of a JSON Schema`);
  }
  if ("context" in settings) {
    throw new SettingsError(`${file}: got a whole cdktf.json, takes only the settings under its context`);
  }
  return settings;
}

function read(file: string, missing: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SettingsError(code === "ENOENT" ? missing : `${file}: can't be read (${message}), takes a JSON file`);
  }
  // PowerShell 5 writes UTF-16 where it is not told otherwise.
  if (["fffe", "feff"].includes(bytes.toString("hex", 0, 2))) {
    throw new SettingsError(`${file}: got UTF-16, takes JSON in UTF-8: save it as UTF-8`);
  }
  const text = bytes.toString("utf8");
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** @throws {SettingsError} for anything but a JSON object. */
export function parseObject(what: string, json: string): Context {
  try {
    return requireObject(what, JSON.parse(json));
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    const reason = (error as Error).message.replaceAll(/\s+/g, " ");
    throw new SettingsError(`${what}: got no JSON (${reason}), takes a JSON object`);
  }
}

function requireObject(what: string, value: unknown): Context {
  if (isObject(value)) return value;
  throw new SettingsError(`${what}: got ${JSON.stringify(value)}, takes a JSON object`);
}

/** Whether this is an object of keys and values. */
export function isObject(value: unknown): value is Context {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Settings over others, as Helm merges values files: objects key by key, lists and everything else as a whole. A null
 * where no setting takes one leaves the key out.
 *
 * @param takesNull - whether null is a value of the setting at a path
 */
export function mergeSettings(
  base: Context,
  over: Context,
  takesNull: (place: readonly string[]) => boolean,
  place: readonly string[] = [],
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const at = [...place, key];
    const below = merged[key];
    if (value === null && !takesNull(at)) delete merged[key];
    else if (isObject(value)) merged[key] = mergeSettings(isObject(below) ? below : {}, value, takesNull, at);
    else merged[key] = value;
  }
  return merged;
}
