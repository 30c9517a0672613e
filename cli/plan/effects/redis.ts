import { findMemoryGib } from "../../../modules/elasticache/node-types";
import { isTrue, texts, type Values } from "../../terraform/configuration";
import { countRedisNodes } from "../../terraform/redis-nodes";
import { type Change, differs, ending, ends } from "../change";
import { clusterMode, scalingInCompatible } from "./cluster-mode";
import {
  all,
  type Consequence,
  calm,
  type Effect,
  each,
  effects,
  interruption,
  sessions,
  type TypeEffects,
} from "./effect";
import { groupsSwapped } from "./groups";
import { goneFrom } from "./lists";
import { encrypted, password, users } from "./redis-access";
import { parameterGroupSwapped } from "./redis-parameters";

const NODE = "aws_elasticache_cluster";
/** Arguments that name the snapshot a store is made from. */
const SNAPSHOTS = ["snapshot_name", "snapshot_arns", "snapshot_arns_to_restore"];
const QUARTER = "the new one is there, a quarter of an hour";

/** Memcached holds a cache, and no session of this project's app. */
function isMemcached({ type, before, after }: Change): boolean {
  return type === NODE && (before ?? after)?.engine === "memcached";
}

/** A store's sessions are gone with it, less those in a snapshot. */
export const lost: Effect = (change) => {
  const { before, after } = change;
  const restored = SNAPSHOTS.flatMap((argument) => texts(after?.[argument])).find((name) => name !== "");
  if (ends(change) && change.action === "replace" && restored !== undefined) {
    return [sessions(`${ending(change)}: sessions newer than the snapshot ${restored} are lost`)];
  }
  const kept = before?.final_snapshot_identifier ?? before?.final_snapshot_name;
  return [
    sessions(`${ending(change)}: every session is lost${kept ? `; the snapshot ${kept} keeps what there was` : ""}`),
  ];
};

const down: Effect = (change) => {
  const until = change.createsFirst ? "the new one is there before the old one goes" : `down until ${QUARTER}`;
  return [interruption(`${ending(change)}: ${change.action === "delete" ? NO_MORE : until}`)];
};
const NO_MORE = "its clients get no answers";

/**
 * Replicas, failover and shards of a store that stays. Where fewer shards have no room, AWS stops half-way and deletes nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/best-practices-online-resharding.html
 */
const availability: Effect = ({ before = {}, after = {}, unknown }) => {
  const [was, is] = [countRedisNodes(before), countRedisNodes({ ...after, ...unknownAsBefore(before, unknown) })];
  const found: Consequence[] = [];
  if (was.perShard > 1 && is.perShard === 1) {
    found.push(sessions("keeps no replica: when a node fails, the sessions on it are lost"));
  } else if (isTrue(before.automatic_failover_enabled) && !isTrue(after.automatic_failover_enabled)) {
    found.push(
      sessions("fails over no more: when the primary fails, no session is found until a replica is promoted by hand"),
    );
  } else if (isTrue(before.multi_az_enabled) && after.multi_az_enabled === false) {
    found.push(sessions("may have all its nodes in one zone: when that fails, the sessions on it are lost"));
  }
  if (is.shards < was.shards) {
    found.push(
      sessions(
        `goes from ${was.shards} to ${is.shards} shards: they hold fewer sessions, and evict some once they are full`,
      ),
      interruption("moves its slots online: commands are slower, and links are made again"),
    );
  }
  if (is.shards > was.shards) found.push(interruption("moves slots to its new shards online: commands are slower"));
  return found;
};

/** A number that only the provider works out is taken as it was. */
function unknownAsBefore(before: Values, unknown: Values): Values {
  const names = ["num_cache_clusters", "num_node_groups", "replicas_per_node_group"].filter((one) => unknown[one]);
  return Object.fromEntries(names.map((name) => [name, before[name] ?? null]));
}

/** A warning where a cache stops taking snapshots. */
export const snapshots: Effect = ({ before, after }) =>
  before?.snapshot_retention_limit && !after?.snapshot_retention_limit
    ? [sessions("takes no snapshots any more: nothing to go back to")]
    : [];

/**
 * In place, ElastiCache keeps what a group holds; its primary changes, and writes fail for as long.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.HowTo.html
 */
export const inPlace: Effect = (change) => {
  const { after } = change;
  const engine = differs(change, "engine") || differs(change, "engine_version");
  const becomes = [
    ...(engine ? [`becomes ${after?.engine} ${after?.engine_version}`] : []),
    ...(differs(change, "node_type") ? [`moves to ${after?.node_type}`] : []),
  ];
  if (becomes.length === 0) return [];
  const when = isTrue(after?.apply_immediately) ? "" : " in its next maintenance window";
  return [
    interruption(`${becomes.join(" and ")} in place${when}: AWS keeps the sessions, connections break for seconds`),
  ];
};

/** Fewer gigabytes hold fewer sessions: ElastiCache evicts the rest, or refuses the change. */
export const memory: Effect = ({ before, after }) => {
  const [was, is] = [before?.node_type, after?.node_type].map((type) => findMemoryGib(String(type)));
  if (was === undefined || is === undefined) {
    const [from, to] = [before?.node_type, after?.node_type].map((type) => rankSize(String(type)));
    // A type that is not listed here: the same size of another family may hold less.
    return from === undefined || to === undefined || to <= from ? undefined : [];
  }
  if (is >= was) return [];
  return [sessions(`holds ${is} GiB in place of ${was} (${after?.node_type}): sessions beyond that are evicted`)];
};

