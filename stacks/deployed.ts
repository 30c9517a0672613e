import { existsSync, readFileSync } from "node:fs";
import type { SessionStack } from "../modules";

/** Of Terraform's state, what settings are held against. */
interface State {
  readonly resources?: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: Attributes }[];
  }[];
}

/** Attributes of a resource in the state. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The resources of a type that are deployed. */
export type Deployed = (type: string) => readonly Attributes[];

/** What is deployed of a stack, by the state beside cdktf.json; undefined where the state is elsewhere, or there is none. */
export function deployedIn({ stateFile }: SessionStack): Deployed | undefined {
  if (stateFile === undefined || !existsSync(stateFile)) return undefined;
  const { resources = [] } = parse(readFileSync(stateFile, "utf8"));
  return (wanted) =>
    resources.filter(({ type }) => type === wanted).flatMap(({ instances }) => instances.map((one) => one.attributes));
}

/** A state that can't be read is Terraform's to complain of. */
function parse(json: string): State {
  try {
    return JSON.parse(json) as State;
  } catch {
    return {};
  }
}
