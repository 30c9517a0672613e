import type { AppliedEdit } from "./applied-edits";
import {
  appliedEditsOfTasks,
  CLUSTER_MODE_APPLIED_EDITS,
  FLEET_APPLIED_EDITS,
  FUNCTION_APPLIED_EDITS,
  INSTANCE_APPLIED_EDITS,
  SHARD_APPLIED_EDITS,
  VALKEY_APPLIED_EDITS,
} from "./applied-edits-by-stack";
import type { StrictAws } from "./aws-double/start";
import type { Edit } from "./edits";
import {
  DUAL_STACK_EDITS,
  FLEET_EDITS,
  INSTANCE_EDITS,
  MEMCACHED_EDITS,
  SERVERLESS_EDITS,
  SERVERLESS_REDIS_EDITS,
  SERVICE_EDITS,
  SHARD_EDITS,
  VALKEY_EDITS,
  VERSION_EDITS,
} from "./edits-by-stack";
import { FLEET_ROTATIONS, FUNCTION_ROTATIONS, SERVICE_ROTATIONS } from "./rotations-by-stack";
import type { Drill } from "./running/drills";
import type { Rotation } from "./running/rotations";
import type { Settings } from "./synthesize";
import { makeCertificate, makeDualStackNetwork, makeKeyPair, makeNetworkAndCache } from "./there-already";

/** One stack with one choice of settings: what is deployed and taken down twice. */
export interface Variant {
  readonly stack: string;
  readonly name: string;
  /** The differences from cdktf.json, or a function that creates resources in the double and returns them. */
  readonly settings: Settings | ((aws: StrictAws) => Promise<Settings>);
  /** Edits planned on the applied stack, and compared with what docs/upgrades.md promises of each. */
  readonly edits?: readonly Edit[];
  /** Edits planned and applied, in this order, each on what the one before it left; the last of all. */
  readonly appliedEdits?: readonly AppliedEdit[];
  /** Whether `npm run verify` goes through it without `--all`. @default false */
  readonly core?: boolean;
  /** Whether what AWS would start is started, and a visitor goes through it. @default false */
  readonly used?: boolean;
  /** The rotations, in this order, while visitors come. */
  readonly rotations?: readonly Rotation[];
  /** The drills, in this order, while visitors come. */
  readonly drills?: readonly Drill[];
}

const EVERYBODY = ["0.0.0.0/0"];
const single = { ec2: { allowedCidrs: EVERYBODY } };
const fleet = (more: Settings) => ({ ec2: { allowedCidrs: EVERYBODY, fleet: more } });
const shards = { shards: 3, replicas: 2 };
const ecs = (more: Settings) => ({ ...single, ecs: { http: true, allowedCidrs: EVERYBODY, ...more } });
const functions = (more: Settings = {}) => ({ lambda: { allowedCidrs: EVERYBODY, ...more } });
const memcached = (nodes: number) => functions({ tracing: true, photoCache: { engine: "memcached", nodes } });
const IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app:0123456789abcdef-arm64";
const openImage = { image: IMAGE, executeCommand: true, readonlyRootFilesystem: false };
/** Tasks with a shell, without NAT. */
const openTasks = (more: Settings) => ({ ...ecs({ ...openImage, ...more }), nat: "none" });
const onInstances = (more: Settings) => openTasks({ launchType: "EC2", ...more });

