import type { Configuration, Resource, Value, Values } from "../terraform/configuration";
import type { Change } from "./change";
import { groupBy } from "./group-by";
import type { Names } from "./names";

/** A point in time: before or after the plan is applied. */
export type Moment = "before" | "after";

/** A change that Terraform deferred to another plan. */
export interface Deferred {
  readonly address: string;
  readonly type: string;
  /** Terraform's reason, such as `resource_config_unknown`. */
  readonly reason: string;
}

/** The properties of a plan besides its changes. */
export interface PlanProperties {
  /** Changes that were made outside of Terraform. @default - none */
  readonly drift?: readonly Change[];
  /** @default - none */
  readonly deferred?: readonly Deferred[];
  /** False if another plan has to follow. @default true */
  readonly isComplete?: boolean;
  /** URLs of outputs that have another value after the plan. @default - none */
  readonly leftUrls?: readonly string[];
}

/** The changes of a plan, and the references between its resources. */
export class Plan {
  /** Changes of all managed resources, including resources without a change. */
  readonly changes: readonly Change[];
  readonly names: Names;
  readonly drift: readonly Change[];
  readonly deferred: readonly Deferred[];
  readonly isComplete: boolean;
  readonly leftUrls: readonly string[];
  readonly #configuration: Configuration;
  readonly #configured: ReadonlyMap<string, Resource>;
  readonly #byType: ReadonlyMap<string, readonly Change[]>;
  readonly #byAddress: ReadonlyMap<string, Change>;
  readonly #byId: Readonly<Record<Moment, ReadonlyMap<string, string>>>;

  /** @param planned the resources with what they refer to */
  constructor(changes: readonly Change[], planned: Configuration, names: Names, properties: PlanProperties = {}) {
    const current = changes.filter(({ leftover }) => !leftover);
    this.changes = changes;
    this.names = names;
    this.drift = properties.drift ?? [];
    this.deferred = properties.deferred ?? [];
    this.isComplete = properties.isComplete ?? true;
    this.leftUrls = properties.leftUrls ?? [];
    this.#configuration = planned;
    this.#configured = new Map(planned.resources.map((resource) => [resource.address, resource]));
    this.#byType = groupBy(current, ({ type }) => type);
    this.#byAddress = new Map(current.map((change) => [change.address, change]));
    this.#byId = { before: addressesById(changes, "before"), after: addressesById(changes, "after") };
  }

  /** The same plan with other changes. */
  with(changes: readonly Change[]): Plan {
    return new Plan(changes, this.#configuration, this.names, { leftUrls: this.leftUrls });
  }

  of(...types: readonly string[]): readonly Change[] {
    const [first, ...others] = types;
    const changes = this.#byType.get(first ?? "") ?? [];
    return others.length === 0 ? changes : [...changes, ...this.of(...others)];
  }

  /** Changes of the resources of these types that exist at a moment. */
  existing(moment: Moment, ...types: readonly string[]): readonly Change[] {
    return this.of(...types).filter((change) => change[moment] !== undefined);
  }

  /** The change of a resource. Leftovers of replacements are not included. */
  at(address: string): Change | undefined {
    return this.#byAddress.get(address);
  }

  /** Addresses of the resources that an argument refers to after apply. */
  refersTo(change: Change, argument: string): readonly string[] {
    return this.#configured.get(change.address)?.refersTo(argument) ?? [];
  }

  /**
   * The resources that an argument names. A resource of this plan is its address, so a replaced resource is the same before and after.
   * Other resources are the argument's own values.
   */
  targets(change: Change, argument: string, moment: Moment, type: string): readonly string[] {
    const value = change[moment]?.[argument];
    const named = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string" && one !== "");
    if (named.length > 0) return named.map((one) => this.find(type, String(one), moment) ?? String(one));
    if (moment === "before") return [];
    return this.refersTo(change, argument).filter((address) =>
      address.replace(/^(module\.[^.]+\.)+/, "").startsWith(`${type}.`),
    );
  }

  /** Address of the resource with this identity in other resources' arguments. */
  find(type: string, id: string, moment: Moment): string | undefined {
    // An unchanged resource has the same identity before and after.
    return this.#byId[moment].get(`${type} ${id}`) ?? this.#byId.before.get(`${type} ${id}`);
  }

  /**
   * A text argument. A text that is known only after apply is read as it is written. Each reference in it becomes the resource's present
   * value, or `<resource>` for a new resource.
   */
  text(change: Change, argument: string, moment: Moment): string | undefined {
    const value = change[moment]?.[argument];
    if (typeof value === "string") return value;
    if (moment === "before" || change.unknown[argument] !== true) return undefined;
    const written = this.#configured.get(change.address)?.written(argument);
    if (typeof written !== "string") return undefined;
    return written.replaceAll(/\$\{([a-z0-9_]+\.[\w-]+)\.(\w+)\}/g, (_, address: string, attribute: string) => {
      const now = this.#byAddress.get(address)?.before?.[attribute];
      return typeof now === "string" ? now : `<${this.names.of(address)}>`;
    });
  }
}

function addressesById(changes: readonly Change[], moment: Moment): Map<string, string> {
  return new Map(
    changes.flatMap((change) => identities(change[moment]).map((id) => [`${change.type} ${id}`, change.address])),
  );
}

/** The identities of a resource in other resources' arguments. */
function identities(values: Values | undefined): string[] {
  return [values?.id, values?.arn, values?.name].filter((value: Value | undefined) => typeof value === "string");
}
