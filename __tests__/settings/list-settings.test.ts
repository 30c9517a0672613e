import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { listSettings } from "../../settings";
import { synthesizeProgram } from "../synthesized/program";

const folder = mkdtempSync(path.join(os.tmpdir(), "list-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONTEXT = {
  ...{ name: "shop", region: "eu-west-1", stateBucket: "states", redis: { replicas: 2, nodeType: "cache.m7g.large" } },
  ec2: { allowedCidrs: ["10.0.0.0/8"], ssh: null },
};
writeFileSync(path.join(folder, "cdktf.json"), JSON.stringify({ context: CONTEXT }));

function list(settings?: object, fromCli?: object) {
  const file = path.join(folder, "prod.json");
  writeFileSync(file, JSON.stringify(settings ?? {}));
  const all = listSettings(folder, fromCli && JSON.stringify(fromCli), settings && file);
  return new Map(
    all.map(({ key, value, otherwise, source }) => [key, [otherwise ?? value, source.replace(file, "prod")]]),
  );
}

describe("where a setting comes from", () => {
  it("is cdktf.json, or the default with its value or its words", () => {
    const settings = list();
    expect(settings.get("redis.replicas")).toEqual([2, "cdktf.json"]);
    expect(settings.get("ec2.ssh")).toEqual([null, "cdktf.json"]);
    expect(settings.get("redis.engine")).toEqual(["redis-7.1", "default"]);
    expect(settings.get("flowLog.retentionDays")).toEqual([14, "default"]);
    expect(settings.get("redis.snapshotWindow")).toEqual(["AWS chooses", "default"]);
    expect(settings.get("existingRedis")).toEqual([null, "default"]);
    expect(settings.get("ecs")).toEqual([null, "default"]);
    expect(settings.get("stateBucket.name")).toEqual(["states", "cdktf.json"]);
  });

  it("is a settings file where that has the key, and the default where it takes the key out", () => {
    const settings = list({
      $schema: "x",
      redis: { replicas: 3, nodeType: null },
      alarms: null,
      tags: { team: "web" },
    });
    expect(settings.get("redis.replicas")).toEqual([3, "prod"]);
    expect(settings.get("redis.nodeType")).toEqual(["cache.t4g.micro", "default"]);
    expect(settings.get("alarms")).toEqual([null, "prod"]);
    expect(settings.get("tags")).toEqual([{ team: "web" }, "prod"]);
    expect(settings.get("name")).toEqual(["shop", "cdktf.json"]);
    expect(settings.has("$schema")).toBe(false);
  });

  it("is cdktf-cli's context, which replaces a key of the first level as a whole", () => {
    const settings = list(undefined, { redis: { replicas: 1 } });
    expect(settings.get("redis.replicas")).toEqual([1, "CDKTF_CONTEXT_JSON"]);
    expect(settings.get("redis.nodeType")).toEqual(["cache.t4g.micro", "default"]);
    expect(settings.get("name")).toEqual(["shop", "cdktf.json"]);
  });

  it("is not said of settings that something existing replaces", () => {
    const auth = { kind: "none" };
    const existingRedis = { host: "cache", securityGroupId: "sg-0123456789abcdef0", auth };
    const keys = [...list({ existingRedis }).keys()];
    expect(keys.filter((key) => key.startsWith("redis."))).toEqual([]);
    expect(list({ existingRedis }).get("existingRedis.auth")).toEqual([auth, "prod"]);
  });

  it("is not said of settings of nodes where the cache is serverless", () => {
    const redis = { serverless: true, replicas: null, nodeType: null };
    const settings = list({ redis });
    expect([...settings.keys()].filter((key) => /^redis\.[^.]+$/.test(key)).sort()).toEqual(
      ["redis.auth", "redis.existingUserGroup", "redis.kmsKeyArn", "redis.snapshotRetentionDays"].sort(),
    );
    expect(settings.get("redis.serverless.engine")).toEqual(["valkey-8", "prod"]);
    expect(settings.get("redis.serverless.dataStorageGb")).toEqual(["no limits", "default"]);
  });
});

describe("a default that the list shows", () => {
  /** Every setting whose default is a value, with that value. */
  function withDefaults(context: object): object {
    writeFileSync(path.join(folder, "cdktf.json"), JSON.stringify({ context }));
    const all: Record<string, unknown> = structuredClone(context) as Record<string, unknown>;
    for (const { key, value, source } of listSettings(folder, undefined)) {
      // A variable of the function, which the stack leaves out for the function's own default.
      if (source !== "default" || value === undefined || key === "lambda.photoCache.ttlSeconds") continue;
      const place = key.split(".");
      const last = place.pop() as string;
      let at = all;
      for (const name of place) {
        at[name] ??= {};
        at = at[name] as Record<string, unknown>;
      }
      at[last] = value;
    }
    return all;
  }

  const EC2 = { allowedCidrs: ["10.0.0.0/8"] };
  const ECS = { http: true, allowedCidrs: ["10.0.0.0/8"] };
  it.each<{ what: string; context: object }>([
    { what: "one instance, Fargate, functions with a Redis user", context: { ec2: EC2, ecs: ECS } },
    {
      what: "a fleet, tasks on instances, functions with memcached",
      context: {
        nat: "single",
        ec2: { ...EC2, fleet: { http: true } },
        ecs: { ...ECS, launchType: "EC2" },
        lambda: { photoCache: { engine: "memcached" } },
      },
    },
    { what: "a serverless cache", context: { ec2: EC2, ecs: ECS, redis: { serverless: {} } } },
  ])("is the one that the stacks have: $what", ({ context }) => {
    const base = { name: "shop", region: "eu-west-1", vpcCidr: null, availabilityZones: null, redis: {}, sessions: {} };
    const whole = { ...base, ...context };
    const given = withDefaults(whole);
    expect(Object.keys(given).length).toBeGreaterThan(Object.keys(whole).length);
    expect(synthesizeProgram(given)).toEqual(synthesizeProgram(whole));
  });
});
