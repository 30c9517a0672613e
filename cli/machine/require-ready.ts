import { readContext, readSettings, type Settings } from "../../settings";
import { requireStack } from "../../stacks/names";
import { requireCredentials } from "./credentials";
import { type Program, requireProgram } from "./programs";
import { ROOT } from "./root";

/** The subject of a command. */
export interface Wanted {
  readonly stack: string;
  /** File with settings that override those of cdktf.json for this command. @default - none */
  readonly settingsFile?: string | undefined;
}

/**
 * Checks the stack's name, the settings, programs and credentials before a step that takes long.
 *
 * @returns the settings.
 * @throws {UserError} for the first problem, with its fix.
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
