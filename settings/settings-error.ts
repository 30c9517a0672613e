/** Raised for settings that can't be used; one line for each key that is wrong. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}
