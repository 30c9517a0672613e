import type { SynthesizedStack } from "../../terraform/synthesize";
import { type Finding, ok } from "../finding";
import { checkClis } from "./clis";
import { checkDependencies } from "./dependencies";
import { checkSettings } from "./settings";
import { checkTerraform } from "./terraform";

/**
 * What a deploy needs of the machine it is done from.
 *
 * @param ids - stacks whose settings are looked at; all of them when empty
 * @param settingsFile - of settings that count over cdktf.json's. @default - none
 * @returns also the stacks, as far as the settings are good.
 */
export async function examineLaptop(
  ids: readonly string[] = [],
  settingsFile?: string,
): Promise<{ readonly findings: Finding[]; readonly stacks: readonly SynthesizedStack[] }> {
  const [terraform, settings] = await Promise.all([checkTerraform(), checkSettings(ids, settingsFile)]);
  // An older Node.js does not come this far: cli/machine/node-version.cjs ends it.
  const node = ok("node", process.versions.node);
  return {
    findings: [node, checkDependencies(), terraform, checkClis(), ...settings.findings],
    stacks: settings.stacks,
  };
}
