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
    readonly module?: string;
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances?: readonly { readonly status?: string; readonly attributes?: Attributes }[];
  }[];
}

/** The contents of a Terraform state file. */
export interface StateFile {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Attributes of the managed resources of a type. */
  all(type: string): readonly Attributes[];
  /** The same, with the address of each resource. */
  list(type: string): readonly { readonly address: string; readonly attributes: Attributes }[];
  /** Addresses of the managed resources, as `terraform state list` shows them, without an index. */
  readonly addresses: readonly string[];
  /** The managed resources that the next apply replaces, because their creation was interrupted or failed. */
  readonly tainted: readonly { readonly address: string; readonly type: string; readonly attributes: Attributes }[];
  /** Number of the AWS account of the resources; undefined when none of them has an ARN with one. */
  readonly account: string | undefined;
  readonly isEmpty: boolean;
}

/**
 * Reads a state, without Terraform.
 *
 * @throws {UserError} when the text is not a state of version 4; the message says what it got.
 */
export function parseState(text: string): StateFile {
  const { outputs = {}, resources = [] } = parseJson(text);
  const managed = resources
    .filter(({ mode }) => mode === "managed")
    .map(({ module, type, name, instances = [] }) => {
      return { address: [module, type, name].filter(Boolean).join("."), type, instances };
    });
  const list = (type: string) =>
    managed
      .filter((resource) => resource.type === type)
      .flatMap(({ address, instances }) => instances.map(({ attributes = {} }) => ({ address, attributes })));
  return {
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value])),
    all: (type) => list(type).map(({ attributes }) => attributes),
    list,
    addresses: managed.map(({ address }) => address),
    tainted: managed.flatMap(({ address, type, instances }) =>
      instances
        .filter(({ status }) => status === "tainted")
        .map(({ attributes = {} }) => ({ address, type, attributes })),
    ),
    account: managed
      .flatMap(({ instances }) =>
        instances.map(({ attributes }) => /^arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):/.exec(String(attributes?.arn))),
      )
      .find((arn) => arn !== null)?.[1],
    isEmpty: managed.length === 0,
  };
}

function parseJson(text: string): StateJson {
  let json: Partial<StateJson> | null;
  try {
    json = JSON.parse(text) as StateJson | null;
  } catch {
    // The message of JSON.parse quotes the text, and a state holds secrets.
    const got = text.trim() === "" ? "an empty file" : `no JSON (${text.length} characters)`;
    throw new UserError(`got ${got}, takes a Terraform state`);
  }
  const { version, outputs = {}, resources = [] } = json ?? {};
  if (version !== VERSION) throw new UserError(`got version ${version ?? "none"}, takes a state of ${VERSION}`);
  const isWhole = isObject(outputs) && Object.values(outputs).every(isObject) && Array.isArray(resources);
  if (!isWhole || !resources.every(isObject)) {
    throw new UserError("got JSON with broken outputs or resources, takes a Terraform state");
  }
  return { version, outputs, resources };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
