import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Annotations, App } from "cdktf";
import { SessionStack } from "../../modules/stack";
import { readContext, readSettings, SettingsError } from "../../settings";
import { checkLeavingZones } from "../../stacks/leaving-zones";

const root = path.join(__dirname, "..", "..");
const here = process.cwd();
const folder = mkdtempSync(path.join(os.tmpdir(), "zones-"));
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

const resource = (type: string, all: readonly object[]) => ({
  mode: "managed",
  type,
  instances: all.map((attributes) => ({ attributes })),
});

const NODES = "aws_elasticache_replication_group";
const SERVERLESS = "aws_elasticache_serverless_cache";
const SHARED = { host: "master.shared", securityGroupId: "sg-0123456789abcdef0", auth: { kind: "none" } };

/** The warnings about zones while a cache of so many nodes is deployed in others. */
function said(zones: readonly string[], deployed: readonly string[], nodes: number, context = {}): string[] {
  const cache = { multi_az_enabled: nodes > 1, replicas_per_node_group: nodes - 1 };
  return saidBeside({ availabilityZones: zones, ...context }, deployed, resource(NODES, [cache]));
}

function saidBeside(context: object, deployed: readonly string[], cache: object): string[] {
  const resources = [
    cache,
    resource(
      "aws_subnet",
      deployed.flatMap((zone) =>
        ["private", "public"].map((kind) => ({
          id: `subnet-${kind}-${zone}`,
          availability_zone: `ap-northeast-1${zone}`,
        })),
      ),
    ),
  ];
  writeFileSync(path.join(folder, "terraform.session-ec2.tfstate"), JSON.stringify({ version: 4, resources }));
  const settings = readSettings(readContext(root, JSON.stringify(context)));
  const stack = new SessionStack(new App(), "session-ec2", { region: settings.region, namePrefix: "session-ec2" });
  const warnings: string[] = [];
  const add = jest.spyOn(Annotations.prototype, "addWarning").mockImplementation((text) => void warnings.push(text));
  try {
    checkLeavingZones(stack, settings);
  } finally {
    add.mockRestore();
  }
  return warnings;
}

describe("leaving a zone", () => {
  const serverless = resource(SERVERLESS, [
    { subnet_ids: ["subnet-private-a", "subnet-private-c"], engine: "valkey", major_engine_version: "8" },
  ]);

  it("is refused where each zone has a node of the cache", () => {
    expect(() => said(["a", "d"], ["a", "c"], 2)).toThrow(SettingsError);
    expect(() => said(["a", "d"], ["a", "c"], 2)).toThrow(/availabilityZones: got a, d, takes zones with c among them/);
  });

  it.each([
    [["a", "c"], ["a", "c", "d"], 2],
    [["a"], ["a", "c"], 1],
  ])("to %j from %j is warned of, where %d nodes may be elsewhere", (zones, deployed, nodes) => {
    expect(said(zones, deployed, nodes)).toEqual([expect.stringContaining("docs/upgrades.md#leaving-a-zone")]);
  });

  it("is refused where a serverless cache has an endpoint, and nowhere else", () => {
    const at = (availabilityZones: readonly string[]) => ({ availabilityZones, redis: { serverless: true } });
    expect(() => saidBeside(at(["a", "d"]), ["a", "c", "d"], serverless)).toThrow(
      /availabilityZones: got a, d, takes zones with c among them, where endpoints of the deployed cache are/,
    );
    expect(saidBeside(at(["a", "c"]), ["a", "c", "d"], serverless)).toEqual([]);
  });

  it.each([
    ["nodes", {}],
    ["a serverless cache of another major version", { redis: { serverless: { engine: "valkey-9" } } }],
    ["an existing cache", { existingRedis: SHARED }],
  ])("is free where %s take the place of a serverless cache", (_, context) => {
    expect(saidBeside({ availabilityZones: ["a", "d"], ...context }, ["a", "c", "d"], serverless)).toEqual([]);
  });

  it.each([
    ["a serverless cache", { redis: { serverless: true } }],
    ["an existing cache", { existingRedis: SHARED }],
  ])("is free where %s takes the place of nodes", (_, context) => {
    expect(said(["a", "d"], ["a", "c"], 2, context)).toEqual([]);
  });

  it("is none where zones stay or come", () => {
    expect(said(["a", "c"], ["a", "c"], 2)).toEqual([]);
    expect(said(["a", "c", "d"], ["a", "c"], 2)).toEqual([]);
  });
});
