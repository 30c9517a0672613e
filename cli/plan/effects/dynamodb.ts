import { block, isTrue } from "../../terraform/configuration";
import { type Change, differs, ending } from "../change";
import { oncePerPlan } from "../once-per-plan";
import type { Plan } from "../plan";
import { type Effect, each, effects, interruption, interrupts, type TypeEffects, unjudged } from "./effect";

/** Types of resources that keep sessions in Redis. */
export const REDIS_STORES = [
  "aws_elasticache_replication_group",
  "aws_elasticache_serverless_cache",
  "aws_memorydb_cluster",
];

/** A table holds sessions where its name says so, or where the plan has no other store for them. */
function holdsSessions(change: Change, plan: Plan): boolean {
  const { name, hash_key } = change.before ?? {};
  const own = withoutPrefix(String(name), change, plan);
  return /sess|(^|_)sid($|_)/i.test(`${change.address} ${own} ${hash_key}`) || plan.of(...REDIS_STORES).length === 0;
}

/** So many resources of other types whose names begin with the same words have the name of a stack, not of a table. */
const STACK_SHARES = 3;

/** A table's name without the words that the names of the whole stack begin with, as `session-lambda-` of `session-lambda-photos`. */
function withoutPrefix(name: string, { type }: Change, plan: Plan): string {
  const counts = countByPrefix(plan);
  const count = (key: string) => counts.get(key) ?? 0;
  const shared = listPrefixes(name).filter((prefix) => count(prefix) - count(`${type} ${prefix}`) >= STACK_SHARES);
  return name.slice(shared.at(-1)?.length ?? 0);
}

/** The number of resources whose names begin with a prefix, and of those of one type. */
const countByPrefix = oncePerPlan((plan) => {
  const counts = new Map<string, number>();
  for (const { type, before, after } of plan.changes) {
    const values = before ?? after;
    const name = String(values?.name ?? values?.function_name ?? values?.replication_group_id);
    for (const key of listPrefixes(name).flatMap((prefix) => [prefix, `${type} ${prefix}`])) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
});

/** Prefixes of a name, the shortest first: `shop-` and `shop-web-` of `shop-web-photos`. */
function listPrefixes(name: string): string[] {
  return [...name.matchAll(/[-_]/g)].map(({ index }) => name.slice(0, index + 1));
}

const table: Effect = (change, plan) =>
  holdsSessions(change, plan)
    ? [{ kind: "sessions", what: `${ending(change)}: every item is lost, sessions among them` }]
    : [interruption(`${ending(change)}: every item is lost, and what reads it fails`)];

const capacity: Effect = (change, plan) =>
  ["read_capacity", "write_capacity"].some(
    (one) => differs(change, one) && Number(change.after?.[one]) < Number(change.before?.[one]),
  )
    ? interrupts("takes fewer requests a second: further requests are refused")(change, plan)
    : [];

/** On demand, a table takes all requests; provisioned, those of its capacity. */
const billing: Effect = ({ after }) =>
  after?.billing_mode === "PROVISIONED"
    ? [interruption("takes the requests of its capacity alone (PROVISIONED): further requests are refused")]
    : [];

const backups: Effect = ({ before, after }) =>
  isTrue(block(before?.point_in_time_recovery).enabled) && !isTrue(block(after?.point_in_time_recovery).enabled)
    ? [{ kind: "sessions", what: "is backed up no more: nothing to go back to" }]
    : [];

const expiry: Effect = ({ before, after }) => {
  const [was, is] = [before, after].map((values) => block(values?.ttl));
  if (isTrue(is?.enabled) && was?.attribute_name !== is?.attribute_name) {
    return [
      {
        kind: "sessions",
        what: `deletes items by the time in ${is?.attribute_name}: items whose time has passed are lost`,
      },
    ];
  }
  return [];
};

/** Effects of changes to tables of DynamoDB, by resource type. */
export const DYNAMODB: Readonly<Record<string, TypeEffects>> = {
  aws_dynamodb_table: effects("amazondynamodb/latest/APIReference/API_UpdateTable.html", {
    destroyed: table,
    calm: ["deletion_protection_enabled", "table_class", "server_side_encryption", "attribute"],
    changed: {
      billing_mode: billing,
      ...each(["read_capacity", "write_capacity"], capacity),
      ...each(["stream_enabled", "stream_view_type", "on_demand_throughput"], unjudged),
      point_in_time_recovery: backups,
      ttl: expiry,
      global_secondary_index: unjudged,
    },
  }),
  aws_dynamodb_table_item: effects("amazondynamodb/latest/developerguide/WorkingWithItems.html", {
    destroyed: unjudged,
  }),
};
