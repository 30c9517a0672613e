/** A form of values, for parameters without a list of words. */
interface Form {
  readonly pattern: RegExp;
  readonly allowed: string;
}

const SWITCH = ["no", "yes"];
const WHOLE: Form = { pattern: /^\d+$/, allowed: "a whole number" };
const PERCENT: Form = { pattern: /^(\d{1,2}|100)$/, allowed: "a whole number from 0 to 100" };
const EVENTS: Form = { pattern: /^[KEg$lshzxetdmnA]*$/, allowed: "letters of K E g $ l s h z x e t d m n A" };
const IDLE: Form = { pattern: /^(0|[2-9]\d|[1-9]\d{2,})$/, allowed: "0, or 20 and more seconds" };
const EVICTION = [
  ...["allkeys-lfu", "allkeys-lru", "allkeys-random", "noeviction"],
  ...["volatile-lfu", "volatile-lru", "volatile-random", "volatile-ttl"],
];

type Values = readonly string[] | Form;

/**
 * The values of each parameter that users of Redis OSS 7 and Valkey can change, as AWS listed them in November 2026.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const VALUES: Readonly<Record<string, Values>> = {
  "acl-pubsub-default": ["allchannels", "resetchannels"],
  "acllog-max-len": WHOLE,
  "active-defrag-cycle-max": WHOLE,
  "active-defrag-cycle-min": WHOLE,
  "active-defrag-ignore-bytes": WHOLE,
  "active-defrag-max-scan-fields": WHOLE,
  "active-defrag-threshold-lower": PERCENT,
  "active-defrag-threshold-upper": PERCENT,
  "active-expire-effort": { pattern: /^([1-9]|10)$/, allowed: "a whole number from 1 to 10" },
  activedefrag: SWITCH,
  "client-output-buffer-limit-normal-hard-limit": WHOLE,
  "client-output-buffer-limit-normal-soft-limit": WHOLE,
  "client-output-buffer-limit-normal-soft-seconds": WHOLE,
  "client-output-buffer-limit-pubsub-hard-limit": WHOLE,
  "client-output-buffer-limit-pubsub-soft-limit": WHOLE,
  "client-output-buffer-limit-pubsub-soft-seconds": WHOLE,
  "client-query-buffer-limit": WHOLE,
  "close-on-replica-write": SWITCH,
  "cluster-allow-pubsubshard-when-down": SWITCH,
  "cluster-allow-reads-when-down": SWITCH,
  "cluster-preferred-endpoint-type": ["ip", "tls-dynamic"],
  "cluster-require-full-coverage": SWITCH,
  "commandlog-large-reply-max-len": WHOLE,
  "commandlog-large-request-max-len": WHOLE,
  "commandlog-reply-larger-than": WHOLE,
  "commandlog-request-larger-than": WHOLE,
  databases: WHOLE,
  "extended-redis-compatibility": SWITCH,
  "hash-max-listpack-entries": WHOLE,
  "hash-max-listpack-value": WHOLE,
  "hll-sparse-max-bytes": WHOLE,
  "latency-tracking": SWITCH,
  "lazyfree-lazy-eviction": SWITCH,
  "lazyfree-lazy-expire": SWITCH,
  "lazyfree-lazy-server-del": SWITCH,
  "lazyfree-lazy-user-del": SWITCH,
  "lfu-decay-time": WHOLE,
  "lfu-log-factor": WHOLE,
  "list-compress-depth": WHOLE,
  "maxmemory-policy": EVICTION,
  "maxmemory-samples": WHOLE,
  "min-replicas-max-lag": WHOLE,
  "min-replicas-to-write": WHOLE,
  "notify-keyspace-events": EVENTS,
  "proto-max-bulk-len": WHOLE,
  "rename-commands": {
    pattern: /^(\S+ \S+( \S+ \S+)*)?$/,
    allowed: "pairs of a command and its new name, with one blank between",
  },
  "repl-backlog-size": WHOLE,
  "repl-backlog-ttl": WHOLE,
  "reserved-memory": WHOLE,
  "reserved-memory-percent": PERCENT,
  "search-default-timeout-ms": WHOLE,
  "search-enable-partial-results": SWITCH,
  "search-fanout-target-mode": ["client", "throughput"],
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

/** Parameters that ElastiCache lists as not modifiable. Since Redis OSS 7, `activerehashing` is one of them. */
const FIXED = [
  ...["activerehashing", "appendfsync", "appendonly", "cluster-announce-ip", "cluster-databases"],
  ...["list-max-ziplist-size", "lua-time-limit", "maxclients", "maxmemory", "repl-timeout"],
  ...["replica-allow-chaining", "replica-ignore-maxmemory", "replica-lazy-flush"],
];

/** Families without a parameter of the list. Valkey 8 removed the `lazyfree` parameters, and added others. */
const NOT_IN: readonly { readonly families: RegExp; readonly parameters: RegExp }[] = [
  { families: /^valkey([89]|\d\d)/, parameters: /^lazyfree-/ },
  { families: /^(redis|valkey7)/, parameters: /^(commandlog-|search-|extended-redis-compatibility$)/ },
];

/** Whether AWS listed a parameter, as one that users can change or as one that they cannot. */
export function isListed(name: string): boolean {
  return Object.hasOwn(VALUES, name) || FIXED.includes(name);
}

/**
 * The values that a parameter allows in a family; undefined when it allows this one, or is not listed.
 * @param value - undefined for one that is known only after deployment.
 */
export function allowedValues(family: string, name: string, value: string | undefined): string | undefined {
  if (FIXED.includes(name)) return "no value: ElastiCache does not let users change it";
  if (NOT_IN.some(({ families, parameters }) => families.test(family) && parameters.test(name))) {
    return `no value: ${family} does not have it`;
  }
  const values = Object.hasOwn(VALUES, name) ? VALUES[name] : undefined;
  if (values === undefined || value === undefined) return undefined;
  if ("pattern" in values) return values.pattern.test(value) ? undefined : values.allowed;
  return values.includes(value) ? undefined : values.join(", ");
}
