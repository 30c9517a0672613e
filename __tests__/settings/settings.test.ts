import path from "node:path";
import { readContext, readSettings, SettingsError } from "../../settings";

const SECRET_ARN = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redis-AbCdEf";
const EXISTING = { host: "master.shared", securityGroupId: "sg-0123456789abcdef0", auth: { kind: "none" } };
const root = path.join(__dirname, "..", "..");
const context = () => structuredClone(readContext(root, undefined));

/** cdktf.json's settings with one of them changed; `a.b` names b in a. */
function withSetting(key: string, value: unknown): Record<string, unknown> {
  const changed = context();
  const names = key.split(".");
  const last = names.pop() as string;
  const parent = names.reduce((object, name) => object[name] as Record<string, unknown>, changed);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return changed;
}

describe("readSettings", () => {
  it("takes the settings this repository comes with", () => {
    expect(readSettings(context())).toMatchObject({ name: "session", region: "ap-northeast-1" });
    expect(readSettings(context()).nat).toBeUndefined();
  });

  it("fills in what is left out", () => {
    const { name, region, availabilityZones } = context();
    const settings = readSettings({ name, region, availabilityZones, ec2: { allowedCidrs: ["10.0.0.0/8"] } });
    expect(settings).toMatchObject({ existingNetwork: null, secretKeyVersion: 1, tags: {} });
    expect(settings.ec2.ssh).toBeNull();
    expect(settings.ecs).toBeNull();
    expect(readSettings(context()).ecs).toMatchObject({ launchType: "FARGATE", image: null, repository: {} });
  });

  it("takes a bucket by its name alone", () => {
    expect(readSettings(withSetting("stateBucket", "states"))).toMatchObject({ stateBucket: { name: "states" } });
  });

  it("is one instance unless a fleet is asked for", () => {
    expect(readSettings(context()).ec2.fleet).toBeNull();
    expect(readSettings(withSetting("ec2.fleet", { http: true })).ec2.fleet).toMatchObject({
      http: true,
      minInstances: 2,
      publicAddresses: false,
    });
  });

  it("takes a cache in cluster mode, one that is there already, and no alarms", () => {
    const redis = { shards: 3, scaling: { shards: { min: 3, max: 9 } }, nodeType: "cache.m7g.large" };
    const auth = { kind: "password", passwordSecretArn: SECRET_ARN };
    const existingRedis = { host: "master.shared.cache.amazonaws.com", securityGroupId: "sg-0123456789abcdef0", auth };
    const settings = readSettings({ ...context(), redis, existingRedis, alarms: null });
    expect(settings).toMatchObject({ redis, existingRedis, alarms: null });
    expect(readSettings(context())).toMatchObject({ existingRedis: null, alarms: {} });
  });

  it("never shows what may be a password", () => {
    const group = { userGroupId: "staff", userName: "app", passwordSecretArn: "hunter2" };
    const read = () => readSettings(withSetting("redis.existingUserGroup", group));
    expect(read).toThrow("redis.existingUserGroup.passwordSecretArn: got a value that is not shown, takes the ARN");
  });

  it("leaves cdktf's own context alone", () => {
    expect(() =>
      readSettings({ ...context(), cdktfRelativeModules: [], excludeStackIdFromLogicalIds: "true" }),
    ).not.toThrow();
  });

  it.each<{ key: string; value: unknown; says: string }>([
    { key: "name", value: undefined, says: "name: got nothing, takes 1 to 20 lower-case letters" },
    { key: "name", value: "My Shop", says: 'name: got "My Shop", takes 1 to 20' },
    { key: "name", value: "x".repeat(21), says: "takes 1 to 20" },
    { key: "region", value: "tokyo", says: 'region: got "tokyo", takes a region, as in ap-northeast-1' },
    { key: "availabilityZones", value: ["a", "z"], says: 'availabilityZones.1: got "z", takes zone letters' },
    { key: "availabilityZones", value: [], says: "availabilityZones: got [], takes at least one" },
    { key: "availabilityZones", value: "a", says: 'availabilityZones: got "a", takes a list' },
    { key: "name", value: "shop-", says: 'name: got "shop-", takes 1 to 20' },
    { key: "name", value: "sg-shop", says: "none of AWS' own prefixes" },
    { key: "tags", value: { team: 7 }, says: "tags.team: got 7, takes at most 256 letters" },
    { key: "tags", value: { team: "$" + "{data.x.y}" }, says: "tags.team: got" },
    { key: "tags", value: { "aws:team": "x" }, says: 'tags: got the key "aws:team", takes keys of 1 to 128' },
    { key: "tags", value: { project: "x" }, says: 'tags: got the key "project"' },
    { key: "vpcCidr", value: "10.0.0.0", says: 'vpcCidr: got "10.0.0.0", takes an IPv4 block' },
    { key: "nat", value: "both", says: 'nat: got "both", takes "none" or "single" or "per-zone"' },
    { key: "subnetLayout", value: "huge", says: 'subnetLayout: got "huge", takes "even" or "large-private"' },
    { key: "privateAwsAccess", value: "yes", says: 'privateAwsAccess: got "yes", takes true or false' },
    { key: "flowLog", value: "off", says: 'flowLog: got "off", takes an object' },
    { key: "flowLog", value: { retentionDays: 0 }, says: "flowLog.retentionDays: got 0, takes a whole number from 1" },
    { key: "flowLog", value: { traffic: "NONE" }, says: 'flowLog.traffic: got "NONE", takes "ALL" or "ACCEPT"' },
    {
      key: "flowLog",
      value: { aggregationSeconds: 120 },
      says: "flowLog.aggregationSeconds: got 120, takes 60 or 600",
    },
    { key: "flowLog", value: { kmsKeyArn: "key" }, says: 'flowLog.kmsKeyArn: got "key", takes the ARN of a KMS key' },
    { key: "stateBucket", value: 7, says: "stateBucket: got 7, takes the name of a bucket, or an object" },
    { key: "stateBucket", value: {}, says: "stateBucket.name: got nothing, takes the name of a bucket" },
    { key: "stateBucket", value: { name: "b", key: "x" }, says: "stateBucket.key: got a key that is no setting" },
    { key: "redis", value: "7.1", says: 'redis: got "7.1", takes an object' },
    { key: "redis.engine", value: "redis-8", says: 'redis.engine: got "redis-8", takes an engine with its minor' },
    { key: "redis.nodeType", value: "t4g.micro", says: 'redis.nodeType: got "t4g.micro", takes an ElastiCache node' },
    { key: "redis.replicas", value: 6, says: "redis.replicas: got 6, takes a whole number from 0 to 5" },
    { key: "redis.replicas", value: "1", says: 'redis.replicas: got "1", takes a whole number from 0 to 5' },
    { key: "redis.replcas", value: 1, says: "redis.replcas: got a key that is no setting" },
    { key: "redis.snapshotRetentionDays", value: 36, says: "redis.snapshotRetentionDays: got 36, takes" },
    { key: "redis.snapshotWindow", value: "3am", says: 'redis.snapshotWindow: got "3am", takes hh:mm-hh:mm in UTC' },
    { key: "redis.maintenanceWindow", value: "Sunday", says: "redis.maintenanceWindow: got" },
    { key: "redis.shards", value: 0, says: "redis.shards: got 0, takes a whole number from 1 to 500" },
    { key: "redis.auth", value: "password", says: 'redis.auth: got "password", takes "iam" or "none"' },
    {
      key: "redis.kmsKeyArn",
      value: "alias/redis",
      says: 'redis.kmsKeyArn: got "alias/redis", takes the ARN of a KMS',
    },
    { key: "redis.notificationTopicArn", value: "ops", says: "redis.notificationTopicArn: got" },
    { key: "redis.engineLogRetentionDays", value: 0, says: "redis.engineLogRetentionDays: got 0, takes" },
    { key: "redis.parameters", value: { timeout: 300 }, says: "redis.parameters.timeout: got 300, takes a text" },
    { key: "redis.autoMinorVersionUpgrade", value: "no", says: 'got "no", takes true or false' },
    { key: "redis.scaling", value: { shards: { min: 1 } }, says: "redis.scaling.shards.max: got nothing, takes" },
    { key: "redis.scaling", value: { targetCpuPercent: 90 }, says: "redis.scaling.targetCpuPercent: got 90, takes" },
    { key: "redis.existingUserGroup", value: "staff", says: 'redis.existingUserGroup: got "staff", takes an object' },
    { key: "existingRedis", value: "host", says: 'existingRedis: got "host", takes an object' },
    { key: "existingRedis", value: { ...EXISTING, host: "a:1" }, says: 'existingRedis.host: got "a:1", takes a host' },
    { key: "existingRedis", value: { ...EXISTING, auth: {} }, says: "existingRedis.auth.kind: got nothing, takes an" },
    {
      key: "existingRedis",
      value: { ...EXISTING, auth: { kind: "iam", cacheId: "shared", userName: "app", arns: [] } },
      says: "existingRedis.auth.arns: got [], takes a list of ARNs: the cache's and the user's",
    },
    { key: "alarms", value: { topicArn: "ops" }, says: 'alarms.topicArn: got "ops", takes the ARN of an SNS topic' },
    { key: "alarms", value: false, says: "alarms: got false, takes an object" },
    { key: "sessions.idleSeconds", value: 0, says: "sessions.idleSeconds: got 0, takes a whole number from 1" },
    { key: "sessions.maxAgeSeconds", value: 1.5, says: "sessions.maxAgeSeconds: got 1.5, takes a whole number" },
    { key: "sessions.parallelSessions", value: 0, says: "sessions.parallelSessions: got 0, takes" },
    { key: "sessions.maxAgeSeconds", value: 600, says: "sessions.idleSeconds: got 1800, takes at most sessions.max" },
    { key: "ec2.ssh", value: { keyName: "k%{x}", allowedCidrs: ["10.0.0.0/8"] }, says: "ec2.ssh.keyName: got" },
    { key: "secretKeyVersion", value: 0, says: "secretKeyVersion: got 0, takes a whole number from 1" },
    { key: "ec2", value: undefined, says: "ec2: got nothing, takes an object" },
    { key: "ec2.allowedCidrs", value: undefined, says: "ec2.allowedCidrs: got nothing, takes a list of IPv4 blocks" },
    {
      key: "ec2.allowedPrefixLists",
      value: { company: "203.0.113.0/24" },
      says: 'ec2.allowedPrefixLists.company: got "203.0.113.0/24", takes the id of a prefix list, pl-…',
    },
    {
      key: "ec2.fleet",
      value: { http: true, allowedPrefixLists: {} },
      says: "ec2.fleet.allowedPrefixLists: got a key that is no setting",
    },
    {
      key: "ecs.allowedPrefixLists",
      value: { company: "203.0.113.0/24" },
      says: 'ecs.allowedPrefixLists.company: got "203.0.113.0/24", takes the id of a prefix list, pl-…',
    },
    {
      key: "ecs.allowedSecurityGroups",
      value: { "my office": "sg-0123456789abcdef0" },
      says: 'ecs.allowedSecurityGroups: got the key "my office", takes small letters, digits and hyphens',
    },
    {
      key: "ecs.allowedSecurityGroups",
      value: ["sg-1"],
      says: 'ecs.allowedSecurityGroups: got ["sg-1"], takes an object',
    },
    { key: "ecs.internal", value: "yes", says: 'ecs.internal: got "yes", takes true or false' },
    { key: "ec2.allowedCidrs", value: [], says: "ec2.allowedCidrs: got [], takes a list of IPv4 blocks" },
    { key: "ec2.allowedCidrs", value: ["everybody"], says: 'ec2.allowedCidrs.0: got "everybody", takes a list' },
    {
      key: "ec2.allowedCidrs",
      value: ["203.0.113.7"],
      says: 'ec2.allowedCidrs.0: got "203.0.113.7", takes a list of IPv4 blocks, as in ["203.0.113.0/24"], or ["203.0.113.7/32"] for one address',
    },
    { key: "ec2.instanceType", value: "small", says: 'ec2.instanceType: got "small", takes an EC2 instance type' },
    { key: "ec2.detailedMonitoring", value: 1, says: "ec2.detailedMonitoring: got 1, takes true or false" },
    { key: "ec2.cpuCredits", value: "all", says: 'ec2.cpuCredits: got "all", takes "standard" or "unlimited"' },
    { key: "ec2.ssh", value: { keyName: "k", allowedCidrs: [] }, says: "ec2.ssh.allowedCidrs: got [], takes a list" },
    { key: "ecs.ssh", value: { allowedCidrs: ["10.0.0.0/8"] }, says: "ecs.ssh.keyName: got nothing, takes the name" },
    {
      key: "ec2.fleet",
      value: {},
      says: "ec2.fleet.certificateArn: got nothing, takes the ARN of a certificate; for plain http, give http: true instead",
    },
    {
      key: "ec2.fleet",
      value: { http: true, certificateArn: "arn:aws:acm:x" },
      says: "ec2.fleet.http: got true, takes nothing beside certificateArn, with which port 80 redirects: remove http",
    },
    { key: "ec2.fleet", value: { http: false }, says: "ec2.fleet.http: got false, takes true, or to be left out" },
    { key: "ec2.fleet", value: { certificateArn: "x" }, says: 'ec2.fleet.certificateArn: got "x", takes the ARN' },
    { key: "ec2.fleet", value: { http: true, minInstances: 0 }, says: "ec2.fleet.minInstances: got 0, takes a whole" },
    { key: "ec2.fleet", value: { http: true, maxInstances: 1 }, says: "ec2.fleet.maxInstances: got 1, takes at least" },
    {
      key: "ec2.fleet",
      value: { http: true, domainName: "A.b" },
      says: 'ec2.fleet.domainName: got "A.b", takes a host',
    },
    { key: "ec2.fleet", value: { http: true, cpuPercent: 95 }, says: "ec2.fleet.cpuPercent: got 95, takes a whole" },
    {
      key: "ec2.fleet",
      value: { http: true, instances: 2 },
      says: "ec2.fleet.instances: got a key that is no setting",
    },
    {
      key: "ec2",
      value: {
        allowedCidrs: ["10.0.0.0/8"],
        ssh: { keyName: "k", allowedCidrs: ["10.0.0.0/8"] },
        fleet: { http: true },
      },
      says: 'ec2.ssh: got {"keyName":"k","allowedCidrs":["10.0.0.0/8"]}, takes null beside ec2.fleet',
    },
    { key: "ecs", value: {}, says: "ecs.certificateArn: got nothing, takes the ARN of a certificate; for plain http" },
    {
      key: "ecs",
      value: { http: true },
      says: "ecs.allowedCidrs: got nothing, takes a list of IPv4 blocks beside http",
    },
    { key: "ecs.launchType", value: "EXTERNAL", says: 'ecs.launchType: got "EXTERNAL", takes "FARGATE" or "EC2"' },
    { key: "ecs.services", value: [], says: "ecs.services: got [], takes at least one service" },
    { key: "ecs.services", value: [{ key: "a" }], says: "ecs.services.0.paths: got nothing, takes a list of paths" },
    { key: "ecs.services", value: [{ key: "a b", paths: [] }], says: 'ecs.services.0.key: got "a b", takes 1 to 64' },
    {
      key: "ecs.services",
      value: [{ key: "a", paths: [], maxTasks: 1 }],
      says: "ecs.services.0.maxTasks: got 1, takes at least minTasks (2 when left out)",
    },
    { key: "ecs.image", value: "my image", says: 'ecs.image: got "my image", takes the name of an image' },
    { key: "ecs.repository", value: true, says: "ecs.repository: got true, takes an object" },
    { key: "ecs.cpu", value: "512", says: 'ecs.cpu: got "512", takes a whole number from 128' },
    { key: "ecs.memoryMib", value: 64, says: "ecs.memoryMib: got 64, takes a whole number from 128" },
    { key: "ecs.architecture", value: "arm64", says: 'ecs.architecture: got "arm64", takes "ARM64" or "X86_64"' },
    { key: "ecs.instances", value: 2, says: "ecs.instances: got 2, takes an object" },
    { key: "ecs.containerInsights", value: true, says: "ecs.containerInsights: got true, takes" },
    { key: "ecs.executeCommand", value: 1, says: "ecs.executeCommand: got 1, takes true or false" },
    { key: "ecs.http", value: false, says: "ecs.http: got false, takes true, or to be left out" },
    { key: "lambda", value: true, says: "lambda: got true, takes an object" },
    { key: "lambda", value: { memoryMib: 64 }, says: "lambda.memoryMib: got 64, takes a whole number from 128" },
    { key: "lambda", value: { timeoutSeconds: 0 }, says: "lambda.timeoutSeconds: got 0, takes a whole number from 1" },
    { key: "lambda", value: { reservedConcurrency: 0 }, says: "lambda.reservedConcurrency: got 0, takes a whole" },
    {
      key: "lambda",
      value: { domain: { name: "app.example.com" } },
      says: "lambda.domain.certificateArn: got nothing, takes",
    },
    {
      key: "lambda",
      value: { runtime: "node24" },
      says: 'lambda.runtime: got "node24", takes a runtime of Lambda for Node.js, as in nodejs22.x',
    },
    { key: "lambda", value: { tracing: "on" }, says: 'lambda.tracing: got "on", takes true or false' },
    { key: "lambda", value: { kmsKeyArn: "key" }, says: 'lambda.kmsKeyArn: got "key", takes the ARN of a KMS key' },
    { key: "lambda", value: { logRetentionDays: 0 }, says: "lambda.logRetentionDays: got 0, takes a whole number" },
    {
      key: "lambda",
      value: { photoCache: { engine: "mysql" } },
      says: 'lambda.photoCache.engine: got "mysql", takes "redis" or "memcached"',
    },
    {
      key: "lambda",
      value: { photoCache: { nodes: 0 } },
      says: "lambda.photoCache.nodes: got 0, takes a whole number",
    },
    { key: "lambda", value: { photoCache: { ttlSeconds: 0 } }, says: "lambda.photoCache.ttlSeconds: got 0, takes" },
    { key: "lambda", value: { timeout: 9 }, says: "lambda.timeout: got a key that is no setting" },
    { key: "regoin", value: "eu-west-1", says: "regoin: got a key that is no setting" },
  ])("refuses $key = $value", ({ key, value, says }) => {
    const read = () => readSettings(withSetting(key, value));
    expect(read).toThrow(SettingsError);
    expect(read).toThrow(says);
    expect(read).not.toThrow(/\n/);
  });
});
