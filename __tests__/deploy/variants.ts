import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { StrictAws } from "./aws-double/start";
import { makeCertificate, makeKeyPair, makeNetworkAndCache } from "./there-already";

const ROOT = path.join(__dirname, "..", "..");
const run = promisify(execFile);

/** Part of cdktf.json's context; a key stands for the whole of its value. */
export type Settings = Readonly<Record<string, unknown>>;

/** One stack with one choice of settings: what is deployed and taken down twice. */
export interface Variant {
  readonly stack: string;
  readonly name: string;
  /** What differs from cdktf.json; from what is made in the double before, when it is a function. */
  readonly settings: Settings | ((aws: StrictAws) => Promise<Settings>);
  /** Edits planned on the applied stack, with the kinds of changes each must show, and no other. */
  readonly edits?: readonly Edit[];
  /** Whether what AWS would start is started, and a visitor goes through it. @default false */
  readonly used?: boolean;
}

export interface Edit {
  readonly name: string;
  readonly settings: Settings;
  /** As in `create aws_subnet`. What is not named here must stay as it is. */
  readonly shows: readonly string[];
}

const REGION = "ap-northeast-1";
const EVERYBODY = ["0.0.0.0/0"];
const single = { ec2: { allowedCidrs: EVERYBODY } };
const fleet = (more: Settings) => ({ ec2: { allowedCidrs: EVERYBODY, fleet: more } });
const shards = { shards: 3, replicas: 2 };
const ecs = (more: Settings) => ({ ...single, ecs: { http: true, allowedCidrs: EVERYBODY, ...more } });
const memcached = (nodes: number) => ({ tracing: true, photoCache: { engine: "memcached", nodes } });
const IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app:0123456789abcdef-arm64";
const CACHE = "update aws_elasticache_replication_group";
const ALARMS = "aws_cloudwatch_metric_alarm";
const DASHBOARD = "update aws_cloudwatch_dashboard";

