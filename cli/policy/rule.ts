import { Configuration, type Resource, UnknownValueError } from "../terraform/configuration";

/** A rule for resources, and its check. */
export interface Rule {
  /** Short name. It never changes, because exceptions and pipelines refer to it. */
  readonly id: string;
  /** Ids of the same rule in AWS Security Hub and Checkov. */
  readonly also?: string;
  /** Resource types that the rule checks. */
  readonly on: readonly string[];
  /**
   * Returns the violation as a clause that follows the resource's address; undefined without a violation.
   *
   * @throws {UnknownValueError} when the rule needs an argument that is known only after apply.
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

/** A resource that a rule could not examine, because an argument is known only after apply. */
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

/** Result of the rules for a configuration. */
export interface Examination {
  /** Findings, sorted by rule, then by address. */
  readonly findings: readonly Finding[];
  /** An entry for each argument that could not be read. */
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

/** Applies each rule to the resources of its types. */
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
