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

/** A resource that Terraform manages, out of a plan or out of a synthesized stack. */
export interface Resource {
  /** As `terraform state list` shows it. */
  readonly address: string;
  readonly type: string;
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

/** All resources of one Terraform configuration. */
export class Configuration {
  readonly resources: readonly Resource[];

  constructor(resources: readonly Resource[]) {
    this.resources = resources;
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

export function texts(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
