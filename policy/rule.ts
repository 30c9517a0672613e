import type { Configuration, Resource } from "./configuration";

/** What a resource must be like, and how it is seen. */
export interface Rule {
  /** Short name, constant: exceptions and pipelines refer to it. */
  readonly id: string;
  /** Numbers the same demand has elsewhere: AWS Security Hub, Checkov. */
  readonly also?: string;
  /** Types of the resources it looks at. */
  readonly on: readonly string[];
  /** What is wrong with a resource, as a clause after its address; undefined when nothing is. */
  finds(resource: Resource, configuration: Configuration): string | undefined;
}

export interface Finding {
  readonly rule: string;
  readonly also?: string;
  readonly address: string;
  readonly what: string;
}

/** All findings, by rule and then by address. */
export function findings(configuration: Configuration, rules: readonly Rule[]): Finding[] {
  return rules.flatMap((rule) =>
    configuration.of(...rule.on).flatMap((resource) => {
      const what = rule.finds(resource, configuration);
      if (what === undefined) return [];
      const { id, also } = rule;
      return [{ rule: id, ...(also !== undefined && { also }), address: resource.address, what }];
    }),
  );
}
