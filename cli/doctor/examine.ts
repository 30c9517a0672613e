import path from "node:path";
import { readContext, readSettings } from "../../settings";
import { requireStack } from "../../stacks/names";
import { ROOT } from "../machine/root";
import { readConfiguration } from "../terraform/read-configuration";
import { chooseStackFolder } from "../terraform/stack-folder";
import { readState } from "../terraform/state";
import type { SynthesizedStack } from "../terraform/synthesize";
import { checkIdentity, examineAccount } from "./account";
import { adviseStack } from "./advice";
import { examineAtAws, examineOutput, ifKnown } from "./examine-deployed";
import { examineState } from "./examine-state";
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
  const advice = adviseStack(id);
  // The doctor has synthesized the stack into another folder.
  const folder = path.relative(process.cwd(), findFolder(id, settingsFile));
  const { state, finding } = await examineState({ stack, folder, region, identity, advice }, readState);
  const sections = [machine, { title: id, findings: [identity, finding] }];
  if (state === undefined) return sections;
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
