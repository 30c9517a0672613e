export { buildCdktfSchema, buildSettingsFileSchema, type JsonSchema } from "./json-schema";
export { type AppliedSetting, listSettings } from "./list-settings";
export { chooseOutdir, isSetting, readContext, readSettings } from "./read-settings";
export { DEFAULT_ENGINE } from "./redis";
export type { Settings } from "./schema";
export { SettingsError } from "./settings-error";