function rankSize(nodeType: string): number | undefined {
  const [, , size = ""] = nodeType.split(".");
  const many = /^(\d+)xlarge$/.exec(size)?.[1];
  const at = ["micro", "small", "medium", "large", "xlarge"].indexOf(size);
  return many !== undefined ? 4 + Number(many) : at < 0 ? undefined : at;
}

/** Once AWS has moved the cache, a version in the configuration is older and replaces it. */
const minorVersions: Effect = ({ after }) =>
  isTrue(after?.auto_minor_version_upgrade)
    ? [{ kind: "note", what: "takes minor versions as AWS brings them: a lower engine_version replaces it later" }]
    : [];

const rebooted =
  (what: string): Effect =>
  () => [interruption(what)];
/** Effect of the end of a cache: its sessions are lost, and the app is down. */
export const ofGroup = all(lost, down);
const REDIS_CALM = [
  "apply_immediately",
  "maintenance_window",
  "snapshot_window",
  "snapshot_name",
  "snapshot_arns",
  "final_snapshot_identifier",
  "log_delivery_configuration",
  "notification_topic_arn",
  "preferred_cache_cluster_azs",
  "member_clusters",
];

/** Members are counted with their group; Memcached holds no session. */
const ofNode: Effect = (change, plan) => {
  if (change.before?.replication_group_id) return [];
  if (isMemcached(change)) return [interruption(`${ending(change)}: its cached data is lost; it holds no sessions`)];
  return ofGroup(change, plan);
};

/**
 * An upgrade of Memcached's engine clears the cache.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html
 */
const nodeChanged: Effect = (change, plan) => {
  if (change.before?.replication_group_id) return [];
  if (!isMemcached(change)) return all(inPlace, ...(differs(change, "node_type") ? [memory] : []))(change, plan);
  if (differs(change, "engine_version")) {
    return [interruption("gets another engine version: its cached data is lost; it holds no sessions")];
  }
  return differs(change, "num_cache_nodes")
    ? [interruption("changes its nodes: part of the keys are missed once")]
    : undefined;
};

/** Zones or subnets that a cache leaves. */
export const subnets: Effect = (change, plan) => {
  const left = goneFrom(change, plan, "subnet_ids", "aws_subnet");
  if (left.length === 0) return [];
  return [
    interruption(
      `gives up ${left.join(", ")}: AWS refuses that while a cache node is there, and the apply stops half-way`,
    ),
  ];
};

const global: Effect = () => [
  sessions("is no longer copied to its other regions: sessions that only those hold are lost with them"),
];

/** Effects of changes to ElastiCache, by resource type. */
export const REDIS: Readonly<Record<string, TypeEffects>> = {
  aws_elasticache_replication_group: effects("AmazonElastiCache/latest/APIReference/API_ModifyReplicationGroup.html", {
    destroyed: ofGroup,
    calm: REDIS_CALM,
    changed: {
      ...each(
        ["num_cache_clusters", "num_node_groups", "replicas_per_node_group"],
        all(availability, scalingInCompatible),
      ),
      ...each(["automatic_failover_enabled", "multi_az_enabled"], availability),
      ...each(["engine", "engine_version"], all(inPlace, scalingInCompatible)),
      node_type: all(inPlace, memory, scalingInCompatible),
      ...each(["transit_encryption_enabled", "transit_encryption_mode"], encrypted),
      snapshot_retention_limit: snapshots,
      parameter_group_name: parameterGroupSwapped,
      user_group_ids: users,
      ...each(["auth_token", "auth_token_update_strategy"], password),
      security_group_ids: groupsSwapped,
      cluster_mode: clusterMode,
      auto_minor_version_upgrade: minorVersions,
      ip_discovery: rebooted("hands out addresses of another kind: links are made again"),
    },
  }),
  [NODE]: effects("AmazonElastiCache/latest/APIReference/API_ModifyCacheCluster.html", {
    destroyed: ofNode,
    calm: [...REDIS_CALM, "preferred_availability_zones", "az_mode"],
    changed: {
      ...each(["engine", "engine_version", "node_type", "num_cache_nodes"], nodeChanged),
      snapshot_retention_limit: snapshots,
      parameter_group_name: parameterGroupSwapped,
      security_group_ids: groupsSwapped,
      auto_minor_version_upgrade: minorVersions,
    },
  }),
  aws_elasticache_global_replication_group: effects("AmazonElastiCache/latest/dg/Redis-Global-Datastore.html", {
    destroyed: global,
    calm: ["global_replication_group_description"],
    changed: {
      ...each(["engine_version", "cache_node_type"], (change, plan) =>
        change.after?.cache_node_type !== change.before?.cache_node_type ? undefined : inPlace(change, plan),
      ),
      num_node_groups: availability,
      automatic_failover_enabled: availability,
    },
  }),
  aws_elasticache_subnet_group: effects("AmazonElastiCache/latest/dg/SubnetGroups.Modifying.html", {
    destroyed: calm,
    changed: { subnet_ids: subnets },
  }),
};
