import { Synthesized } from "../synthesized";
import { refusal, synthesizeProgram, synthesizeStack } from "../synthesized/program";

const KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/mrk-1";

describe("a serverless cache", () => {
  const serverless = { engine: "valkey-8", dataStorageGb: { max: 5 }, dailySnapshotTime: "16:00" };
  const redis = { serverless, snapshotRetentionDays: 7, kmsKeyArn: KEY };
  const stacks = new Map([...synthesizeProgram({ redis })].map(([id, text]) => [id, new Synthesized(text)]));

  it.each(["session-ec2", "session-ecs", "session-lambda"])("takes the place of the nodes of %s", (id) => {
    const stack = stacks.get(id) as Synthesized;
    expect(stack.the("aws_elasticache_serverless_cache")).toMatchObject({
      name: `${id}-redis`,
      engine: "valkey",
      major_engine_version: "8",
      cache_usage_limits: [{ data_storage: [{ maximum: 5, unit: "GB" }] }],
      daily_snapshot_time: "16:00",
      snapshot_retention_limit: 7,
      kms_key_id: KEY,
    });
    const types = Object.keys(stack.counts()).filter((type) => type.startsWith("aws_elasticache_"));
    expect(types).toEqual(["aws_elasticache_serverless_cache", "aws_elasticache_user", "aws_elasticache_user_group"]);
    expect(stack.json.output?.redis_endpoint?.value).toMatch(
      /^\$\{aws_elasticache_serverless_cache\.redis_serverless-cache_\w+\.endpoint\[0\]\.address\}:6379$/,
    );
    const alarms = Object.keys(stack.all("aws_cloudwatch_metric_alarm")).filter((one) => one.startsWith("redis-"));
    expect(alarms.map((address) => address.split("_")[1]).sort()).toEqual([
      "connections",
      "data",
      "evictions",
      "throttled",
    ]);
  });

  it("is what the app's environment names, on each kind of compute", () => {
    const tasks = Object.values((stacks.get("session-ecs") as Synthesized).all("aws_ecs_task_definition"));
    const names = tasks.map((task) => JSON.stringify(task.container_definitions).match(/REDIS_CACHE_TYPE/g)?.length);
    expect(names.every((count) => count !== undefined && count > 0)).toBe(true);
    const functions = Object.values((stacks.get("session-lambda") as Synthesized).all("aws_lambda_function"));
    for (const { environment } of functions) {
      expect(environment.variables).toMatchObject({ REDIS_CLUSTER_MODE: "enabled", REDIS_CACHE_TYPE: "serverless" });
    }
    expect((stacks.get("session-ec2") as Synthesized).text).toContain("REDIS_CACHE_TYPE");
  });

  it("has a user of its own for photos", () => {
    const users = (stacks.get("session-lambda") as Synthesized).all("aws_elasticache_user");
    const ids = Object.values(users).map(({ user_id }) => user_id);
    expect(ids.sort()).toEqual([
      "session-lambda-redis-app",
      "session-lambda-redis-nobody",
      "session-lambda-redis-photo",
    ]);
  });

  it("has the users of a cache of nodes, so that a change to it replaces none", () => {
    const users = Object.keys(synthesizeStack({}).all("aws_elasticache_user"));
    expect(Object.keys((stacks.get("session-ec2") as Synthesized).all("aws_elasticache_user"))).toEqual(users);
  });

  it("is refused in one line, by the name of its setting", () => {
    expect(refusal({ redis: { serverless: { engine: "redis-8" } } })).toMatch(
      /^redis\.serverless\.engine: got "8", allowed: "7", .* Fix: take "7"\.$/,
    );
    expect(refusal({ redis: { serverless: { ecpuPerSecond: { min: 2000, max: 1000 } } } })).toMatch(
      /^redis\.serverless\.ecpuPerSecond: got min 2000, max 1000, /,
    );
    expect(refusal({ redis: { serverless: true }, availabilityZones: ["a"] })).toMatch(
      /^availabilityZones: got 1 private subnet, allowed: private subnets in two or three zones/,
    );
  });
});

describe("an existing serverless cache", () => {
  const auth = {
    kind: "iam",
    cacheId: "sessions",
    userName: "app",
    arns: [
      "arn:aws:elasticache:ap-northeast-1:123456789012:serverlesscache:sessions",
      "arn:aws:elasticache:ap-northeast-1:123456789012:user:app",
    ],
  };
  const host = "sessions-abc123.serverless.apne1.cache.amazonaws.com";
  const existingRedis = { host, securityGroupId: "sg-0123456789abcdef0", auth };

  it("takes tokens of its kind", () => {
    const stack = synthesizeStack({ existingRedis: { ...existingRedis, serverless: true } }, "session-lambda");
    expect(stack.at("aws_lambda_function", "web_app").environment.variables).toMatchObject({
      REDIS_CLUSTER_ENDPOINT: `${host}:6379`,
      REDIS_CACHE_TYPE: "serverless",
    });
    expect(stack.json.output?.redis_endpoint?.value).toBe(`${host}:6379`);
  });

  it("is refused as a cache of nodes", () => {
    expect(refusal({ existingRedis })).toMatch(/^existingRedis.*serverlesscache:sessions" with serverless false, /);
  });
});
