import { statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { readInput } from "../machine/read-input";
import type { Configuration } from "../terraform/configuration";
import { findExisting } from "../terraform/existing-resources";
import { isPlan, parseJson } from "../terraform/json-format";
import { readConfiguration } from "../terraform/read-configuration";
import { describeLostState, describeOtherAccount, OTHER_CREDENTIALS } from "../terraform/require-state";
import { readProgramState, type State, type StateOwner, UnreadableStateError } from "../terraform/state";
import { requireSavedState } from "../terraform/unsaved-state";
import { checkIdentity } from "./account";
import { type Advice, adviseFolder } from "./advice";
import { examineAtAws, examineOutput } from "./examine-deployed";
import { describeError, type Finding, fail, inOneLine, ok, skipped } from "./finding";
import { checkTerraform } from "./laptop/terraform";
import type { Section } from "./report";
import type { SiteOptions } from "./site";

const FILE = "cdk.tf.json";
const BY_ADDRESS = "--url <address> looks at the site without its state";

/**
 * Examines the deployed stack of any program: its state, its site if it has an output `url`, and its resources at AWS.
 *
 * @param source - the stack's folder, or its `cdk.tf.json`
 * @throws {UserError} when there is no synthesized stack.
 */
export async function examineFolder(source: string, options: SiteOptions): Promise<Section[]> {
  const stack = readStack(source);
  const configuration = readConfiguration(stack.text);
  const machine = {
    title: "this machine",
    findings: [ok("node", process.versions.node), await checkTerraform()],
  };
  const region = findRegion(configuration);
  if (region === undefined) {
    const says = `${source} names no region that is known here`;
    const next = "set AWS_REGION to the region of the stack";
    return [machine, { title: stack.id, findings: [skipped("region", says, next)] }];
  }
  const identity = await checkIdentity(region);
  const advice = adviseFolder(path.relative(process.cwd(), stack.folder) || ".");
  const { state, finding } = await examineState(stack, region, identity, advice);
  const sections = [machine, { title: stack.id, findings: [identity, finding] }];
  if (state === undefined) return sections;
  const folder = path.relative(process.cwd(), stack.folder) || ".";
  return [
    ...sections,
    await examineSite(state, advice, options),
    await examineAtAws({ stack, state, region, folder, identity, advice }),
  ];
}

/** @throws {UserError} for anything else than a synthesized stack. */
function readStack(source: string): StateOwner & { readonly id: string } {
  const isFolder = statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
  const file = isFolder ? path.join(source, FILE) : source;
  return readInput(file, (text) => {
    if (isPlan(parseJson(text))) throw new UserError(`got a plan, takes a stack's folder, or its ${FILE}`);
    const folder = path.resolve(path.dirname(file));
    return { id: readConfiguration(text).name ?? path.basename(folder), folder, text };
  });
}

/** The region of the first provider; of the environment where the stack has a variable in its place, or none. */
function findRegion({ region }: Configuration): string | undefined {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  return (region?.includes("${") ? undefined : region) || AWS_REGION || AWS_DEFAULT_REGION || undefined;
}

/** Not every program has a site, or an output of this name. */
async function examineSite(state: State, advice: Advice, options: SiteOptions): Promise<Section> {
  if (state.outputs.url !== undefined) return examineOutput(state, advice, options);
  const says = "the stack has no output url";
  return { title: "the site", findings: [skipped("output url", says, "--url <address> looks at a site by itself")] };
}

async function examineState(
  stack: StateOwner,
  region: string,
  identity: Finding,
  { deploy }: Advice,
): Promise<{ readonly state?: State; readonly finding: Finding }> {
  try {
    requireSavedState(stack);
    const state = await readProgramState(stack);
    if (state === undefined || state.isEmpty)
      return { finding: await examineEmptyState(stack, region, identity, deploy) };
    const mismatch = identity.status === "ok" ? await describeOtherAccount(state, region) : undefined;
    if (mismatch !== undefined) return { finding: fail("state", mismatch, OTHER_CREDENTIALS) };
    return { state, finding: ok("state", `${state.from}, with ${state.addresses.length} resources`) };
  } catch (error) {
    if (error instanceof UnreadableStateError) {
      return { finding: fail("state", error.says, `deploy nothing from it; ${error.wayOut}`) };
    }
    return { finding: fail("state", describeError(error), BY_ADDRESS) };
  }
}

async function examineEmptyState(
  stack: StateOwner,
  region: string,
  identity: Finding,
  deploy: string,
): Promise<Finding> {
  if (identity.status !== "ok") {
    return fail(
      "state",
      "empty, and AWS can't be asked whether the stack is there: see above",
      "log in, and ask again",
    );
  }
  const { resources } = readConfiguration(stack.text);
  const { found, refusals } = await findExisting({ resources }, { region, principalOnly: true });
  if (found.length > 0)
    return fail("state", describeLostState(stack, found), "restore the state, or choose other names");
  if (refusals.length > 0) {
    const says = `empty, and AWS did not say whether the stack is there: ${inOneLine(String(refusals[0]))}`;
    return fail("state", says, BY_ADDRESS);
  }
  return fail("state", "empty: the stack is not deployed", deploy);
}
