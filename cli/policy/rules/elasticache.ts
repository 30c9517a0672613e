import { mayHaveSuccessor } from "../../../modules/elasticache/engine-versions";
import { block, blocks, isTrue, namesAtLeast, type Resource, texts, type Values } from "../../terraform/configuration";
import { countRedisNodes } from "../../terraform/redis-nodes";
import type { Rule } from "../rule";

const GROUP = ["aws_elasticache_replication_group"];
const CLUSTER = ["aws_elasticache_cluster"];
const USER = ["aws_elasticache_user"];

const SERVERLESS = "aws_elasticache_serverless_cache";
const NO_USER_GROUP = "admits every client that reaches it: it has no user group";
/** `aws_elasticache_cluster` has no argument for either. */
const ONLY_GROUP = "only an aws_elasticache_replication_group can have it";
/**
 * The id of the user that every account has: on, without a password, all keys and all commands.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
const OPEN_DEFAULT = "default";
/** Also to read alone, or to write alone: https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/ */
const ALL_KEYS = /^(allkeys|(%[rw]+)?~\*+)$/;

/** Rules for ElastiCache groups, clusters, serverless caches and users. AWS encrypts each serverless cache, at rest and in transit. */
export const elasticacheRules: readonly Rule[] = [
  {
    id: "redis-encrypted-at-rest",
    also: "ElastiCache.4, CKV_AWS_29",
    on: [...GROUP, ...CLUSTER],
    finds({ type, values }) {
      if (isSingleRedis(type, values)) return `is not encrypted at rest: ${ONLY_GROUP}`;
      if (type !== GROUP[0] || isSecondary(values)) return undefined;
      // https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/elasticache_replication_group
      const isEncrypted = values.at_rest_encryption_enabled ?? values.engine === "valkey";
      return isTrue(isEncrypted) ? undefined : "is not encrypted at rest";
    },
  },
  {
    id: "redis-encrypted-in-transit",
    also: "ElastiCache.5, CKV_AWS_30",
    on: [...GROUP, ...CLUSTER],
    finds({ type, values }) {
      if (isSingleRedis(type, values)) {
        return isTrue(values.transit_encryption_enabled) ? undefined : "is not encrypted in transit";
      }
      if (type !== GROUP[0] || isSecondary(values)) return undefined;
      if (!isTrue(values.transit_encryption_enabled)) return "is not encrypted in transit";
      return values.transit_encryption_mode === "preferred" ? "takes connections without TLS too" : undefined;
    },
  },
  {
    id: "redis-fails-over",
    also: "ElastiCache.3, CKV2_AWS_50",
    on: GROUP,
    finds(group) {
      const { perShard, shards } = countRedisNodes(group.values);
      if (perShard < 2 && shards < 2) return undefined;
      const { automatic_failover_enabled, multi_az_enabled } = group.values;
      if (!isTrue(automatic_failover_enabled)) return "has replicas and no automatic failover";
      return isTrue(multi_az_enabled) || perShard < 2 ? undefined : "has replicas and may keep all in one zone";
    },
  },
  {
    id: "redis-users",
    also: "ElastiCache.6, CKV_AWS_31",
    on: [...GROUP, ...CLUSTER, SERVERLESS],
    finds(cache) {
      const { type, values } = cache;
      if (isSingleRedis(type, values)) return `admits every client that reaches it: ${ONLY_GROUP}`;
      if (type === CLUSTER[0]) return undefined;
      if (type === SERVERLESS) {
        if (values.engine === "memcached" || namesAtLeast(1, cache, "user_group_id")) return undefined;
        return NO_USER_GROUP;
      }
      const { auth_token } = values;
      if (auth_token !== undefined && auth_token !== null) return "has one password for all, which is in the state";
      return namesAtLeast(1, cache, "user_group_ids") ? undefined : NO_USER_GROUP;
    },
  },
  {
    id: "redis-serverless-own-security-group",
    on: [SERVERLESS],
    // https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateServerlessCache.html
    finds: (cache) => unlessNamed(cache, "security_group_ids", "is in the default security group of its VPC"),
  },
  {
    id: "redis-user-group-without-open-default",
    on: ["aws_elasticache_user_group", "aws_elasticache_user_group_association"],
    finds: ({ values }) =>
      [values.user_ids, values.user_id].flatMap(texts).includes(OPEN_DEFAULT)
        ? "has AWS' own user default, which admits every client without a password to every command"
        : undefined,
  },
  {
    id: "redis-own-subnet-group",
    also: "ElastiCache.7",
    on: [...GROUP, ...CLUSTER, SERVERLESS],
    finds: (cache) =>
      cache.type === SERVERLESS
        ? unlessNamed(cache, "subnet_ids", "is in the subnets of the account's default VPC")
        : notOwn(cache, "subnet_group_name", "the default subnet group"),
  },
  {
    id: "redis-minor-upgrades",
    also: "ElastiCache.2",
    on: GROUP,
    finds({ values }) {
      const { engine, engine_version, auto_minor_version_upgrade } = values;
      if (isTrue(auto_minor_version_upgrade)) return undefined;
      // After an upgrade by AWS, the next plan would replace a cache with a pinned version.
      const isPinned =
        typeof engine_version === "string" && mayHaveSuccessor(String(engine ?? "redis"), engine_version);
      return isPinned ? undefined : "takes no minor upgrades, fixes of security included";
    },
  },
  {
    id: "redis-evicts-what-expires",
    on: GROUP,
    finds(group, configuration) {
      const own = configuration.behind(group, "parameter_group_name", "aws_elasticache_parameter_group");
      if (own.length === 0) return "has the default parameter group";
      const policies = own
        .flatMap(({ values }) => blocks(values.parameter))
        .filter((p) => p.name === "maxmemory-policy");
      const fine = policies.length > 0 && policies.every(({ value }) => String(value).startsWith("volatile-"));
      return fine ? undefined : "may evict keys that never expire, or none at all, when memory is full";
    },
  },
  {
    id: "redis-slow-log",
    on: GROUP,
    finds: ({ values }) =>
      blocks(values.log_delivery_configuration).some((log) => log.log_type === "slow-log")
        ? undefined
        : "delivers no slow log",
  },
  {
    id: "redis-log-groups-apart",
    on: GROUP,
    finds({ values }) {
      const groups = blocks(values.log_delivery_configuration).map(({ destination }) => String(destination));
      return new Set(groups).size < groups.length ? "delivers two logs to one log group" : undefined;
    },
  },
  {
    id: "redis-snapshots",
    also: "ElastiCache.1, CKV_AWS_134",
    on: [...GROUP, SERVERLESS],
    finds: ({ type, values }) =>
      (type === SERVERLESS && values.engine === "memcached") || Number(values.snapshot_retention_limit ?? 0) >= 1
        ? undefined
        : "keeps no snapshot",
  },
  {
    id: "redis-cluster-mode-parameter",
    on: GROUP,
    finds(group, configuration) {
      if (countRedisNodes(group.values).shards < 2) return undefined;
      const own = configuration.behind(group, "parameter_group_name", "aws_elasticache_parameter_group");
      const isOn = own
        .flatMap(({ values }) => blocks(values.parameter))
        .some(({ name, value }) => name === "cluster-enabled" && value === "yes");
      return isOn ? undefined : "has shards and a parameter group without cluster-enabled";
    },
  },
  {
    id: "redis-user-limited",
    on: USER,
    finds({ values }) {
      const words = String(values.access_string).toLowerCase().split(/\s+/);
      if (!isOn(words)) return undefined;
      if (values.user_name === "default") return "is the user of clients that name none, and it is on";
      if (words.some((word) => ALL_KEYS.test(word))) return "may touch all keys";
      const isWide = words.some((word) => ["allcommands", "+@all", "+@admin", "+@dangerous"].includes(word));
      return isWide ? "may run all commands, or dangerous ones" : undefined;
    },
  },
  {
    id: "redis-user-no-password-in-state",
    on: USER,
    finds({ values }) {
      const given = [values.passwords, block(values.authentication_mode).passwords].some((p) => texts(p).length > 0);
      return given ? "has its password in the state" : undefined;
    },
  },
  {
    id: "redis-user-authenticates",
    on: USER,
    finds({ values }) {
      if (!isOn(String(values.access_string).toLowerCase().split(/\s+/))) return undefined;
      const { type } = block(values.authentication_mode);
      const isOpen = isTrue(values.no_password_required) || type === "no-password-required";
      return isOpen ? "logs in without a password" : undefined;
    },
  },
  {
    id: "memcached-encrypted-in-transit",
    on: CLUSTER,
    finds: ({ values }) =>
      values.engine === "memcached" && !isTrue(values.transit_encryption_enabled)
        ? "is not encrypted in transit"
        : undefined,
  },
];

/** Whether a user may log in: the last of both words counts, and a string with neither is off. */
function isOn(words: readonly string[]): boolean {
  return words.filter((word) => word === "on" || word === "off").at(-1) === "on";
}

/** A cluster of Redis or Valkey that is no member of a replication group. */
function isSingleRedis(type: string, { engine, replication_group_id }: Values): boolean {
  return type === CLUSTER[0] && engine !== "memcached" && !replication_group_id;
}

/** The provider takes no encryption for it: its global datastore decides. */
function isSecondary({ global_replication_group_id }: Values): boolean {
  return typeof global_replication_group_id === "string" && global_replication_group_id !== "";
}

function unlessNamed(resource: Resource, argument: string, what: string): string | undefined {
  return namesAtLeast(1, resource, argument) ? undefined : what;
}

function notOwn({ values, refersTo }: Resource, argument: string, what: string): string | undefined {
  if (refersTo(argument).length > 0) return undefined;
  const name = values[argument];
  return typeof name === "string" && !name.startsWith("default") ? undefined : `uses ${what}`;
}
