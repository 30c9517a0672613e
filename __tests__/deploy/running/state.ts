import { Names } from "../../../cli/plan/names";
import { Plan } from "../../../cli/plan/plan";
import { Configuration } from "../../../cli/terraform/configuration";

/** A resource's or data source's attributes as applied. */
// biome-ignore lint/suspicious/noExplicitAny: attributes of any resource, read by name and in any depth
export type Applied = Record<string, any>;

interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly mode: string;
  readonly values: Applied;
}

/** The applied state: `terraform show -json`, to be read by type. */
export class AppliedState {
  #resources: readonly StateResource[] = [];
  #plan: Plan | undefined;
  #outputs: Readonly<Record<string, { readonly value: unknown }>> = {};

  constructor(json: string) {
    this.become(json);
  }

  /** Takes over the state of a later apply; later reads return it. */
  become(json: string): void {
    const { values } = JSON.parse(json);
    this.#resources = (values?.root_module?.resources ?? []).filter(({ mode }: StateResource) => mode === "managed");
    this.#outputs = values?.outputs ?? {};
    this.#plan = undefined;
  }

  /** A plan that leaves all of it as it is: what the plan review reads. */
  get plan(): Plan {
    this.#plan ??= new Plan(
      this.#resources.map(({ address, type, values }) => ({
        ...{ address, type, action: "none", before: values, after: values, unknown: {} },
        ...{
          createsFirst: false,
          leftover: false,
          sensitive: [false, false],
          replacedFor: [],
          movedFrom: undefined,
          replacedBecause: undefined,
          importedAs: undefined,
        },
      })),
      new Configuration([]),
      new Names(),
    );
    return this.#plan;
  }

  /** All resources of a type, each with its address. */
  all(type: string): readonly Applied[] {
    return this.#resources
      .filter((resource) => resource.type === type)
      .map(({ address, values }) => ({ ...values, address }));
  }

  /** The resource of a type whose attribute has this value. @throws when there is none. */
  by(type: string, attribute: string, value: unknown): Applied {
    const found = this.all(type).find((resource) => resource[attribute] === value);
    if (found === undefined) throw new Error(`the applied state has no ${type} whose ${attribute} is ${value}`);
    return found;
  }

  /** An output's text, if there is such an output. */
  findOutput(name: string): string | undefined {
    const value = this.#outputs[name]?.value;
    return typeof value === "string" ? value : undefined;
  }

  /** @throws when there is no such output. */
  output(name: string): string {
    const value = this.findOutput(name);
    if (value === undefined) throw new Error(`the applied state has no output ${name}`);
    return value;
  }
}
