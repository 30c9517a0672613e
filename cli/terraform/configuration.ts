/** A value of a resource, as Terraform's JSON has it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Arguments by name. */
export type Values = Readonly<Record<string, Value>>;

/** Raised where an argument is read that is known only after apply, so that nothing can be said about it. */
export class UnknownValueError extends Error {
  override readonly name = "UnknownValueError";
  readonly argument: string;

  constructor(argument: string) {
    super(`${argument} is known only after apply`);
    this.argument = argument;
  }
}

/** The place of a state, as `terraform.backend` in a stack and in Terraform's own file after an init name it. */
export interface Backend {
  readonly local?: { readonly path: string };
  readonly s3?: { readonly bucket: string; readonly key: string; readonly region: string };
}

/** A resource that Terraform manages, out of a plan or out of a synthesized stack. */
export interface Resource {
  /** As `terraform state list` shows it. */
  readonly address: string;
  readonly type: string;
  /** Its construct path without the stack, as `redis/replication-group`; undefined where the file does not tell. */
  readonly path?: string | undefined;
  /**
   * Arguments. What is known only after apply is read as it is written, with `${...}`. A plan of Terraform's own language
   * does not hold what is written: there, reading it raises {@link UnknownValueError}.
   */
  readonly values: Values;
  /** Addresses of the resources an argument refers to. */
  refersTo(argument: string): readonly string[];
  /** An argument as it is written, references as `${...}`; undefined where the plan does not tell (Terraform's own language). */
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

  /** Arguments by type and by Terraform's name, as `cdk.tf.json` nests them under `resource`. */
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

  /** The resources of a type whose argument refers to this one. */
  pointingAt(resource: Resource, type: string, argument: string): readonly Resource[] {
    return this.of(type).filter((other) => other.refersTo(argument).includes(resource.address));
  }

  /** The resources of a type an argument refers to. */
  behind(resource: Resource, argument: string, type: string): readonly Resource[] {
    const addresses = resource.refersTo(argument);
    return this.of(type).filter(({ address }) => addresses.includes(address));
  }
}

/** Whether an argument names at least so many things, by reference or as text. */
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

/** The provider has true and "true" for the same. */
export function isTrue(value: Value | undefined): boolean {
  return value === true || value === "true";
}

/** The texts of a value: the one that it is, or those in its list; none of anything else. */
export function texts(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
