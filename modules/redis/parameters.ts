import { Annotations, Token } from "cdktf";
import type { Construct } from "constructs";
import { hasDisks } from "../elasticache";
import { ValidationError } from "../validation";

/** With local disks, ElastiCache tiers the data and accepts only these policies. */
const EVICTION_TIERED = ["allkeys-lfu", "allkeys-lru", "noeviction", "volatile-lfu", "volatile-lru"];
const EVICTION = [...EVICTION_TIERED, "allkeys-random", "volatile-random", "volatile-ttl"].sort();
const SWITCH = ["no", "yes"];

/** A form of values, for parameters without a list of words. */
interface Form {
  readonly pattern: RegExp;
  readonly allowed: string;
}
const WHOLE: Form = { pattern: /^\d+$/, allowed: "a whole number" };
const PERCENT: Form = { pattern: /^(\d{1,2}|100)$/, allowed: "a whole number from 0 to 100" };
const EVENTS: Form = { pattern: /^[KEg$lshzxetdmnA]*$/, allowed: "letters of K E g $ l s h z x e t d m n A" };
const IDLE: Form = { pattern: /^(0|[2-9]\d|[1-9]\d{2,})$/, allowed: "0, or 20 and more seconds" };

/**
 * The values of each parameter of Redis OSS 7 and Valkey, without the parameters that ElastiCache does not let its users change.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const VALUES: Readonly<Record<string, readonly string[] | Form>> = {
  activedefrag: SWITCH,
  activerehashing: SWITCH,
  "client-query-buffer-limit": WHOLE,
  "close-on-replica-write": SWITCH,
  "cluster-allow-pubsubshard-when-down": SWITCH,
  "cluster-allow-reads-when-down": SWITCH,
  "cluster-require-full-coverage": SWITCH,
  "hash-max-listpack-entries": WHOLE,
  "hash-max-listpack-value": WHOLE,
  "latency-tracking": SWITCH,
  "lazyfree-lazy-eviction": SWITCH,
  "lazyfree-lazy-expire": SWITCH,
  "lazyfree-lazy-server-del": SWITCH,
  "lazyfree-lazy-user-del": SWITCH,
  "lfu-decay-time": WHOLE,
  "lfu-log-factor": WHOLE,
  "list-compress-depth": WHOLE,
  "lua-time-limit": WHOLE,
  "maxmemory-policy": EVICTION,
  "maxmemory-samples": WHOLE,
  "notify-keyspace-events": EVENTS,
  "reserved-memory-percent": PERCENT,
  "set-max-intset-entries": WHOLE,
  "slowlog-log-slower-than": { pattern: /^(-1|\d+)$/, allowed: "-1, or a whole number of microseconds" },
  "slowlog-max-len": WHOLE,
  "stream-node-max-bytes": WHOLE,
  "stream-node-max-entries": WHOLE,
  "tcp-keepalive": WHOLE,
  timeout: IDLE,
  "tracking-table-max-keys": WHOLE,
  "zset-max-listpack-entries": WHOLE,
  "zset-max-listpack-value": WHOLE,
};
/** Parameters that ElastiCache lists as not modifiable. */
const FIXED = ["appendonly", "appendfsync", "maxclients", "maxmemory", "cluster-announce-ip"];

/** @throws {ValidationError} when ElastiCache does not accept a parameter, or its value. */
export function checkParameters(
  scope: Construct,
  parameters: Readonly<Record<string, string>>,
  nodeType: string,
): void {
  if ("cluster-enabled" in parameters) {
    throw new ValidationError(scope, {
      what: "parameters",
      got: parameters,
      allowed: "parameters other than cluster-enabled, which follows from shards",
      fix: "leave cluster-enabled out and give shards",
    });
  }
  for (const [name, value] of Object.entries(parameters)) {
    const allowed = allowedValues(name, value, nodeType);
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
function allowedValues(name: string, value: string, nodeType: string): string | undefined {
  if (FIXED.includes(name)) return "no value: ElastiCache does not let users change it";
  const values = VALUES[name];
  if (values === undefined || Token.isUnresolved(value)) return undefined;
  if ("pattern" in values) return values.pattern.test(value) ? undefined : values.allowed;
  const taken = name === "maxmemory-policy" && hasDisks(nodeType) ? EVICTION_TIERED : values;
  return taken.includes(value) ? undefined : taken.join(", ");
}

/** Warns of parameters that are not in the list: a newer engine may have them. */
export function warnOfUnlisted(scope: Construct, parameters: Readonly<Record<string, string>>): void {
  const unlisted = Object.keys(parameters).filter((name) => !(name in VALUES));
  if (unlisted.length === 0) return;
  Annotations.of(scope).addWarning(
    `${scope.node.path}: parameters: this version does not know ${unlisted.join(", ")}. If the engine has it, nothing is ` +
      "wrong; otherwise ElastiCache refuses it at the deploy.",
  );
}
