import * as z from "zod";
import { type Context, isObject, parseObject, readSettingsFile } from "./context";
import { NEW_NETWORK_KEYS } from "./network";
import { readContext, readSettings } from "./read-settings";
import { type Settings, schema } from "./schema";
import { isSettingOfNodes } from "./serverless";
import { findObject, type Node, takenKeys } from "./taken-keys";

/** A setting that applies, and where its value comes from. */
export interface AppliedSetting {
  /** As in `redis.nodeType`. */
  readonly key: string;
  /** Undefined where it has none, or where its default depends on something: see `otherwise`. */
  readonly value?: unknown;
  /** The default in words. @default - the default is a value */
  readonly otherwise?: string;
  /** `cdktf.json`, `CDKTF_CONTEXT_JSON`, a settings file by its path, or `default`. */
  readonly source: string;
}

const DEFAULT = "default";

/**
 * Every setting that applies, in the order of docs/settings.md. Settings of a new cache or network are left out beside an
 * existing one.
 *
 * @param fromCli - what cdktf-cli sets: `CDKTF_CONTEXT_JSON`
 * @param file - of settings that count for one command. @default - none
 * @throws {SettingsError} for what {@link readContext} and {@link readSettings} refuse.
 */
export function listSettings(root: string, fromCli: string | undefined, file?: string): AppliedSetting[] {
  const context = readContext(root, fromCli, file);
  const settings = readSettings(context);
  const overrides = file === undefined ? {} : readSettingsFile(file);
  const environment = parseObject("CDKTF_CONTEXT_JSON", fromCli ?? "{}");
  const findSource = (place: readonly string[]) => {
    if (!isGiven(context, place)) return DEFAULT;
    if (file !== undefined && isGiven(overrides, place)) return file;
    // cdktf-cli's context replaces each key of the first level as a whole.
    return isGiven(environment, place.slice(0, 1)) ? "CDKTF_CONTEXT_JSON" : "cdktf.json";
  };
  const unused = findUnused(settings);
  const list = (node: Node, values: Context, above: readonly string[]): AppliedSetting[] =>
    Object.entries(node.properties ?? {}).flatMap(([name, setting]) => {
      const place = [...above, name];
      const key = place.join(".");
      if (unused.has(key)) return [];
      const value = values[name] === undefined ? setting.default : values[name];
      const object = findObject(setting);
      if (object?.properties !== undefined && isObject(value)) return list(object, value, place);
      const { otherwise } = setting;
      const source = values[name] === undefined ? DEFAULT : findSource(place);
      return [{ key, ...(value === undefined ? otherwise !== undefined && { otherwise } : { value }), source }];
    });
  return list(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node, settings, []);
}

/** Settings without an effect beside the others. */
function findUnused({ redis, existingRedis, existingNetwork, ecs }: Settings): ReadonlySet<string> {
  const ofNodes = takenKeys(schema, ["redis"]).filter(isSettingOfNodes);
  return new Set([
    ...(existingRedis === null ? [] : ["redis"]),
    ...(redis.serverless === undefined ? [] : ofNodes.map((key) => `redis.${key}`)),
    ...(existingNetwork === null ? [] : NEW_NETWORK_KEYS),
    ecs?.launchType === "EC2" ? "ecs.architecture" : "ecs.instances",
  ]);
}

/** Whether a context has a value at a place, also where a value in another form, as a bucket's name, is above it. */
function isGiven(context: Context, place: readonly string[]): boolean {
  let value: unknown = context;
  for (const key of place) {
    if (!isObject(value)) return value !== undefined && value !== null;
    value = Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value !== undefined;
}
