import { requireStack } from "../../stacks/names";
import { readConfiguration } from "../terraform/read-configuration";
import { readState, type State } from "../terraform/state";
import type { SynthesizedStack } from "../terraform/synthesize";
import { checkIdentity, examineAccount } from "./account";
import { describeError, type Finding, fail, ok, skipped } from "./finding";
import { examineLaptop } from "./laptop";
import type { Section } from "./report";
import { examineSite, type SiteOptions } from "./site";
import { examineResources } from "./stack";

/** This machine, and the account it would deploy to. */
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
  /** File of settings that count over cdktf.json's. @default - none */
  readonly settingsFile?: string | undefined;
}

/** A deployed stack: its state, the site as a visitor sees it, and what AWS says of its resources. @throws {SettingsError} */
export async function examineStack(id: string, { settingsFile, ...options }: StackOptions): Promise<Section[]> {
  requireStack(id);
  const { findings, stacks } = await examineLaptop([id], settingsFile);
  const machine = { title: "this machine", findings };
  const [stack] = stacks;
  if (stack === undefined) return [machine];
  const region = readRegion(stack);
  const identity = await checkIdentity(region);
  const { state, finding } = await examineState(stack);
  const sections = [machine, { title: id, findings: [identity, finding] }];
  if (state === undefined) return sections;
  const { url } = state.outputs;
  const site = typeof url === "string" ? await examineAddress(new URL(url), options) : [];
  const resources = await ifKnown(identity, "resources", () => examineResources(region, state));
  return [...sections, ...site, { title: "its resources at AWS", findings: resources }];
}

/** Whatever answers at an address, as a visitor without account sees it. */
export async function examineAddress(url: URL, options: SiteOptions): Promise<Section[]> {
  return [{ title: url.origin, findings: await examineSite(url, options) }];
}

function readRegion({ text }: SynthesizedStack): string {
  return readConfiguration(text).region ?? "";
}

async function ifKnown(identity: Finding, check: string, ask: () => Promise<Finding[]>): Promise<Finding[]> {
  return identity.status === "ok" ? ask() : [skipped(check, "nobody can ask AWS: see above")];
}

async function examineState(stack: SynthesizedStack): Promise<{ readonly state?: State; readonly finding: Finding }> {
  const next = `npm run deploy -- ${stack.id}; or --url <address>, where the state is out of reach`;
  try {
    const state = await readState(stack);
    if (state === undefined || state.isEmpty)
      return { finding: fail("state", "empty: the stack is not deployed", next) };
    return { state, finding: ok("state", `${state.from}, which knows what is deployed`) };
  } catch (error) {
    return { finding: fail("state", describeError(error), next) };
  }
}
