import { buildGroup } from "./fixtures";
import { line, type RefusedCommand } from "./refusal";

const COMBINATION = "InvalidParameterCombination";
const VALUE = "InvalidParameterValue";
const STATE = "InvalidReplicationGroupState";
const none = "-";
let groups = 0;

/** A replication group that is whole but for one thing. */
const group = (
  rule: string,
  what: string,
  says: string,
  change: Record<string, string>,
  id = `new-${++groups}`,
): RefusedCommand => ({
  rule,
  what,
  says,
  command: (given) => buildGroup(given, id, change),
});

const SHARDS = { "--num-cache-clusters": none, "--num-node-groups": "2", "--replicas-per-node-group": "1" };
const TOKEN = { "--auth-token": "a-token-of-16-or-more", "--user-group-ids": none };
const NO_TLS = { "--transit-encryption-enabled": none };
const PARAMETERS = "elasticache create-cache-parameter-group --description d --cache-parameter-group-name";
const USER = "elasticache create-user --engine redis --access-string on --user-id";
const USERS = "elasticache create-user-group --engine redis --user-group-id";
const CLUSTER =
  "elasticache create-cache-cluster --cache-node-type cache.t4g.micro --num-cache-nodes 1 --cache-cluster-id";

const MODIFY = "elasticache modify-replication-group --apply-immediately --replication-group-id";
const SHARD =
  "elasticache modify-replication-group-shard-configuration --apply-immediately --node-group-count 2 --replication-group-id";

/** A change of a group's cluster mode, with a parameter group. */
const mode = (rule: string, what: string, says: string, id: string, change = "", parameters = "sharded") =>
  line(rule, what, says, () => `${MODIFY} ${id} ${change} --cache-parameter-group-name ${parameters}`);

const LONG = "n".repeat(41);

