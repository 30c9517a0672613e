import { statSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { readInput } from "../machine/read-input";
import type { Configuration } from "../terraform/configuration";
import { isPlan, parseJson } from "../terraform/json-format";
import { readConfiguration } from "../terraform/read-configuration";
import { readProgramState, type State, type StateOwner } from "../terraform/state";
import { checkIdentity } from "./account";
import { type Advice, adviseFolder } from "./advice";
import { examineAtAws, examineOutput } from "./examine-deployed";
import { examineState } from "./examine-state";
import { ok, skipped } from "./finding";
import { checkTerraform } from "./laptop/terraform";
import type { Section } from "./report";
import type { SiteOptions } from "./site";

const FILE = "cdk.tf.json";

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
  const { state, finding } = await examineState(
    { stack, folder: stack.folder, region, identity, advice },
    readProgramState,
  );
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
