import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Annotations, App } from "cdktf";
import { SessionStack } from "../../modules/stack";
import { readContext, readSettings } from "../../settings";
import { warnOfLostSessions } from "../../stacks/lost-sessions";

const REGION = "ap-northeast-1";
const KEY = `arn:aws:kms:${REGION}:123456789012:key/0b4f9b62-7a2c-4c57-9d5e-6f6a0a4c1d11`;
const CERTIFICATE = `arn:aws:acm:${REGION}:123456789012:certificate/0b4f9b62-7a2c-4c57-9d5e-6f6a0a4c1d11`;

const root = path.join(__dirname, "..", "..");
const here = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "state-"));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

const CACHE = {
  arn: `arn:aws:elasticache:${REGION}:123456789012:replicationgroup:session-ec2-redis`,
  cluster_enabled: false,
  kms_key_id: "",
  engine: "redis",
  engine_version: "7.1",
  replicas_per_node_group: 1,
  data_tiering_enabled: false,
};

const SERVERLESS = {
  arn: `arn:aws:elasticache:${REGION}:123456789012:serverlesscache:session-ec2-redis`,
  kms_key_id: null,
  engine: "valkey",
  major_engine_version: "8",
};

const limitTo = (maximum: number) => ({ cache_usage_limits: [{ data_storage: [{ maximum, unit: "GB" }] }] });

function deploy(stack: string, resources: Readonly<Record<string, readonly object[]>>): void {
  const state = Object.entries(resources).map(([type, all]) => ({
    mode: "managed",
    type,
    instances: all.map((attributes) => ({ attributes })),
  }));
  writeFileSync(path.join(folder, `terraform.${stack}.tfstate`), JSON.stringify({ version: 4, resources: state }));
}

/** The warnings of a synthesis with these settings. */
function warnings(id: string, context: object): string[] {
  const settings = readSettings(readContext(root, JSON.stringify(context)));
  const { name, region } = settings;
  const stack = new SessionStack(new App(), id, { region, namePrefix: id.replace(/^session/, name) });
  const said: string[] = [];
  const add = jest.spyOn(Annotations.prototype, "addWarning").mockImplementation((text) => void said.push(text));
  warnOfLostSessions(stack, settings);
  add.mockRestore();
  return said;
}

