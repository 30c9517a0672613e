import { readContext, readSettings } from "../settings";
import { requireStack } from "../stacks/names";
import { requireCredentials } from "./credentials";
import { type INSTALL, requireProgram } from "./programs";
import { ROOT } from "./synthesize";

/**
 * What can be known before anything takes long: the stack's name, the settings, programs, credentials.
 *
 * @throws {SettingsError | NotReadyError} for the first that is wrong, with what to do.
 */
export async function requireReady(stack: string, ...programs: readonly (keyof typeof INSTALL)[]): Promise<void> {
  requireStack(stack);
  readSettings(readContext(ROOT, process.env.CDKTF_CONTEXT_JSON));
  for (const program of programs) requireProgram(program);
  await requireCredentials();
}
