import { blocks, type Value } from "../../terraform/configuration";
import type { Change } from "../change";
import type { Moment, Plan } from "../plan";
import { type Consequence, calm, type Effect, each, effects, type TypeEffects } from "./effect";

const GROUPS = ["aws_elasticache_parameter_group", "aws_memorydb_parameter_group"];

/** Values by name; a parameter that is not set has the engine's default. */
type Parameters = ReadonlyMap<string, string>;

/**
 * Defaults of what is judged here.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const DEFAULTS: Parameters = new Map([
  ["maxmemory-policy", "volatile-lru"],
  ["reserved-memory-percent", "25"],
  ["timeout", "0"],
]);

/** Parameters of a pace or of a log: no session and no visitor depends on them. */
const CALM =
  /^(active(defrag|rehashing|-defrag-.*)|latency-tracking|lazyfree-.*|lfu-.*|list-.*|hash-max-.*|zset-max-.*|set-max-.*|stream-node-max-.*|maxmemory-samples|notify-keyspace-events|slowlog-.*|tcp-keepalive|tracking-table-max-keys|hll-.*|lua-time-limit|min-replicas-.*|repl-.*|slave-.*)$/;

function readParameters(value: Value | undefined): Parameters {
  return new Map(blocks(value).map(({ name, value }) => [String(name), String(value)]));
}

/** @returns undefined where a parameter is not known here */
function between(was: Parameters, is: Parameters): readonly Consequence[] | undefined {
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const found: Consequence[] = [];
  for (const name of names) {
    const [from, to] = [was, is].map((one) => one.get(name) ?? DEFAULTS.get(name));
    if (from === to || CALM.test(name)) continue;
    if (name === "maxmemory-policy" && from !== undefined && to !== undefined) found.push(...evicts(from, to));
    else if (name === "reserved-memory-percent" && from !== undefined && to !== undefined) {
      if (Number(to) > Number(from)) {
        found.push({
          kind: "sessions",
          what: `keeps ${to} % of its memory free in place of ${from}: sessions are evicted`,
        });
      }
    } else if (name === "timeout") {
      if (Number(to) > 0) found.push({ kind: "interruptions", what: `cuts connections that are idle for ${to} s` });
    } else return undefined;
  }
  return found;
}

/** Sessions have an end, so each `volatile` policy and each `allkeys` policy may take them when memory is full. */
function evicts(from: string, to: string): Consequence[] {
  if (to === "noeviction") {
    return [
      {
        kind: "interruptions",
        what: "evicts nothing (noeviction): when memory is full, logins and writes are refused",
      },
    ];
  }
  const isWider = from === "noeviction" || (from.startsWith("volatile-") && to.startsWith("allkeys-"));
  const isRandom = to.endsWith("-random") && !from.endsWith("-random");
  return isWider || isRandom
    ? [{ kind: "sessions", what: `evicts by ${to} in place of ${from}: when memory is full, sessions in use are lost` }]
    : [];
}

const changed: Effect = ({ before, after, unknown }) =>
  unknown.parameter === true ? undefined : between(readParameters(before?.parameter), readParameters(after?.parameter));

/** A cache that takes its parameters from another group; AWS' own groups have the defaults. */
export const parameterGroupSwapped: Effect = (change, plan) => {
  const [was, is] = (["before", "after"] as const).map((moment) => findParameters(change, plan, moment));
  return was === undefined || is === undefined ? undefined : between(was, is);
};

function findParameters(change: Change, plan: Plan, moment: Moment): Parameters | undefined {
  for (const type of GROUPS) {
    for (const target of plan.targets(change, "parameter_group_name", moment, type)) {
      const values = plan.at(target)?.[moment];
      if (values !== undefined) return withoutCluster(readParameters(values.parameter));
      if (target.startsWith("default.")) return new Map();
    }
  }
  return undefined;
}

/** The cache's own `cluster_mode` decides on it. */
function withoutCluster(parameters: Parameters): Parameters {
  return new Map([...parameters].filter(([name]) => name !== "cluster-enabled"));
}

const group = effects("AmazonElastiCache/latest/dg/ParameterGroups.Engine.html", {
  // A group in use cannot be deleted: what uses it has gone before, or AWS refuses.
  destroyed: calm,
  changed: { parameter: changed, ...each(["name", "family"], calm) },
});

/** Effects of changes to parameter groups of ElastiCache and MemoryDB, by resource type. */
export const REDIS_PARAMETERS: Readonly<Record<string, TypeEffects>> = Object.fromEntries(
  GROUPS.map((type) => [type, group]),
);
