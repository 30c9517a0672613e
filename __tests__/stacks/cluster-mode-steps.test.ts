import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { SessionStack } from "../../modules/stack";
import { readContext, readSettings } from "../../settings";
import { checkClusterModeSteps } from "../../stacks/cluster-mode-steps";

const REGION = "ap-northeast-1";
const CACHE = {
  arn: `arn:aws:elasticache:${REGION}:123456789012:replicationgroup:session-ec2-redis`,
  engine: "redis",
  engine_version: "7.1",
  node_type: "cache.t4g.micro",
  replicas_per_node_group: 1,
  num_node_groups: 1,
};
const DISABLED = { ...CACHE, cluster_mode: "disabled", cluster_enabled: false };
const COMPATIBLE = { ...CACHE, cluster_mode: "compatible", cluster_enabled: true };
const ENABLED = { ...CACHE, cluster_mode: "enabled", cluster_enabled: true };

const root = path.join(__dirname, "..", "..");
const here = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "steps-"));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

/** Checks settings against a state with this cache. */
function check(deployed: object, context: object): void {
  const type = "aws_elasticache_replication_group";
  const resources = [{ mode: "managed", type, instances: [{ attributes: deployed }] }];
  writeFileSync(path.join(folder, "terraform.session-ec2.tfstate"), JSON.stringify({ version: 4, resources }));
  const settings = readSettings(readContext(root, JSON.stringify(context)));
  const { name, region } = settings;
  checkClusterModeSteps(new SessionStack(new App(), "session-ec2", { region, namePrefix: `${name}-ec2` }), settings);
}

const compatible = (more: object = {}) => ({ redis: { clusterMode: "compatible", ...more } });
const enabled = (more: object = {}) => ({ redis: { clusterMode: "enabled", ...more } });

describe("over a deployed cache, synthesis refuses", () => {
  it.each<[what: string, deployed: object, context: object, says: RegExp]>([
    [
      "shards at once",
      DISABLED,
      { redis: { shards: 3 } },
      /redis\.shards: got mode enabled, .*mode disabled .*in this order/,
    ],
    ["mode enabled at once", DISABLED, enabled(), /redis\.clusterMode: got mode enabled, .*skip a step/],
    [
      "the cluster protocol at once",
      DISABLED,
      compatible({ clusterProtocol: true }),
      /redis\.clusterProtocol: got true/,
    ],
    [
      "the first step with a larger node",
      DISABLED,
      compatible({ nodeType: "cache.m7g.large" }),
      /of redis\.nodeType, /,
    ],
    ["the first step with another engine", DISABLED, compatible({ engine: "valkey-8.0" }), /of redis\.engine, /],
    [
      "a replica in mode compatible",
      COMPATIBLE,
      compatible({ replicas: 2 }),
      /of redis\.replicas, .*after mode enabled/,
    ],
    ["the last step with shards", COMPATIBLE, enabled({ shards: 3 }), /of redis\.shards, .*after mode enabled/],
    ["a step back with another engine", COMPATIBLE, { redis: { engine: "valkey-8.0" } }, /of redis\.engine, /],
    ["cluster mode taken back", ENABLED, {}, /redis\.shards: got mode disabled, .*not take cluster mode back.*"name"/],
    ["cluster mode taken half back", ENABLED, compatible(), /redis\.clusterMode: got mode compatible/],
    [
      "shards at once, of a state without the mode",
      { ...CACHE, cluster_enabled: false },
      { redis: { shards: 3 } },
      /skip a step/,
    ],
  ])("%s", (_, deployed, context, says) => {
    expect(() => check(deployed, context)).toThrow(says);
    expect(() => check(deployed, context)).toThrow(
      /^session-ec2: .*terraform\.session-ec2\.tfstate.*Fix: .*docs\/upgrades\.md/,
    );
  });
});

describe("over a deployed cache, synthesis takes", () => {
  it.each<[what: string, deployed: object, context: object]>([
    ["the first step", DISABLED, compatible()],
    ["the app's step", COMPATIBLE, compatible({ clusterProtocol: true })],
    ["the last step", COMPATIBLE, enabled()],
    ["a step back", COMPATIBLE, { redis: { clusterMode: "disabled" } }],
    ["shards afterwards, with a larger node", ENABLED, enabled({ shards: 3, nodeType: "cache.m7g.large" })],
    ["shards as earlier versions name them", ENABLED, { redis: { shards: 3 } }],
    ["another engine without a step", DISABLED, { redis: { engine: "valkey-8.0" } }],
    [
      "a step of a cache that AWS upgrades",
      { ...DISABLED, engine: "valkey", engine_version: "8.1" },
      compatible({ engine: "valkey-8.0", autoMinorVersionUpgrade: true }),
    ],
    ["a stack in another region", DISABLED, { region: "eu-west-1", ...enabled() }],
  ])("%s", (_, deployed, context) => {
    expect(() => check(deployed, context)).not.toThrow();
  });
});
