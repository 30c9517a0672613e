import type { Values } from "../../terraform/configuration";
import { type End, type Limited, readUsageLimit } from "../../terraform/usage-limits";
import { ending } from "../change";
import {
  all,
  type Consequence,
  type Effect,
  each,
  effects,
  interruption,
  isOther,
  isUnknown,
  sessions,
  type TypeEffects,
} from "./effect";
import { groupsSwapped } from "./groups";
import { lost, snapshots } from "./redis";
import { users } from "./redis-access";

const STOPS = "AWS refuses the request, and the apply stops half-way";

/** Serverless memcached holds a cache, and no session of this project's app. */
const ended: Effect = (change, plan) => {
  const { before, action } = change;
  if (before?.engine === "memcached") {
    return [interruption(`${ending(change)}: its cached data is lost; it holds no sessions`)];
  }
  const until = change.createsFirst
    ? "the new one is there before the old one goes"
    : "down until the new one is there, minutes";
  const down = interruption(`${ending(change)}: ${action === "delete" ? "its clients get no answers" : until}`);
  return [...(lost(change, plan) ?? []), down];
};

/**
 * Arguments of which ModifyServerlessCache takes one a request. Provider 5.100 sends all that differ in one.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/43862
 */
const FIELDS = [
  ["description"],
  ["cache_usage_limits"],
  ["user_group_id"],
  ["security_group_ids"],
  ["snapshot_retention_limit"],
  ["daily_snapshot_time"],
  ["engine", "major_engine_version"],
];

const oneField: Effect = (change) => {
  const changed = FIELDS.flatMap((names) => names.find((name) => isOther(change, name)) ?? []);
  if (changed.length < 2) return [];
  return [
    interruption(
      `changes ${changed.join(", ")} at once: provider 5.100 sends them in one request, and AWS takes one of them a request, ${STOPS}`,
    ),
  ];
};

/**
 * An argument that is taken away. Provider 5.100 sends nothing in its place.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/42766
 */
const takenAway =
  (argument: string): Effect =>
  ({ before, after, unknown }) =>
    isSet(before?.[argument]) && !isSet(after?.[argument]) && !isUnknown(unknown[argument])
      ? [interruption(`no longer has ${argument}: provider 5.100 sends an empty request, ${STOPS}`)]
      : [];

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== "";
}

/** A limit that a cache has; an upper one that is missing is endless. */
function readLimit(values: Values | undefined, what: Limited, end: End): number {
  return readUsageLimit(values, what, end) ?? (end === "maximum" ? Number.POSITIVE_INFINITY : 0);
}

/**
 * At the upper limit of data, ElastiCache evicts sessions, and refuses writes once it has nothing to evict. Lower limits hold capacity
 * ready for a peak, and AWS bills them.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html
 */
const limits: Effect = ({ before, after, unknown }) => {
  if (isUnknown(unknown.cache_usage_limits)) return undefined;
  const isLower = (what: Limited, end: End) => readLimit(after, what, end) < readLimit(before, what, end);
  const data = readLimit(after, "data_storage", "maximum");
  const ecpus = readLimit(after, "ecpu_per_second", "maximum");
  return [
    ...(isLower("data_storage", "maximum")
      ? [sessions(`holds ${data} GB at most: sessions beyond that are evicted`)]
      : []),
    ...(isLower("ecpu_per_second", "maximum")
      ? [interruption(`does ${ecpus} ECPU a second at most: further commands are throttled`)]
      : []),
    ...(isLower("data_storage", "minimum") || isLower("ecpu_per_second", "minimum") ? [LESS_READY] : []),
  ];
};
const LESS_READY: Consequence = {
  kind: "note",
  what: "keeps less capacity ready: a sudden peak waits until it has scaled",
};

/** In place only from Redis OSS to Valkey; provider 5.100 replaces the cache for every other change of them. */
const upgraded: Effect = ({ after }) => [
  interruption(`becomes ${after?.engine} ${after?.major_engine_version ?? ""} in place: connections break for seconds`),
];

/**
 * Effects of changes to ElastiCache Serverless, by resource type.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/elasticache/serverless_cache.go
 */
export const SERVERLESS: Readonly<Record<string, TypeEffects>> = {
  aws_elasticache_serverless_cache: effects("AmazonElastiCache/latest/APIReference/API_ModifyServerlessCache.html", {
    destroyed: ended,
    changed: {
      cache_usage_limits: all(limits, takenAway("cache_usage_limits"), oneField),
      user_group_id: all(users, takenAway("user_group_id"), oneField),
      security_group_ids: all(groupsSwapped, oneField),
      snapshot_retention_limit: all(snapshots, oneField),
      ...each(["daily_snapshot_time", "description"], oneField),
      ...each(["engine", "major_engine_version"], all(upgraded, oneField)),
    },
  }),
};
