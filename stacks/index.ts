import type { App } from "cdktf";
import type { SessionStack } from "../modules";
import type { Settings } from "../settings";
import { checkClusterModeSteps } from "./cluster-mode-steps";
import { warnOfDocumentationNetworks } from "./documentation-networks";
import { checkLeavingZones } from "./leaving-zones";
import { warnOfLostSessions } from "./lost-sessions";
import { requireStack, STACK_IDS, type StackId } from "./names";
import { addEc2Stack } from "./session-ec2";
import { addEcsStack } from "./session-ecs";
import { addLambdaStack } from "./session-lambda";

const STACKS: Readonly<Record<StackId, (app: App, id: string, settings: Settings) => void>> = {
  "session-ec2": addEc2Stack,
  "session-ecs": addEcsStack,
  "session-lambda": addLambdaStack,
};

/** The stacks named on the command line; without a name, all that have settings. */
function selectStacks(names: readonly string[], settings: Settings): StackId[] {
  requireStack(...names);
  if (names.length > 0) return [...new Set(names as readonly StackId[])];
  return STACK_IDS.filter((id) => id !== "session-ecs" || settings.ecs !== null);
}

/**
 * Adds the stacks that are named to an app; without a name, all that have settings.
 *
 * @returns their ids.
 * @throws {SettingsError} for a name that is no stack's, and for settings that a construct or the deployed stack refuses.
 */
export function addStacks(app: App, names: readonly string[], settings: Settings): string[] {
  const ids = selectStacks(names, settings);
  for (const id of ids) {
    STACKS[id](app, id, settings);
    const stack = app.node.findChild(id) as SessionStack;
    checkClusterModeSteps(stack, settings);
    warnOfLostSessions(stack, settings);
    checkLeavingZones(stack, settings);
    warnOfDocumentationNetworks(stack, settings);
  }
  return ids;
}
