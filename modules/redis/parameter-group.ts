import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import type { RedisEngine } from "./engine";
import { checkParameters, warnOfUnlisted } from "./parameters";

/** Properties of a {@link ParameterGroup}. */
export interface ParameterGroupProps {
  readonly engine: RedisEngine;
  /** Parameters beside the module's own, and in their place. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Type of the nodes, whose disks decide which values are taken. */
  readonly nodeType: string;
  /** Whether it is for a cache in cluster mode. */
  readonly clusterMode: boolean;
}

/** When memory is full, sessions nearest their end go first and nothing without an end is lost. */
const DEFAULTS = { "maxmemory-policy": "volatile-lru" };

/** Cluster mode is a parameter too, one that AWS' own groups for it have and a group of one's own lacks. */
const CLUSTER_MODE = { "cluster-enabled": "yes" };

/**
 * The cache's parameters. A group in use cannot be deleted, its family and its cluster mode cannot change: so both are
 * in the name, and a new group stands before the old one goes.
 */
export class ParameterGroup extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { engine, parameters, nodeType, clusterMode }: ParameterGroupProps) {
    super(scope, id);
    checkParameters(this, parameters, nodeType);
    warnOfUnlisted(this, parameters);

    const mode = clusterMode ? CLUSTER_MODE : {};
    const kind = clusterMode ? `${engine.family}-cluster` : engine.family;
    const all = Object.entries({ ...DEFAULTS, ...parameters, ...mode }).sort(([a], [b]) => (a < b ? -1 : 1));
    this.name = new ElasticacheParameterGroup(this, "group", {
      name: buildName(scope, NameLimits.CACHE_PARAMETER_GROUP, kind).toLowerCase(),
      family: engine.family,
      // A constant: another text is another group of the same name.
      description: "Parameters of a session store",
      parameter: all.map(([name, value]) => ({ name, value })),
      tags: { Name: buildName(this, NameLimits.TAG) },
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }
}
