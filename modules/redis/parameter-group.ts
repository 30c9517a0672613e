import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { Construct } from "constructs";
import { NameLimits, nameOf } from "../naming";
import { refused } from "../refused";
import type { RedisEngine } from "./engine";
import { parametersRefusal } from "./validation";

export interface ParameterGroupProps {
  readonly engine: RedisEngine;
  /** Parameters beside the module's own, and in their place. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** When memory is full, sessions nearest their end go first and nothing without an end is lost. */
const DEFAULTS = { "maxmemory-policy": "volatile-lru" };

/**
 * The cache's parameters. A group in use cannot be deleted and its family cannot change, so the family is in the name
 * and a new group stands before the old one goes.
 */
export class ParameterGroup extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { engine, parameters }: ParameterGroupProps) {
    super(scope, id);
    const refusal = parametersRefusal(parameters);
    if (refusal !== undefined) throw refused(this, refusal);

    const all = Object.entries({ ...DEFAULTS, ...parameters }).sort(([a], [b]) => (a < b ? -1 : 1));
    this.name = new ElasticacheParameterGroup(this, "group", {
      name: nameOf(scope, NameLimits.CACHE_PARAMETER_GROUP, engine.family).toLowerCase(),
      family: engine.family,
      // A constant: another text is another group of the same name.
      description: "Parameters of a session store",
      parameter: all.map(([name, value]) => ({ name, value })),
      tags: { Name: nameOf(this, NameLimits.TAG) },
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }
}
