import path from "node:path";
import { readContext, readSettings } from "../../settings";

const KEY_ARN = "arn:aws:kms:ap-northeast-1:123456789012:key/mrk-1";
const context = () => structuredClone(readContext(path.join(__dirname, "..", ".."), undefined));

describe("redis.serverless", () => {
  it("takes a serverless cache, by true alone too, and none by false", () => {
    const read = (serverless: unknown) => readSettings({ ...context(), redis: { serverless } }).redis.serverless;
    expect(read(true)).toEqual({ engine: "valkey-8" });
    const limits = { engine: "redis-7", dataStorageGb: { max: 5 }, ecpuPerSecond: { min: 1000, max: 2000 } };
    expect(read(limits)).toEqual(limits);
    expect(read(false)).toBeUndefined();
    expect(read(undefined)).toBeUndefined();
  });

  it("refuses each setting of nodes beside a serverless cache, with its fix", () => {
    const nodes = { nodeType: "cache.t4g.small", replicas: 1, engine: "valkey-8.0", snapshotWindow: "16:00-17:00" };
    const both = { serverless: true, snapshotRetentionDays: 7, kmsKeyArn: KEY_ARN };
    expect(() => readSettings({ ...context(), redis: { ...both, ...nodes } })).toThrow(
      [
        'redis.nodeType: got "cache.t4g.small", takes nothing beside redis.serverless: leave it out (a serverless cache has no nodes)',
        "redis.replicas: got 1, takes nothing beside redis.serverless: leave it out (a serverless cache has no nodes)",
        'redis.engine: got "valkey-8.0", takes nothing beside redis.serverless: leave it out (take redis.serverless.engine)',
        'redis.snapshotWindow: got "16:00-17:00", takes nothing beside redis.serverless: leave it out (take redis.serverless.dailySnapshotTime)',
      ]
        .sort()
        .join("\n"),
    );
    expect(() => readSettings({ ...context(), redis: { ...both, auth: "none" } })).toThrow(
      'redis.auth: got "none", takes "iam" beside redis.serverless, whose users always log in: leave it out',
    );
    expect(() => readSettings({ ...context(), redis: { ...both, auth: "iam" } })).not.toThrow();
  });

  it.each<{ value: unknown; says: string }>([
    {
      value: { serverless: "yes" },
      says: 'redis.serverless: got "yes", takes true, or an object { "engine"',
    },
    {
      value: { serverless: { engine: "valkey-8.0" } },
      says: 'redis.serverless.engine: got "valkey-8.0", takes an engine with its major version',
    },
    {
      value: { serverless: { dataStorageGb: { max: 5001 } } },
      says: "redis.serverless.dataStorageGb.max: got 5001, takes a whole number from 1 to 5000",
    },
    {
      value: { serverless: { ecpuPerSecond: { minimum: 1000 } } },
      says: "redis.serverless.ecpuPerSecond.minimum: got a key that is no setting, takes min, max",
    },
    {
      value: { serverless: { dailySnapshotTime: "3am" } },
      says: 'redis.serverless.dailySnapshotTime: got "3am", takes hh:mm in UTC',
    },
    {
      value: { serverless: { snapshotArns: [] } },
      says: "redis.serverless.snapshotArns: got [], takes at",
    },
  ])("refuses $says", ({ value, says }) => {
    expect(() => readSettings({ ...context(), redis: value })).toThrow(says);
  });
});
