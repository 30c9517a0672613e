import { ElasticacheParameterGroup } from "@cdktf/provider-aws/lib/elasticache-parameter-group";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { ClusterMode } from "./cluster-mode";
import type { RedisEngine } from "./engine";
import { checkParameters, warnOfUnlisted } from "./parameters";

/** Properties of a {@link ParameterGroup}. */
export interface ParameterGroupProps {
  readonly engine: RedisEngine;
  /** Parameters that are added to the module's own, which they can override. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Node type. Its disks decide on the allowed values. */
  readonly nodeType: string;
  /** The cache's cluster mode. Each mode but `disabled` needs `cluster-enabled`. */
  readonly clusterMode: ClusterMode;
}

/** When memory is full, Redis evicts the least recently used keys among those with an expiry, and no others. */
const DEFAULTS = { "maxmemory-policy": "volatile-lru" };

/** Cluster mode needs a parameter. AWS' default groups for cluster mode have it; a group of your own must set it. */
const CLUSTER_MODE = { "cluster-enabled": "yes" };

/**
 * The cache's parameter group. AWS cannot delete a group in use, and cannot change its family or cluster mode. So both are in the name, and a
 * new group is created before the old one is deleted.
 */
export class ParameterGroup extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { engine, parameters, nodeType, clusterMode }: ParameterGroupProps) {
    super(scope, id);
    checkParameters(this, parameters, { family: engine.family, nodeType });
    warnOfUnlisted(this, parameters);

    const isCluster = clusterMode !== ClusterMode.DISABLED;
    const mode = isCluster ? CLUSTER_MODE : {};
    const kind = isCluster ? `${engine.family}-cluster` : engine.family;
    const all = Object.entries({ ...DEFAULTS, ...parameters, ...mode }).sort(([a], [b]) => (a < b ? -1 : 1));
    this.name = new ElasticacheParameterGroup(this, "group", {
      name: buildName(scope, NameLimits.CACHE_PARAMETER_GROUP, kind).toLowerCase(),
      family: engine.family,
      // A constant, because a new description replaces the group, under the same name.
      description: "Parameters of a session store",
      parameter: all.map(([name, value]) => ({ name, value })),
      tags: { Name: buildName(this, NameLimits.TAG) },
      lifecycle: { createBeforeDestroy: true },
    }).name;
  }
}
