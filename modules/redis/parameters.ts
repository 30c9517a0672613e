import { Annotations, Token } from "cdktf";
import type { Construct } from "constructs";
import { hasDisks } from "../elasticache";
import { allowedValues, isListed } from "../elasticache/parameters";
import { ValidationError } from "../validation";

/** With local disks, ElastiCache tiers the data and accepts only these policies. */
const EVICTION_TIERED = ["allkeys-lfu", "allkeys-lru", "noeviction", "volatile-lfu", "volatile-lru"];

/** The properties of a cache that decide which parameters it takes. */
export interface ParameterScope {
  /** Family of its parameter group, as in `valkey8`. */
  readonly family: string;
  /** Node type. Its disks decide on the allowed values. */
  readonly nodeType: string;
}

/** @throws {ValidationError} when ElastiCache does not accept a parameter, or its value. */
export function checkParameters(
  scope: Construct,
  parameters: Readonly<Record<string, string>>,
  cache: ParameterScope,
): void {
  if ("cluster-enabled" in parameters) {
    throw new ValidationError(scope, {
      what: "parameters",
      got: parameters,
      allowed: "parameters other than cluster-enabled, which follows from clusterMode",
      fix: "leave cluster-enabled out and give clusterMode or shards",
    });
  }
  for (const [name, value] of Object.entries(parameters)) {
    const allowed = findObstacle(name, value, cache);
    if (allowed === undefined) continue;
    throw new ValidationError(scope, {
      what: `parameters.${name}`,
      got: JSON.stringify(value),
      allowed,
      fix: "take one of those, or leave it out",
    });
  }
}

/** The values that a parameter allows; undefined when it allows this one. */
function findObstacle(name: string, value: string, { family, nodeType }: ParameterScope): string | undefined {
  if (name === "maxmemory-policy" && hasDisks(nodeType) && !Token.isUnresolved(value)) {
    return EVICTION_TIERED.includes(value) ? undefined : EVICTION_TIERED.join(", ");
  }
  return allowedValues(family, name, Token.isUnresolved(value) ? undefined : value);
}

/** Warns of parameters that are not in the list: a newer engine may have them. */
export function warnOfUnlisted(scope: Construct, parameters: Readonly<Record<string, string>>): void {
  const unlisted = Object.keys(parameters).filter((name) => !isListed(name));
  if (unlisted.length === 0) return;
  Annotations.of(scope).addWarning(
    `${scope.node.path}: parameters: this version does not know ${unlisted.join(", ")}. If the engine has it, nothing is ` +
      "wrong; otherwise ElastiCache refuses it at the deploy.",
  );
}