/** A further stack or variant is a line here. */
export const VARIANTS: readonly Variant[] = [
  { stack: "session-ec2", name: "default", settings: single, edits: groupEdits(), used: true },
  {
    stack: "session-ec2",
    name: "cluster-mode",
    settings: { ...single, redis: shards },
    edits: clusterEdits(),
    used: true,
  },
  { stack: "session-ec2", name: "fleet-http", settings: fleet({ http: true }) },
  {
    stack: "session-ec2",
    name: "fleet-https",
    settings: async (aws) => ({ ...fleet({ certificateArn: await makeCertificate(aws) }), nat: "single" }),
    used: true,
  },
  {
    stack: "session-ec2",
    name: "existing",
    settings: async (aws) => ({ ...single, ...(await makeNetworkAndCache(aws)) }),
  },
  { stack: "session-ec2", name: "no-login", settings: { ...single, redis: { replicas: 0, auth: "none" } } },
  {
    stack: "session-ec2",
    name: "valkey-nat",
    settings: { ...single, nat: "single", redis: { engine: "valkey-8.0", replicas: 2 } },
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
  { stack: "session-lambda", name: "default", settings: {}, used: true },
  {
    stack: "session-lambda",
    name: "memcached-without-nat",
    settings: { nat: "none", lambda: memcached(3) },
    edits: [
      {
        name: "node added",
        settings: { nat: "none", lambda: memcached(4) },
        shows: ["update aws_elasticache_cluster", DASHBOARD, `create ${ALARMS}`],
      },
    ],
    used: true,
  },
  // The gateways are what is new here: nothing else that takes time.
  {
    stack: "session-lambda",
    name: "nat-per-zone",
    settings: { nat: "per-zone", alarms: null, lambda: { photoCache: null } },
  },
  { stack: "session-ecs", name: "fargate-http", settings: ecs({}), edits: serviceEdits(), used: true },
  {
    stack: "session-ecs",
    name: "instances-https",
    settings: async (aws) => ({
      ...single,
      ecs: { certificateArn: await makeCertificate(aws), launchType: "EC2", requestsPerMinute: 600 },
    }),
    used: true,
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
    settings: {
      ...ecs({ launchType: "EC2", image: IMAGE, executeCommand: true, readonlyRootFilesystem: false }),
      nat: "none",
    },
  },
];

/** None replaces or deletes anything: whoever is logged in stays so. */
function groupEdits(): Edit[] {
  return [
    {
      name: "zone added",
      settings: { ...single, availabilityZones: ["a", "c", "d"] },
      shows: ["create aws_route_table_association", "create aws_subnet", "update aws_elasticache_subnet_group"],
    },
    {
      name: "replica added",
      settings: { ...single, redis: { replicas: 2 } },
      shows: [CACHE, DASHBOARD, `create ${ALARMS}`],
    },
    {
      name: "node type changed",
      settings: { ...single, redis: { nodeType: "cache.m7g.large" } },
      shows: [CACHE, `update ${ALARMS}`],
    },
  ];
}

/** A task definition is never changed: another revision takes its place, and the service goes over to it. */
function serviceEdits(): Edit[] {
  const one = { key: "1", paths: ["/1", "/1/*"] };
  const two = { key: "2", paths: ["/2", "/2/*"] };
  return [
    {
      name: "service added",
      settings: ecs({ services: [one, two, { key: "admin", paths: ["/admin/*"] }] }),
      shows: [
        "create aws_appautoscaling_policy",
        "create aws_appautoscaling_target",
        `create ${ALARMS}`,
        "create aws_ecs_service",
        "create aws_ecs_task_definition",
        "create aws_lb_listener_rule",
        "create aws_lb_target_group",
        DASHBOARD,
      ],
    },
    {
      // With an image there is no bundle, and no bucket for it.
      name: "image in place of the bundle",
      settings: ecs({ image: IMAGE }),
      shows: [
        "delete aws_iam_role_policy",
        "delete aws_s3_bucket",
        "delete aws_s3_bucket_lifecycle_configuration",
        "delete aws_s3_bucket_ownership_controls",
        "delete aws_s3_bucket_policy",
        "delete aws_s3_bucket_public_access_block",
        "delete aws_s3_bucket_server_side_encryption_configuration",
        "delete aws_s3_bucket_versioning",
        "delete aws_s3_object",
        "replace aws_ecs_task_definition",
        "update aws_ecs_service",
        "update aws_iam_role_policy",
      ],
    },
    {
      name: "more tasks",
      settings: ecs({ services: [{ ...one, minTasks: 3 }, two] }),
      shows: ["update aws_appautoscaling_target", `update ${ALARMS}`],
    },
  ];
}

function clusterEdits(): Edit[] {
  const shows = [CACHE, DASHBOARD, `create ${ALARMS}`];
  return [
    { name: "shard added", settings: { ...single, redis: { ...shards, shards: 4 } }, shows },
    { name: "replica of each shard added", settings: { ...single, redis: { ...shards, replicas: 3 } }, shows },
  ];
}

/** Region the stacks of this repository are synthesized for. */
export function region(): string {
  const { context = {} } = JSON.parse(readFileSync(path.join(ROOT, "cdktf.json"), "utf8"));
  return context.region ?? REGION;
}

/** Synthesizes a stack by the program people use. @returns the stack's folder. @throws with what the program said. */
export async function synthesize(stack: string, settings: Settings, outdir: string): Promise<string> {
  const env = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(settings), CDKTF_OUTDIR: outdir };
  const main = ["--import", "tsx", path.join(ROOT, "main.ts"), stack];
  await run(process.execPath, main, { cwd: ROOT, env }).catch((error) => {
    throw new Error(`synth: ${error.stderr || error.message}`);
  });
  return path.join(outdir, "stacks", stack);
}
