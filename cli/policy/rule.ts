import { Configuration, type Resource, UnknownValueError } from "../terraform/configuration";

/** What a resource must be like, and how it is seen. */
export interface Rule {
  /** Short name, constant: exceptions and pipelines refer to it. */
  readonly id: string;
  /** Numbers the same demand has elsewhere: AWS Security Hub, Checkov. */
  readonly also?: string;
  /** Types of the resources it looks at. */
  readonly on: readonly string[];
  /**
   * What is wrong with a resource, as a clause after its address; undefined when nothing is.
   *
   * @throws {UnknownValueError} where it needs an argument that is known only after apply.
   */
  finds(resource: Resource, configuration: Configuration): string | undefined;
}

/** A resource that breaks a rule. */
export interface Finding {
  readonly rule: string;
  readonly also?: string;
  readonly address: string;
  readonly what: string;
}

/** A resource that some rules could not examine, because an argument is known only after apply. */
interface Unexamined {
  readonly address: string;
  readonly argument: string;
  readonly rules: readonly string[];
}

/** A type of resources that no rule looked at. */
export interface UncoveredType {
  readonly type: string;
  /** The number of resources. */
  readonly count: number;
}

/** What the rules say of a configuration. */
export interface Examination {
  /** By rule and then by address. */
  readonly findings: readonly Finding[];
  /** One for each argument of a resource that could not be read. */
  readonly unexamined: readonly Unexamined[];
  /** By type. */
  readonly uncovered: readonly UncoveredType[];
}

/** A configuration that notes which types of resources were looked at. */
class ObservedConfiguration extends Configuration {
  readonly #seen = new Set<string>();

  override of(...types: readonly string[]): readonly Resource[] {
    for (const type of types) this.#seen.add(type);
    return super.of(...types);
  }

  countUnseen(): readonly UncoveredType[] {
    const counts = new Map<string, number>();
    for (const { type } of this.resources) if (!this.#seen.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
    return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => (a.type < b.type ? -1 : 1));
  }
}

/** Applies every rule to every resource it is about. */
export function examine({ resources }: Configuration, rules: readonly Rule[]): Examination {
  const configuration = new ObservedConfiguration(resources);
  const findings: Finding[] = [];
  const unexamined = new Map<string, { address: string; argument: string; rules: string[] }>();
  for (const rule of rules) {
    for (const resource of configuration.of(...rule.on)) {
      const { address } = resource;
      const { id, also } = rule;
      try {
        const what = rule.finds(resource, configuration);
        if (what !== undefined) findings.push({ rule: id, ...(also !== undefined && { also }), address, what });
      } catch (error) {
        if (!(error instanceof UnknownValueError)) throw error;
        const key = `${address} ${error.argument}`;
        const known = unexamined.get(key) ?? { address, argument: error.argument, rules: [] };
        unexamined.set(key, { ...known, rules: [...known.rules, id] });
      }
    }
  }
  return { findings, unexamined: [...unexamined.values()], uncovered: configuration.countUnseen() };
}
