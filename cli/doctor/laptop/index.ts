import type { SynthesizedStack } from "../../terraform/synthesize";
import { type Finding, ok } from "../finding";
import { checkClis } from "./clis";
import { checkDependencies } from "./dependencies";
import { checkSettings } from "./settings";
import { checkTerraform } from "./terraform";

/**
 * Checks the machine for a deploy: its programs, and the settings.
 *
 * @param ids - stacks to check the settings of; all stacks when empty
 * @param settingsFile - file with settings that override those of cdktf.json. @default - none
 * @returns the findings, and the stacks with valid settings.
 */
export async function examineLaptop(
  ids: readonly string[] = [],
  settingsFile?: string,
): Promise<{ readonly findings: Finding[]; readonly stacks: readonly SynthesizedStack[] }> {
  const [terraform, settings] = await Promise.all([checkTerraform(), checkSettings(ids, settingsFile)]);
  // cli/machine/node-version.cjs has already refused an older Node.js.
  const node = ok("node", process.versions.node);
  return {
    findings: [node, checkDependencies(), terraform, checkClis(), ...settings.findings],
    stacks: settings.stacks,
  };
}
