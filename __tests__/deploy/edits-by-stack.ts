import type { Edit } from "./edits";
import type { Settings } from "./synthesize";
import { makeCertificate, makeDualStackNetwork, makeVisitors } from "./there-already";

const EVERYBODY = ["0.0.0.0/0"];
const instance = (more: Settings = {}) => ({ ec2: { allowedCidrs: EVERYBODY, ...more } });
const fleet = (more: Settings, ec2: Settings = {}) => instance({ ...ec2, fleet: more });
const ecs = (more: Settings) => ({ ...instance(), ecs: { http: true, allowedCidrs: EVERYBODY, ...more } });
const redis = (cache: Settings) => ({ ...instance(), redis: cache });
const IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app:0123456789abcdef-arm64";
const KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/0b4f9b62-7a2c-4c57-9d5e-6f6a0a4c1d11";
const SESSION_METRICS = { alarms: { sessionMetrics: true } };

/** Of a cache without shards, and of the one instance in front of it. */
export const INSTANCE_EDITS: readonly Edit[] = [
  { promise: "zone added", settings: { ...instance(), availabilityZones: ["a", "c", "d"] } },
  { promise: "replica added", settings: redis({ replicas: 2 }) },
  { promise: "last replica taken away", settings: redis({ replicas: 0 }) },
  { promise: "node type", settings: redis({ nodeType: "cache.m7g.large" }) },
  { promise: "node type with disks", settings: redis({ nodeType: "cache.r6gd.xlarge" }) },
  { promise: "Redis OSS to Valkey", settings: redis({ engine: "valkey-8.0" }) },
  { promise: "nodes to a serverless cache", settings: redis({ serverless: true }) },
  { promise: "another KMS key", settings: redis({ kmsKeyArn: KEY }) },
  { promise: "instance type", settings: instance({ instanceType: "t4g.medium" }) },
  { promise: "instance type of another processor", settings: instance({ instanceType: "t3.small" }) },
  { promise: "CPU credits", settings: instance({ cpuCredits: "standard" }) },
  { promise: "logs to CloudWatch", settings: instance({ logs: true }) },
  { promise: "session metrics", settings: { ...instance({ logs: true }), ...SESSION_METRICS } },
  { promise: "new bundle, one instance", settings: instance(), otherBundles: true },
  { promise: "tags", settings: { ...instance(), tags: { Team: "web" } } },
  {
    promise: "visitors by prefix list and security group",
    settings: async (aws) => instance(await makeVisitors(aws)),
  },
  { promise: "name", settings: { ...instance(), name: "other" } },
  { promise: "name, the state carried over", settings: { ...instance(), name: "other" }, carriesState: true },
];

/** From a serverless cache without limits, in zones a and c. */
export const SERVERLESS_EDITS: readonly Edit[] = [
  {
    promise: "limits of a serverless cache, set",
    settings: redis({ serverless: { dataStorageGb: { max: 5 }, ecpuPerSecond: { max: 20_000 } } }),
  },
  {
    promise: "zone added, serverless cache",
    settings: { ...redis({ serverless: true }), availabilityZones: ["a", "c", "d"] },
  },
  { promise: "major version of a serverless cache", settings: redis({ serverless: { engine: "valkey-9" } }) },
];

/** From a serverless cache of Redis OSS 7. */
export const SERVERLESS_REDIS_EDITS: readonly Edit[] = [
  {
    promise: "serverless cache, Redis OSS to Valkey",
    settings: { lambda: { allowedCidrs: EVERYBODY }, redis: { serverless: { engine: "valkey-7" } } },
  },
];

const shards = { shards: 3, replicas: 2 };

export const SHARD_EDITS: readonly Edit[] = [
  { promise: "shard added", settings: redis({ ...shards, shards: 4 }) },
  { promise: "replica of each shard added", settings: redis({ ...shards, replicas: 3 }) },
];

/** From dual stack. */
export const DUAL_STACK_EDITS: readonly Edit[] = [
  {
    promise: "network type",
    settings: async (aws) => ({
      ...redis({ engine: "valkey-9.1", nodeType: "cache.r8g.large", networkType: "ipv4" }),
      ...(await makeDualStackNetwork(aws)),
    }),
  },
];

/** From Valkey 7.2. */
export const VERSION_EDITS: readonly Edit[] = [
  { promise: "engine, major version", settings: redis({ engine: "valkey-8.0", replicas: 0, auth: "none" }) },
];

/** From Valkey 8.0. */
const valkey = (engine: string) => ({ ...redis({ engine, replicas: 2 }), nat: "single" });
export const VALKEY_EDITS: readonly Edit[] = [
  { promise: "engine, minor version", settings: valkey("valkey-8.1") },
  { promise: "engine, back", settings: valkey("valkey-7.2") },
];

/** From plain http. */
export const FLEET_EDITS: readonly Edit[] = [
  {
    promise: "plain http to https, fleet",
    settings: async (aws) => fleet({ certificateArn: await makeCertificate(aws) }),
  },
  { promise: "load balancer in private subnets, fleet", settings: fleet({ http: true, internal: true }) },
  {
    promise: "visitors by prefix list and security group, fleet",
    settings: async (aws) => fleet({ http: true }, await makeVisitors(aws)),
  },
  { promise: "instance type, fleet", settings: fleet({ http: true }, { instanceType: "t4g.medium" }) },
  { promise: "session metrics, fleet", settings: { ...fleet({ http: true }), ...SESSION_METRICS } },
  { promise: "no logs to CloudWatch, fleet", settings: fleet({ http: true }, { logs: false }) },
  { promise: "CPU credits, fleet", settings: fleet({ http: true }, { cpuCredits: "standard" }) },
];

const one = { key: "1", paths: ["/1", "/1/*"] };
const two = { key: "2", paths: ["/2", "/2/*"] };

/** From plain http, on Fargate, without an image. */
export const SERVICE_EDITS: readonly Edit[] = [
  { promise: "service added", settings: ecs({ services: [one, two, { key: "admin", paths: ["/admin/*"] }] }) },
  { promise: "image in place of the bundle", settings: ecs({ image: IMAGE }) },
  { promise: "session metrics, services", settings: { ...ecs({}), ...instance({ logs: true }), ...SESSION_METRICS } },
  { promise: "more tasks", settings: ecs({ services: [{ ...one, minTasks: 3 }, two] }) },
  {
    promise: "plain http to https, services",
    settings: async (aws) => ecs({ http: undefined, certificateArn: await makeCertificate(aws) }),
  },
  { promise: "load balancer in private subnets, services", settings: ecs({ internal: true }) },
  {
    promise: "visitors by prefix list and security group, services",
    settings: async (aws) => ecs(await makeVisitors(aws)),
  },
  { promise: "launch type", settings: ecs({ launchType: "EC2" }) },
];

const memcached = (nodes: number) => ({
  lambda: { allowedCidrs: EVERYBODY, tracing: true, photoCache: { engine: "memcached", nodes } },
});
export const MEMCACHED_EDITS: readonly Edit[] = [
  { promise: "memcached node added", settings: { nat: "none", ...memcached(4) } },
  {
    promise: "session metrics, function",
    settings: { nat: "none", ...memcached(3), ...instance({ logs: true }), ...SESSION_METRICS },
  },
];
