import { UserError } from "../environment/user-error";

/** Raised for settings that can't be used; one line for each key that is wrong. */
export class SettingsError extends UserError {
  override readonly name = "SettingsError";
}
