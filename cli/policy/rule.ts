import { type Configuration, type Resource, UnknownValueError } from "../terraform/configuration";

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

/** What the rules say of a configuration. */
export interface Examination {
  /** By rule and then by address. */
  readonly findings: readonly Finding[];
  /** One for each argument of a resource that could not be read. */
  readonly unexamined: readonly Unexamined[];
}

/** Applies every rule to every resource it is about. */
export function examine(configuration: Configuration, rules: readonly Rule[]): Examination {
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
  return { findings, unexamined: [...unexamined.values()] };
}
