import type { AppliedEdit } from "./applied-edits";
import type { StrictAws } from "./aws-double/start";
import { moveMinorVersions } from "./maintenance";
import type { Settings } from "./synthesize";
import { makeKeyPair } from "./there-already";

const EVERYBODY = ["0.0.0.0/0"];
const instance = { ec2: { allowedCidrs: EVERYBODY } };
const fleet = { ec2: { allowedCidrs: EVERYBODY, fleet: { http: true } } };
const zones = (...availabilityZones: string[]) => ({ availabilityZones });
const redis = (cache: Settings) => ({ ...instance, redis: cache });
const photoCache = (cache: Settings | null) => ({ lambda: { allowedCidrs: EVERYBODY, photoCache: cache } });

/** From one instance, in zones a and c. */
export const INSTANCE_APPLIED_EDITS: readonly AppliedEdit[] = [
  { promise: "no login to Redis", settings: redis({ auth: "none" }) },
  { promise: "login to Redis by IAM", settings: instance },
  { promise: "zone added", settings: { ...instance, ...zones("a", "c", "d") } },
  { promise: "zone without a node taken away", settings: { ...instance, ...zones("a", "c") } },
  {
    promise: "login to Redis by an existing user group",
    settings: async (aws) => redis({ existingUserGroup: await makeUserGroup(aws) }),
  },
];

/** From a fleet by http, in zones a and c. */
export const FLEET_APPLIED_EDITS: readonly AppliedEdit[] = [
  {
    promise: "load balancer in private subnets, fleet",
    settings: { ec2: { allowedCidrs: EVERYBODY, fleet: { http: true, internal: true } } },
  },
  { promise: "load balancer in public subnets, fleet", settings: fleet },
  { promise: "zone added, fleet", settings: { ...fleet, ...zones("a", "c", "d") } },
  { promise: "zone taken away, fleet", settings: { ...fleet, ...zones("a", "d") }, refused: "SubnetInUse" },
];

const fleetWith = (cache: Settings) => ({ ...fleet, redis: cache });
const compatible = { clusterMode: "compatible" };
const enabled = { clusterMode: "enabled" };

/** From a fleet by http, on a cache without shards. */
export const CLUSTER_MODE_APPLIED_EDITS: readonly AppliedEdit[] = [
  { promise: "shards in one step", settings: fleetWith({ shards: 3 }), refused: "refuses to skip a step" },
  { promise: "cluster mode compatible", settings: fleetWith(compatible) },
  {
    promise: "replica in mode compatible",
    settings: fleetWith({ ...compatible, replicas: 2 }),
    refused: "refuses every",
  },
  { promise: "cluster mode compatible, taken back", settings: fleetWith({ clusterMode: "disabled" }) },
  { promise: "cluster mode compatible", settings: fleetWith(compatible) },
  { promise: "cluster protocol", settings: fleetWith({ ...compatible, clusterProtocol: true }) },
  { promise: "shards in one step", settings: fleetWith({ ...enabled, shards: 2 }), refused: "refuses every" },
  { promise: "cluster mode enabled", settings: fleetWith(enabled) },
  { promise: "shard added", settings: fleetWith({ ...enabled, shards: 2 }) },
  { promise: "cluster mode enabled, taken back", settings: fleet, refused: "does not take cluster mode back" },
];

const shards = { shards: 3, replicas: 2, nodeType: "cache.m7g.large" };

/** From three shards with two replicas each. */
export const SHARD_APPLIED_EDITS: readonly AppliedEdit[] = [
  { promise: "scaling by load", settings: redis({ ...shards, scaling: { shards: { min: 2, max: 6 } } }) },
];

const valkey = (more: Settings = {}, engine = "valkey-8.0") => ({
  ...redis({ engine, replicas: 2, ...more }),
  nat: "single",
});

/** From Valkey 8.0 with two replicas. */
export const VALKEY_APPLIED_EDITS: readonly AppliedEdit[] = [
  { promise: "a newer minor version at AWS", settings: valkey(), atAws: moveMinorVersions },
  { promise: "replica taken away", settings: valkey({ replicas: 1 }) },
  { promise: "minor versions chosen by AWS", settings: valkey({ replicas: 1, autoMinorVersionUpgrade: true }) },
  {
    promise: "a newer minor version at AWS",
    settings: valkey({ replicas: 1, autoMinorVersionUpgrade: true }),
    atAws: moveMinorVersions,
  },
  {
    promise: "engine, while AWS chooses its minor versions",
    settings: valkey({ replicas: 1, autoMinorVersionUpgrade: true }, "valkey-8.2"),
    refused: "autoMinorVersionUpgrade",
  },
];

/** From a photo cache in Redis. */
export const FUNCTION_APPLIED_EDITS: readonly AppliedEdit[] = [
  { promise: "photo cache in memcached", settings: photoCache({ engine: "memcached" }) },
  { promise: "photo cache in Redis", settings: photoCache({ engine: "redis" }) },
  { promise: "photo cache taken away", settings: photoCache(null) },
];

/** From tasks with an image on instances, without NAT. The last edit replaces all resources. */
export function appliedEditsOfTasks(tasks: (more: Settings) => Settings): readonly AppliedEdit[] {
  const inside = { internal: true };
  const open = { ...inside, ssh: { keyName: "administrator", allowedCidrs: ["10.0.0.0/16"] } };
  const larger = tasks({ ...open, instances: { instanceType: "t4g.large" } });
  return [
    { promise: "load balancer in private subnets, services", settings: tasks(inside) },
    {
      promise: "SSH to the instances of tasks",
      settings: async (aws) => {
        await makeKeyPair(aws);
        return tasks(open);
      },
    },
    { promise: "instance type of tasks", settings: larger },
    { promise: "name, the state carried over", settings: { ...larger, name: "other" }, carriesState: true },
  ];
}

/** A user group that a company keeps itself, and its password. @returns the setting that names them. */
async function makeUserGroup({ aws }: StrictAws): Promise<Settings> {
  const user = ["--engine", "redis", "--no-password-required", "--access-string"];
  await aws("elasticache", "create-user", "--user-id", "their-default", "--user-name", "default", ...user, "off -@all");
  await aws("elasticache", "create-user", "--user-id", "their-app", "--user-name", "app", ...user, "on ~* +@all");
  const users = ["--user-ids", "their-default", "their-app"];
  await aws("elasticache", "create-user-group", "--user-group-id", "theirs", "--engine", "redis", ...users);
  const secret = await aws(
    "secretsmanager",
    "create-secret",
    "--name",
    "their-password",
    "--secret-string",
    "a-password",
  );
  return { userGroupId: "theirs", userName: "app", passwordSecretArn: secret.ARN };
}
