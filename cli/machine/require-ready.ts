import { readContext, readSettings, type Settings } from "../../settings";
import { requireStack } from "../../stacks/names";
import { requireCredentials } from "./credentials";
import { type Program, requireProgram } from "./programs";
import { ROOT } from "./root";

/** What a command is about. */
export interface Wanted {
  readonly stack: string;
  /** File of settings that count for this command. @default - cdktf.json's alone */
  readonly settingsFile?: string | undefined;
}

/**
 * What can be known before anything takes long: the stack's name, the settings, programs, credentials.
 *
 * @returns the settings.
 * @throws {UserError} for the first that is wrong, with what to do.
 */
export async function requireReady(
  { stack, settingsFile }: Wanted,
  ...programs: readonly Program[]
): Promise<Settings> {
  requireStack(stack);
  const settings = readSettings(readContext(ROOT, process.env.CDKTF_CONTEXT_JSON, settingsFile));
  for (const program of programs) requireProgram(program);
  await requireCredentials();
  return settings;
}