/** A further stack or variant is a line here. */
export const VARIANTS: readonly Variant[] = [
  {
    stack: "session-ec2",
    name: "default",
    settings: single,
    edits: INSTANCE_EDITS,
    used: true,
    core: true,
    appliedEdits: INSTANCE_APPLIED_EDITS,
  },
  {
    stack: "session-ec2",
    name: "cluster-mode",
    settings: { ...single, redis: shards },
    edits: SHARD_EDITS,
    appliedEdits: SHARD_APPLIED_EDITS,
    used: true,
    core: true,
  },
  {
    stack: "session-ec2",
    name: "fleet-http",
    settings: fleet({ http: true }),
    edits: FLEET_EDITS,
    appliedEdits: FLEET_APPLIED_EDITS,
  },
  {
    stack: "session-ec2",
    name: "into-shards",
    settings: fleet({ http: true }),
    appliedEdits: CLUSTER_MODE_APPLIED_EDITS,
  },
  {
    stack: "session-ec2",
    name: "fleet-https",
    settings: async (aws) => ({ ...fleet({ certificateArn: await makeCertificate(aws) }), nat: "single" }),
    used: true,
    core: true,
    rotations: FLEET_ROTATIONS,
    drills: ["a zone gone"],
  },
  {
    stack: "session-ec2",
    name: "existing",
    settings: async (aws) => ({ ...single, ...(await makeNetworkAndCache(aws)) }),
  },
  {
    stack: "session-ec2",
    name: "dual-stack",
    settings: async (aws) => ({
      ...single,
      ...(await makeDualStackNetwork(aws)),
      redis: { engine: "valkey-9.1", nodeType: "cache.r8g.large", networkType: "dual_stack" },
    }),
    edits: DUAL_STACK_EDITS,
  },
  {
    stack: "session-ec2",
    name: "no-login",
    settings: { ...single, redis: { engine: "valkey-7.2", replicas: 0, auth: "none" } },
    edits: VERSION_EDITS,
  },
  {
    stack: "session-ec2",
    name: "valkey-nat",
    settings: { ...single, nat: "single", redis: { engine: "valkey-8.0", replicas: 2 } },
    edits: VALKEY_EDITS,
    appliedEdits: VALKEY_APPLIED_EDITS,
  },
  {
    stack: "session-ec2",
    name: "serverless",
    settings: { ...single, redis: { serverless: true } },
    edits: SERVERLESS_EDITS,
    used: true,
  },
  {
    stack: "session-ec2",
    name: "three-zones-ssh",
    settings: async (aws) => ({
      ec2: { allowedCidrs: EVERYBODY, ssh: { keyName: await makeKeyPair(aws), allowedCidrs: ["203.0.113.7/32"] } },
      nat: "per-zone",
      availabilityZones: ["a", "c", "d"],
    }),
  },
  {
    stack: "session-lambda",
    name: "default",
    settings: functions(),
    used: true,
    core: true,
    rotations: FUNCTION_ROTATIONS,
    appliedEdits: FUNCTION_APPLIED_EDITS,
  },
  {
    stack: "session-lambda",
    name: "memcached-without-nat",
    settings: { nat: "none", ...memcached(3) },
    edits: MEMCACHED_EDITS,
    used: true,
    core: true,
  },
  // Photos are in the serverless cache too.
  {
    stack: "session-lambda",
    name: "serverless",
    settings: { ...functions(), redis: { serverless: { engine: "redis-7" } } },
    edits: SERVERLESS_REDIS_EDITS,
    used: true,
  },
  // The gateways are what is new here: nothing else that takes time.
  {
    stack: "session-lambda",
    name: "nat-per-zone",
    settings: { nat: "per-zone", alarms: null, ...functions({ photoCache: null }) },
  },
  {
    stack: "session-ecs",
    name: "fargate-http",
    settings: ecs({}),
    edits: SERVICE_EDITS,
    used: true,
    core: true,
    rotations: SERVICE_ROTATIONS,
    drills: ["the NAT lost", "a node too full", "the primary killed"],
  },
  {
    stack: "session-ecs",
    name: "serverless",
    settings: { ...ecs({}), redis: { serverless: { dataStorageGb: { max: 5 }, ecpuPerSecond: { max: 20_000 } } } },
    used: true,
  },
  {
    stack: "session-ecs",
    name: "instances-https",
    settings: async (aws) => ({
      ...single,
      ecs: { certificateArn: await makeCertificate(aws), launchType: "EC2", requestsPerMinute: 600 },
    }),
    used: true,
    core: true,
  },
  {
    stack: "session-ecs",
    name: "fargate-https-image",
    settings: async (aws) => ({
      ...single,
      nat: "none",
      ecs: { certificateArn: await makeCertificate(aws), image: IMAGE },
    }),
  },
  {
    stack: "session-ecs",
    name: "instances-http-image",
    settings: onInstances({}),
    edits: [{ promise: "launch type, back to Fargate", settings: openTasks({}) }],
    appliedEdits: appliedEditsOfTasks(onInstances),
  },
];
