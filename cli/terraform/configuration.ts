/** A value of a resource in Terraform's JSON. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Arguments, keyed by name. */
export type Values = Readonly<Record<string, Value>>;

/** Thrown by a read of an argument that is known only after apply. */
export class UnknownValueError extends Error {
  override readonly name = "UnknownValueError";
  readonly argument: string;

  constructor(argument: string) {
    super(`${argument} is known only after apply`);
    this.argument = argument;
  }
}

/** The place of a state, from `terraform.backend` in a stack, or from the file that `terraform init` writes. */
export interface Backend {
  readonly local?: { readonly path: string };
  readonly s3?: { readonly bucket: string; readonly key: string; readonly region: string };
  /** HCP Terraform, which has a block of its own beside the backends. */
  readonly cloud?: object;
}

/** A managed resource from a plan or a synthesized stack. */
export interface Resource {
  /** Address, as in `terraform state list`. */
  readonly address: string;
  readonly type: string;
  /** Construct path without the stack, as in `redis/replication-group`; undefined if the file does not have it. */
  readonly path?: string | undefined;
  /**
   * Arguments. An argument that is known only after apply is read as it is written, with `${...}`. A plan of Terraform's own language
   * does not contain the written text, and a read throws {@link UnknownValueError}.
   */
  readonly values: Values;
  /** Addresses of the resources that an argument refers to. */
  refersTo(argument: string): readonly string[];
  /** An argument as it is written, with references as `${...}`; undefined for a plan of Terraform's own language. */
  written(argument: string): Value | undefined;
}

/** The properties that a synthesized stack has beside its resources; a plan has none of them. */
interface StackProperties {
  readonly name?: string | undefined;
  readonly region?: string | undefined;
  readonly backend?: Backend | undefined;
}

/** All resources of one Terraform configuration. */
export class Configuration {
  readonly resources: readonly Resource[];
  readonly name: string | undefined;
  readonly region: string | undefined;
  readonly backend: Backend;

  constructor(resources: readonly Resource[], { name, region, backend = {} }: StackProperties = {}) {
    this.resources = resources;
    this.name = name;
    this.region = region;
    this.backend = backend;
  }

  /** Arguments, keyed by type, then by Terraform's name, as in `cdk.tf.json` under `resource`. */
  byType(): Readonly<Record<string, Readonly<Record<string, Values>>>> {
    const types: Record<string, Record<string, Values>> = {};
    for (const { address, type, values } of this.resources) {
      types[type] = { ...types[type], [address.slice(type.length + 1)]: values };
    }
    return types;
  }

  of(...types: readonly string[]): readonly Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resources of a type with an argument that refers to this resource. */
  pointingAt(resource: Resource, type: string, argument: string): readonly Resource[] {
    return this.of(type).filter((other) => other.refersTo(argument).includes(resource.address));
  }

  /** The resources of a type that an argument refers to. */
  behind(resource: Resource, argument: string, type: string): readonly Resource[] {
    const addresses = resource.refersTo(argument);
    return this.of(type).filter(({ address }) => addresses.includes(address));
  }
}

/** Whether an argument has at least this number of references or texts. */
export function namesAtLeast(count: number, { values, refersTo }: Resource, argument: string): boolean {
  return refersTo(argument).length >= count || texts(values[argument]).length >= count;
}

/** A block's contents: Terraform's plan has a list of them, a synthesized stack an object or a list. */
export function blocks(value: Value | undefined): readonly Values[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is Values => typeof item === "object" && item !== null);
}

/** The first of a block's contents; empty where there is no such block. */
export function block(value: Value | undefined): Values {
  return blocks(value)[0] ?? {};
}

/** Whether a value is true. The provider treats true and "true" alike. */
export function isTrue(value: Value | undefined): boolean {
  return value === true || value === "true";
}

/** The texts of a value: the one that it is, or those in its list; none of anything else. */
export function texts(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