/** The commands that ElastiCache refuses. */
export const CACHE_REFUSALS: readonly RefusedCommand[] = [
  group("group-name", "a replication group's name of 41 characters", VALUE, {}, LONG),
  group("group-taken", "a replication group's name that is taken", "ReplicationGroupAlreadyExists", {}, "group"),
  group("engine-version", "an engine version there is none of", COMBINATION, { "--engine-version": "7.9" }),
  group("family-of-engine", "a parameter group of another family", COMBINATION, {
    "--cache-parameter-group-name": "older",
  }),
  group("family-of-engine", "Valkey with a parameter group of Redis", COMBINATION, {
    "--engine": "valkey",
    "--engine-version": "8.0",
  }),
  group("cluster-parameter", "cluster mode without its parameter", COMBINATION, SHARDS),
  group("cluster-parameter-alone", "its parameter without cluster mode", COMBINATION, {
    "--cache-parameter-group-name": "sharded",
  }),
  group("cluster-failover", "cluster mode without failover", VALUE, {
    ...SHARDS,
    "--cache-parameter-group-name": "sharded",
    "--automatic-failover-enabled": none,
    "--no-automatic-failover-enabled": "",
  }),
  group("failover-alone", "failover of a single node", VALUE, { "--num-cache-clusters": "1" }),
  group("multi-az", "several zones without failover", COMBINATION, {
    "--multi-az-enabled": "",
    "--automatic-failover-enabled": none,
  }),
  group("token-and-group", "a token together with a user group", COMBINATION, {
    ...TOKEN,
    "--user-group-ids": "users",
  }),
  group("token-tls", "a token without TLS", COMBINATION, { ...TOKEN, ...NO_TLS }),
  group("token-text", "a token that is too short", VALUE, { ...TOKEN, "--auth-token": "short" }),
  group("iam-tls", "an IAM user without TLS", COMBINATION, NO_TLS),
  group("group-tls", "a user group without TLS", COMBINATION, { ...NO_TLS, "--user-group-ids": "no-iam" }),
  group("group-engine", "Redis with a user group of Valkey", COMBINATION, { "--user-group-ids": "valkey-users" }),
  group("node-type", "a node type that is none", VALUE, { "--cache-node-type": "t4g.micro" }),
  group("subnet-group-unknown", "a subnet group there is none of", "CacheSubnetGroupNotFoundFault", {
    "--cache-subnet-group-name": "none",
  }),
  group("cache-security-group-unknown", "a security group there is none of", VALUE, { "--security-group-ids": "sg-0" }),
  mode("mode-step", "cluster mode in one step", VALUE, "plain", "--cluster-mode enabled"),
  mode("mode-step", "cluster mode taken back", VALUE, "whole", "--cluster-mode disabled", "parameters"),
  mode(
    "mode-alone",
    "cluster mode together with a node type",
    COMBINATION,
    "mixed",
    "--cluster-mode compatible --cache-node-type cache.m7g.large",
  ),
  mode("mode-failover", "mode compatible of a single node", COMBINATION, "lonely", "--cluster-mode compatible"),
  mode(
    "mode-parameters",
    "mode compatible with a parameter group without cluster-enabled",
    COMBINATION,
    "group",
    "--cluster-mode compatible",
    "parameters",
  ),
  mode("mode-of-parameters", "a parameter group of another cluster mode", COMBINATION, "zones"),
  mode(
    "compatible-scaling",
    "another node type in mode compatible",
    STATE,
    "half",
    "--cache-node-type cache.m7g.large",
  ),
  line(
    "compatible-scaling",
    "a replica in mode compatible",
    STATE,
    () => "elasticache increase-replica-count --replication-group-id half --new-replica-count 2 --apply-immediately",
  ),
  line("compatible-scaling", "shards in mode compatible", STATE, () => `${SHARD} half`),
  line("shards-of-none", "shards without cluster mode", STATE, () => `${SHARD} unsharded`),
  line(
    "parameter-group-name",
    "a parameter group's name with two hyphens",
    VALUE,
    () => `${PARAMETERS} a--b --cache-parameter-group-family redis7`,
  ),
  line(
    "parameter-group-taken",
    "a parameter group's name that is taken",
    "CacheParameterGroupAlreadyExists",
    () => `${PARAMETERS} older --cache-parameter-group-family redis6.x`,
  ),
  line(
    "parameter-group-family",
    "a family there is none of",
    VALUE,
    () => `${PARAMETERS} new --cache-parameter-group-family redis9`,
  ),
  line(
    "parameter-unknown",
    "a parameter there is none of",
    VALUE,
    () =>
      "elasticache modify-cache-parameter-group --cache-parameter-group-name older --parameter-name-values ParameterName=port,ParameterValue=1",
  ),
  line("user-name", "a user's id with a dot", VALUE, () => `${USER} a.b --user-name a.b --no-password-required`),
  line(
    "iam-user-name",
    "an IAM user whose id is not its name",
    VALUE,
    () => `${USER} one --user-name other --authentication-mode Type=iam`,
  ),
  line(
    "default-user-missing",
    "a user group without a user named default",
    "DefaultUserRequired",
    () => `${USERS} new --user-ids app`,
  ),
  line(
    "user-name-twice",
    "a user group with two users of one name",
    "DuplicateUserName",
    () => `${USERS} twice --user-ids disabled disabled2`,
  ),
  line("user-group-name", "a user group's name of 41 characters", VALUE, () => `${USERS} ${LONG} --user-ids disabled`),
  line(
    "user-group-taken",
    "a user group's name that is taken",
    "UserGroupAlreadyExists",
    () => `${USERS} no-iam --user-ids disabled2`,
  ),
  line("cluster-name", "a cluster's name with an underscore", VALUE, () => `${CLUSTER} a_b --engine memcached`),
  line(
    "cluster-taken",
    "a cluster's name that is taken",
    "CacheClusterAlreadyExists",
    () => `${CLUSTER} nodes --engine memcached`,
  ),
  line("valkey-cluster", "Valkey without a replication group", VALUE, () => `${CLUSTER} new --engine valkey`),
];
