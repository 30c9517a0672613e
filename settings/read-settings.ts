import path from "node:path";
import type * as z from "zod";
import { type Context, mergeSettings, parseObject, readCdktfContext, readSettingsFile } from "./context";
import { CDKTF_KEYS, consistent, type Settings, schema } from "./schema";
import { SettingsError } from "./settings-error";
import { takenKeys, takesNull } from "./taken-keys";

/**
 * The context of a program that may run by itself or under cdktf-cli: cdktf.json's, over it the CLI's, over both a file of
 * settings.
 *
 * @param fromCli - what cdktf-cli sets: `CDKTF_CONTEXT_JSON`
 * @param file - of settings that count for one command. @default - none
 * @throws {SettingsError} for a file that is missing or holds no JSON object.
 */
export function readContext(root: string, fromCli: string | undefined, file?: string): Record<string, unknown> {
  const context = { ...readCdktfContext(root), ...parseObject("CDKTF_CONTEXT_JSON", fromCli ?? "{}") };
  if (file === undefined) return context;
  return mergeSettings(context, readSettingsFile(file), (place) => takesNull(schema, place));
}

/**
 * Where synthesis writes, from the program's folder: `cdktf.out`, and `cdktf.out/<name>` under another name than
 * cdktf.json's. So each environment keeps a working folder of its own for Terraform.
 *
 * @param fromCli - what cdktf-cli sets: `CDKTF_OUTDIR`
 */
export function chooseOutdir({ name }: Settings, root: string, fromCli: string | undefined): string {
  return fromCli ?? (readCdktfContext(root).name === name ? "cdktf.out" : path.join("cdktf.out", name));
}

/** Whether there is a setting at a place, as in `["redis", "nodeType"]`. */
export function isSetting(place: readonly string[]): boolean {
  return takenKeys(schema, place.slice(0, -1)).includes(place.at(-1) ?? "");
}

/**
 * The context as settings, with every default filled in.
 *
 * @throws {SettingsError} that names each wrong key, what it got and what it takes.
 */
export function readSettings(context: Context): Settings {
  const own = Object.fromEntries(Object.entries(context).filter(([key]) => !CDKTF_KEYS.has(key)));
  // Read once: to compile the schema takes longer than it saves.
  const parsed = consistent.safeParse(own, { jitless: true });
  if (parsed.success) return parsed.data;
  throw new SettingsError([...new Set(parsed.error.issues.flatMap((issue) => describe(issue, own)))].join("\n"));
}

function describe(issue: z.core.$ZodIssue, context: unknown): string[] {
  const place = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const taken = takenKeys(schema, place).join(", ") || "none of this name";
    return issue.keys.map((key) => `${[...place, key].join(".")}: got a key that is no setting, takes ${taken}`);
  }
  if (issue.code === "invalid_key") {
    return [
      `${place.slice(0, -1).join(".")}: got the key ${JSON.stringify(place.at(-1))}, takes ${issue.issues[0]?.message}`,
    ];
  }
  const got = place.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], context);
  // The user may have put the password itself there.
  const secret = place.at(-1) === "passwordSecretArn" && typeof got === "string";
  const shown = got === undefined ? "nothing" : secret ? "a value that is not shown" : JSON.stringify(got);
  return [`${place.join(".")}: got ${shown}, takes ${issue.message}`];
}
