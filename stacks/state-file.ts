import { existsSync, readFileSync } from "node:fs";
import { UserError } from "../environment/user-error";
import type { SessionStack } from "../modules";

/** The attributes of a resource, as Terraform's state has them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The format that Terraform has written since version 0.12. */
const VERSION = 4;

interface StateJson {
  readonly version: number;
  readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly instances?: readonly { readonly attributes?: Attributes }[];
  }[];
}

/** The contents of a Terraform state file. */
export interface StateFile {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Attributes of the managed resources of a type. */
  all(type: string): readonly Attributes[];
  readonly isEmpty: boolean;
}

/**
 * Reads a state, without Terraform.
 *
 * @throws {UserError} when the text is not a state of version 4; the message says what it got.
 */
export function parseState(text: string): StateFile {
  const { outputs = {}, resources = [] } = parseJson(text);
  const managed = resources.filter(({ mode }) => mode === "managed");
  return {
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    all: (type) =>
      managed
        .filter((resource) => resource.type === type)
        .flatMap(({ instances = [] }) => instances.map(({ attributes = {} }) => attributes)),
    isEmpty: managed.length === 0,
  };
}

function parseJson(text: string): StateJson {
  let json: StateJson | null;
  try {
    json = JSON.parse(text) as StateJson | null;
  } catch (error) {
    throw new UserError(`got no JSON (${(error as Error).message}), takes a Terraform state`);
  }
  if (json?.version !== VERSION) throw new UserError(`got version ${json?.version}, takes a state of ${VERSION}`);
  return json;
}

/**
 * The deployed resources of a stack, from the state beside cdktf.json. Undefined where the state is elsewhere, where there
 * is none, and where it cannot be read: Terraform reports that, not a synthesis.
 */
export function readDeployed({ stateFile }: SessionStack): StateFile | undefined {
  if (stateFile === undefined || !existsSync(stateFile)) return undefined;
  try {
    return parseState(readFileSync(stateFile, "utf8"));
  } catch {
    return undefined;
  }
}
