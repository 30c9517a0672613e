import type { Given } from "./fixtures";
import { line, type RefusedCommand } from "./refusal";

const COMBINATION = "InvalidParameterCombination";
const VALUE = "InvalidParameterValue";
let caches = 0;

/** A serverless cache with one thing that AWS refuses. */
const cache = (
  rule: string,
  what: string,
  says: string,
  options: (given: Given) => string,
  { engine = "valkey", name = `serverless-${++caches}` } = {},
): RefusedCommand =>
  line(
    rule,
    what,
    says,
    (given) =>
      `elasticache create-serverless-cache --serverless-cache-name ${name} --engine ${engine} ${options(given)}`,
  );

/** A change of a cache that is available. */
const change = (rule: string, what: string, options: string): RefusedCommand =>
  line(rule, what, COMBINATION, () => `elasticache modify-serverless-cache --serverless-cache-name ${options}`);

const limits = (limit: string) => () => `--cache-usage-limits ${limit}`;

/** The commands that ElastiCache Serverless refuses. */
export const SERVERLESS_REFUSALS: readonly RefusedCommand[] = [
  cache("serverless-name", "a serverless cache's name of 41 characters", VALUE, () => "", {
    name: "n".repeat(41),
  }),
  cache(
    "serverless-taken",
    "a serverless cache's name that is taken, in capitals",
    "ServerlessCacheAlreadyExistsFault",
    () => "",
    { name: "TAKEN" },
  ),
  cache("moto", "an engine that ElastiCache does not have", VALUE, () => "", { engine: "keydb" }),
  cache(
    "serverless-version",
    "a major version that ElastiCache does not have",
    VALUE,
    () => "--major-engine-version 6",
  ),
  cache("serverless-description", "a description of 256 characters", VALUE, () => `--description ${"d".repeat(256)}`),
  cache("serverless-retention", "snapshots that are kept for 36 days", VALUE, () => "--snapshot-retention-limit 36"),
  cache("serverless-snapshot-time", "a snapshot at 24:00", VALUE, () => "--daily-snapshot-time 24:00"),
  cache("serverless-limit", "0 GB of data", VALUE, limits("DataStorage={Maximum=0,Unit=GB}")),
  cache("serverless-limit", "999 ECPUs a second", VALUE, limits("ECPUPerSecond={Maximum=999}")),
  cache(
    "serverless-limits",
    "a lower limit of data above the upper one",
    COMBINATION,
    limits("DataStorage={Minimum=3,Maximum=2,Unit=GB}"),
  ),
  cache(
    "serverless-limits",
    "a lower limit of ECPUs above the upper one",
    COMBINATION,
    limits("ECPUPerSecond={Minimum=3000,Maximum=2000}"),
  ),
  cache("serverless-subnets", "a serverless cache in one subnet", VALUE, ({ a }) => `--subnet-ids ${a}`),
  cache(
    "serverless-zones",
    "a serverless cache in two subnets of one zone",
    VALUE,
    ({ a, interfaces }) => `--subnet-ids ${a} ${interfaces}`,
  ),
  cache(
    "serverless-vpcs",
    "a serverless cache in subnets of two VPCs",
    VALUE,
    ({ a, aloneToo }) => `--subnet-ids ${a} ${aloneToo}`,
  ),
  cache(
    "serverless-security-group",
    "a serverless cache with a security group there is none of",
    VALUE,
    () => "--security-group-ids sg-0",
  ),
  cache(
    "moto",
    "a serverless cache with a user group there is none of",
    "UserGroupNotFound",
    () => "--user-group-id no",
  ),
  cache(
    "serverless-memcached-group",
    "serverless memcached with a user group",
    COMBINATION,
    () => "--user-group-id valkey-users",
    { engine: "memcached" },
  ),
  cache(
    "serverless-group-engine",
    "serverless Redis with a user group of Valkey",
    COMBINATION,
    () => "--user-group-id valkey-users",
    { engine: "redis" },
  ),
  line(
    "serverless-state",
    "a change of a serverless cache that is still created",
    "InvalidServerlessCacheStateFault",
    () => "elasticache modify-serverless-cache --serverless-cache-name taken --description d",
  ),
  change("serverless-no-change", "a change of nothing", "serverless-a"),
  change(
    "serverless-one-field",
    "a description and a retention in one change",
    "serverless-b --description d --snapshot-retention-limit 1",
  ),
  change("serverless-engine", "Valkey back to Redis", "serverless-c --engine redis"),
  change("serverless-downgrade", "a lower major version", "serverless-d --major-engine-version 7"),
  line(
    "serverless-snapshot-taken",
    "a last snapshot of a serverless cache by a name that is taken",
    "ServerlessCacheSnapshotAlreadyExistsFault",
    () => "elasticache delete-serverless-cache --serverless-cache-name serverless-e --final-snapshot-name last",
  ),
];
