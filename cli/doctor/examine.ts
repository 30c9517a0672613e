import path from "node:path";
import { readContext, readSettings } from "../../settings";
import { requireStack } from "../../stacks/names";
import { ROOT } from "../machine/root";
import { findExisting } from "../terraform/existing-resources";
import { readConfiguration } from "../terraform/read-configuration";
import { describeLostState, describeOtherAccount, OTHER_CREDENTIALS, RESTORE_STATE } from "../terraform/require-state";
import { chooseStackFolder } from "../terraform/stack-folder";
import { readState, type State, UnreadableStateError } from "../terraform/state";
import type { SynthesizedStack } from "../terraform/synthesize";
import { requireSavedState } from "../terraform/unsaved-state";
import { checkIdentity, examineAccount } from "./account";
import { adviseStack } from "./advice";
import { examineAtAws, examineOutput, ifKnown } from "./examine-deployed";
import { describeError, type Finding, fail, inOneLine, ok } from "./finding";
import { examineLaptop } from "./laptop";
import type { Section } from "./report";
import type { SiteOptions } from "./site";

/** Examines this machine, and the account for a deploy. */
export async function examineMachine(settingsFile?: string): Promise<Section[]> {
  const { findings, stacks } = await examineLaptop([], settingsFile);
  const machine = { title: "this machine", findings };
  const [first] = stacks;
  if (first === undefined) return [machine];
  const region = readRegion(first);
  const identity = await checkIdentity(region);
  const rest = await ifKnown(identity, "quotas and state bucket", () => examineAccount(region, stacks));
  return [machine, { title: "the account", findings: [identity, ...rest] }];
}

interface StackOptions extends SiteOptions {
  /** File with settings that override those of cdktf.json. @default - none */
  readonly settingsFile?: string | undefined;
}

/** Examines a deployed stack: its state, its site as a visitor sees it, and its resources at AWS. @throws {SettingsError} */
export async function examineStack(id: string, { settingsFile, ...options }: StackOptions): Promise<Section[]> {
  requireStack(id);
  const { findings, stacks } = await examineLaptop([id], settingsFile);
  const machine = { title: "this machine", findings };
  const [stack] = stacks;
  if (stack === undefined) return [machine];
  const region = readRegion(stack);
  const identity = await checkIdentity(region);
  // The doctor has synthesized the stack into another folder.
  const folder = path.relative(process.cwd(), findFolder(id, settingsFile));
  const { state, finding } = await examineState(stack, folder, identity);
  const sections = [machine, { title: id, findings: [identity, finding] }];
  if (state === undefined) return sections;
  const advice = adviseStack(id);
  return [
    ...sections,
    await examineOutput(state, advice, options),
    await examineAtAws({ stack, state, region, folder, identity, advice }),
  ];
}

function findFolder(id: string, settingsFile: string | undefined): string {
  return chooseStackFolder(id, readSettings(readContext(ROOT, process.env.CDKTF_CONTEXT_JSON, settingsFile)));
}

function readRegion({ text }: SynthesizedStack): string {
  return readConfiguration(text).region ?? "";
}

interface ExaminedState {
  readonly state?: State;
  readonly finding: Finding;
}

/** Reads the state of a stack. It advises a deploy only if AWS has no resource of the stack. */
async function examineState(stack: SynthesizedStack, folder: string, identity: Finding): Promise<ExaminedState> {
  const byAddress = "--url <address> looks at the site without its state";
  try {
    requireSavedState({ folder });
    const state = await readState(stack);
    if (state !== undefined && !state.isEmpty) {
      const mismatch = identity.status === "ok" ? await describeOtherAccount(state, readRegion(stack)) : undefined;
      if (mismatch !== undefined) return { finding: fail("state", mismatch, OTHER_CREDENTIALS) };
      return { state, finding: ok("state", `${state.from}, with ${state.addresses.length} resources`) };
    }
    if (identity.status !== "ok") {
      const says = "empty, and AWS can't be asked whether the stack is there: see above";
      return { finding: fail("state", says, byAddress) };
    }
    const { resources } = readConfiguration(stack.text);
    const { found, refusals } = await findExisting({ resources }, { region: readRegion(stack), principalOnly: true });
    if (found.length > 0) return { finding: fail("state", describeLostState(stack, found), RESTORE_STATE) };
    if (refusals.length > 0) {
      const says = `empty, and AWS did not say whether the stack is there: ${inOneLine(String(refusals[0]))}`;
      return { finding: fail("state", says, byAddress) };
    }
    return { finding: fail("state", "empty: the stack is not deployed", `npm run deploy -- ${stack.id}`) };
  } catch (error) {
    const isBroken = error instanceof UnreadableStateError;
    const next = isBroken ? `deploy nothing from it; ${error.wayOut}` : byAddress;
    return { finding: fail("state", isBroken ? error.says : describeError(error), next) };
  }
}
