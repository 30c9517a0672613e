import type { Configuration, Resource, Value, Values } from "../terraform/configuration";
import type { Change } from "./change";
import type { Names } from "./names";

/** When something is so: now, or when the plan is applied. */
export type Moment = "before" | "after";

/** What a plan will do, and who refers to whom in it. */
export class Plan {
  /** Every managed resource, those that stay as they are included. */
  readonly changes: readonly Change[];
  readonly names: Names;
  readonly #planned: Configuration;
  readonly #byAddress: ReadonlyMap<string, Change>;
  readonly #byId: ReadonlyMap<string, string>;

  /** @param planned the resources with what they refer to */
  constructor(changes: readonly Change[], planned: Configuration, names: Names) {
    this.changes = changes;
    this.names = names;
    this.#planned = planned;
    this.#byAddress = new Map(changes.filter(({ leftover }) => !leftover).map((change) => [change.address, change]));
    this.#byId = new Map(
      changes.flatMap(({ address, type, before }) => identities(before).map((id) => [`${type} ${id}`, address])),
    );
  }

  of(...types: readonly string[]): readonly Change[] {
    return this.changes.filter(({ type, leftover }) => types.includes(type) && !leftover);
  }

  /** Addresses of the resources an argument refers to, once applied. */
  refersTo(change: Change, argument: string): readonly string[] {
    return this.#configured(change)?.refersTo(argument) ?? [];
  }

  /**
   * The resources an argument names, by address where they are in this plan: so a resource that is replaced is the same
   * before and after. Elsewhere what the argument says.
   */
  targets(change: Change, argument: string, moment: Moment, type: string): readonly string[] {
    const value = change[moment]?.[argument];
    const named = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string" && one !== "");
    if (named.length > 0) return named.map((one) => this.#byId.get(`${type} ${one}`) ?? String(one));
    if (moment === "before") return [];
    return this.refersTo(change, argument).filter((address) =>
      address.replace(/^(module\.[^.]+\.)+/, "").startsWith(`${type}.`),
    );
  }

  /**
   * A text argument. What is known only after apply is taken as it is written, with each reference to a resource as it
   * is now, or `<resource>` where there is none yet.
   */
  text(change: Change, argument: string, moment: Moment): string | undefined {
    const value = change[moment]?.[argument];
    if (typeof value === "string") return value;
    if (moment === "before" || change.unknown[argument] !== true) return undefined;
    const written = this.#configured(change)?.written(argument);
    if (typeof written !== "string") return undefined;
    return written.replaceAll(/\$\{([a-z0-9_]+\.[\w-]+)\.(\w+)\}/g, (_, address: string, attribute: string) => {
      const now = this.#byAddress.get(address)?.before?.[attribute];
      return typeof now === "string" ? now : `<${this.names.of(address)}>`;
    });
  }

  #configured({ address }: Change): Resource | undefined {
    return this.#planned.resources.find((one) => one.address === address);
  }
}

/** What other resources' arguments call a resource by. */
function identities(before: Values | undefined): string[] {
  return [before?.id, before?.arn, before?.name].filter((value: Value | undefined) => typeof value === "string");
}