describe("beside the state of a deployed cache, synthesis", () => {
  const shared = { host: "master.shared", securityGroupId: "sg-0123456789abcdef0", auth: { kind: "none" } };

  it.each([
    [
      "redis.networkType",
      { redis: { networkType: "dual_stack" } },
      { network_type: "ipv4" },
      "a cache of ipv4",
      "every session is lost",
    ],
    [
      "redis.nodeType",
      { redis: { nodeType: "cache.r6gd.xlarge" } },
      { data_tiering_enabled: false, node_type: "cache.t4g.micro" },
      "a cache of cache.t4g.micro",
      "every session is lost",
    ],
    [
      "redis.nodeType",
      {},
      { data_tiering_enabled: true, node_type: "cache.r6gd.xlarge" },
      "a cache of cache.r6gd.xlarge",
      "every session is lost",
    ],
    ["redis.kmsKeyArn", { redis: { kmsKeyArn: KEY } }, {}, "AWS' own key", "every session is lost"],
    ["redis.kmsKeyArn", {}, { kms_key_id: KEY }, KEY, "every session is lost"],
    ["redis.engine", { redis: { engine: "redis-7.0" } }, {}, "redis-7.1", "every session is lost"],
    ["redis.engine", {}, { engine: "valkey", engine_version: "8.0" }, "valkey-8.0", "every session is lost"],
    ["redis.engine", {}, { engine: "valkey", engine_version: "7.2" }, "Back to Redis OSS", "every session is lost"],
    ["redis.replicas", { redis: { replicas: 0 } }, {}, "with replicas", "lost when their node fails"],
    ["existingRedis", { existingRedis: shared }, {}, "of this stack", "destroyed, with every session"],
    ["region", { region: "eu-west-1" }, {}, REGION, "creates everything again there"],
  ])("warns of %s in %j", (key, context, deployed, was, effect) => {
    deploy("session-ec2", { aws_elasticache_replication_group: [{ ...CACHE, ...deployed }] });
    const said = warnings("session-ec2", context);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^session-ec2: ${key}: deployed is .*${was}.*${effect}.*docs/upgrades.md`));
  });

  it.each([
    [{}],
    [{ redis: { replicas: 3, nodeType: "cache.m7g.large" } }],
    [{ redis: { engine: "valkey-8.0" } }],
    [{ availabilityZones: ["a", "c", "d"], secretKeyVersion: 2 }],
    [{ name: "other", redis: { kmsKeyArn: KEY } }],
    [{ redis: { engine: "redis-7.0", autoMinorVersionUpgrade: true } }],
  ])("says nothing of %j, which loses none", (context) => {
    deploy("session-ec2", { aws_elasticache_replication_group: [CACHE] });
    expect(warnings("session-ec2", context)).toEqual([]);
  });

  it.each([
    ["redis.serverless", {}, "a serverless cache"],
    ["redis.serverless.engine", { redis: { serverless: { engine: "valkey-9" } } }, "valkey-8"],
    ["redis.serverless.engine", { redis: { serverless: { engine: "redis-7" } } }, "valkey-8"],
    ["redis.kmsKeyArn", { redis: { serverless: true, kmsKeyArn: KEY } }, "a cache encrypted by AWS' own key"],
    ["existingRedis", { redis: { serverless: true }, existingRedis: shared }, "a cache of this stack"],
  ])("warns of %s in %j, where a serverless cache is deployed", (key, context, was) => {
    deploy("session-ec2", { aws_elasticache_serverless_cache: [SERVERLESS] });
    expect(warnings("session-ec2", context)).toEqual([
      expect.stringContaining(`session-ec2: ${key}: deployed is ${was}`),
    ]);
  });

  it.each([
    [{ engine: "valkey", major_engine_version: "8" }, { redis: { serverless: { ecpuPerSecond: { max: 2000 } } } }],
    [limitTo(2), { redis: { serverless: { dataStorageGb: { max: 2 } } } }],
    [limitTo(2), { redis: { serverless: { dataStorageGb: { max: 5 } } } }],
    [{ engine: "redis", major_engine_version: "7" }, { redis: { serverless: { engine: "valkey-7" } } }],
  ])("says nothing where a serverless cache of %j becomes %j in place", (engine, context) => {
    deploy("session-ec2", { aws_elasticache_serverless_cache: [{ ...SERVERLESS, ...engine }] });
    expect(warnings("session-ec2", context)).toEqual([]);
  });

  it.each([
    [{}, "a serverless cache without a limit"],
    [limitTo(5), "a serverless cache of 5 GB at most"],
  ])("warns of a lower limit of data, where a serverless cache of %j is deployed", (limits, was) => {
    deploy("session-ec2", { aws_elasticache_serverless_cache: [{ ...SERVERLESS, ...limits }] });
    expect(warnings("session-ec2", { redis: { serverless: { dataStorageGb: { max: 2 } } } })).toEqual([
      expect.stringMatching(
        new RegExp(`redis\\.serverless\\.dataStorageGb: deployed is ${was} .*: sessions beyond 2 GB are evicted`),
      ),
    ]);
  });

  it("warns of a serverless cache in place of nodes", () => {
    deploy("session-ec2", { aws_elasticache_replication_group: [CACHE] });
    expect(warnings("session-ec2", { redis: { serverless: true } })).toEqual([
      expect.stringMatching(/redis\.serverless: deployed is a cache of nodes .*every session is lost/),
    ]);
  });

  it.each([
    ["nothing is deployed", '{"version":4,"resources":[]}'],
    ["the state is none", "<<<<<<< ours"],
  ])("says nothing where %s", (_, state) => {
    writeFileSync(path.join(folder, "terraform.session-ec2.tfstate"), state);
    expect(warnings("session-ec2", { redis: { kmsKeyArn: KEY } })).toEqual([]);
  });
});

describe("beside the state of a deployed load balancer, synthesis", () => {
  const EVERYBODY = ["0.0.0.0/0"];
  const http = { http: true, allowedCidrs: EVERYBODY };
  const fleet = (more: object) => ({ ec2: { allowedCidrs: EVERYBODY, fleet: more } });

  it.each([
    ["session-ec2", "ec2.fleet.certificateArn", fleet({ certificateArn: CERTIFICATE }), [80], "plain http"],
    ["session-ec2", "ec2.fleet.certificateArn", fleet({ http: true }), [80, 443], "https"],
    ["session-ecs", "ecs.certificateArn", { ecs: { certificateArn: CERTIFICATE } }, [80], "plain http"],
    ["session-ecs", "ecs.certificateArn", { ecs: http }, [80, 443], "https"],
  ])("of %s warns of %s in %j", (stack, key, context, ports, was) => {
    deploy(stack, { aws_lb_listener: ports.map((port) => ({ port })) });
    expect(warnings(stack, context)).toEqual([
      expect.stringMatching(new RegExp(`^${stack}: ${key}: deployed is ${was} .*logs in once more`)),
    ]);
  });

  it.each([
    ["session-ec2", "ec2.fleet.internal", fleet({ http: true, internal: true }), false, "on the internet"],
    ["session-ec2", "ec2.fleet.internal", fleet({ http: true }), true, "with private addresses"],
    ["session-ecs", "ecs.internal", { ecs: { ...http, internal: true } }, false, "on the internet"],
  ])("of %s warns of %s in %j, where internal is %s", (stack, key, context, internal, was) => {
    deploy(stack, { aws_lb: [{ internal }] });
    expect(warnings(stack, context)).toEqual([
      expect.stringMatching(new RegExp(`^${stack}: ${key}: deployed is .*${was} .*logs in once more`)),
    ]);
  });

  it("says nothing of a load balancer that has a domain name of one's own", () => {
    deploy("session-ec2", { aws_lb: [{ internal: false }] });
    expect(warnings("session-ec2", fleet({ http: true, internal: true, domainName: "app.example.com" }))).toEqual([]);
  });

  it.each([
    ["session-ec2", fleet({ http: true }), [80]],
    ["session-ecs", { ecs: { certificateArn: CERTIFICATE } }, [80, 443]],
    ["session-ec2", { ec2: { allowedCidrs: EVERYBODY } }, [80]],
  ])("of %s says nothing of %j", (stack, context, ports) => {
    deploy(stack, { aws_lb_listener: ports.map((port) => ({ port })) });
    expect(warnings(stack, context)).toEqual([]);
  });
});
