import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Annotations, type TerraformStack, Token } from "cdktf";
import { accessString } from "../../../environment";
import { photoAccessString } from "../../../environment/photo-cache";
import { SecurityGroup } from "../../../modules/connections";
import { Network, type ZoneLetter } from "../../../modules/network";
import {
  type IRedisCluster,
  RedisAdministrator,
  RedisServerlessCache,
  type RedisServerlessCacheProps,
} from "../../../modules/redis";
import { synthesize } from "../../synthesized";

type Props = Partial<RedisServerlessCacheProps>;
const ACCOUNT = "ap-northeast-1:123456789012";
const KEY = `arn:aws:kms:${ACCOUNT}:key/mrk-1`;
const SNAPSHOT = `arn:aws:elasticache:${ACCOUNT}:serverlesscachesnapshot:nightly`;

function addCache(stack: TerraformStack, props: Props = {}, zones: readonly ZoneLetter[] = ["a", "c"]) {
  const network = new Network(stack, "network", { availabilityZones: zones });
  return new RedisServerlessCache(stack, "redis", { network, ...props });
}

function addPeer(stack: TerraformStack, redis: IRedisCluster) {
  const network = { vpcId: "vpc-1" };
  redis.allowFrom({ securityGroup: new SecurityGroup(stack, "web", { network, description: "Web" }) });
  redis.grantConnect(new IamRole(stack, "role", { assumeRolePolicy: "{}" }));
}

const cache = (props?: Props, zones?: readonly ZoneLetter[]) =>
  synthesize((stack) => void addCache(stack, props, zones)).the("aws_elasticache_serverless_cache");

describe("RedisServerlessCache creates valid Terraform", () => {
  const stack = synthesize((scope) => {
    const redis = addCache(scope);
    addPeer(scope, redis);
    redis.addUser("photo", photoAccessString);
    new RedisAdministrator(scope, "administrator", { redis });
  });

  test("a cache in all zones, with a login, a snapshot each day, and no limit", () => {
    const { subnet_ids, security_group_ids, ...others } = stack.the("aws_elasticache_serverless_cache");
    expect(subnet_ids).toEqual([
      expect.stringMatching(/^\$\{aws_subnet\.network_private-a_/),
      expect.stringMatching(/^\$\{aws_subnet\.network_private-c_/),
    ]);
    expect(security_group_ids).toEqual([expect.stringMatching(/^\$\{aws_security_group\.redis_security-group_/)]);
    expect(others).toMatchObject({
      name: "session-test-redis",
      engine: "valkey",
      major_engine_version: "8",
      user_group_id: expect.stringMatching(/^\$\{aws_elasticache_user_group\.redis_users_group_/),
      snapshot_retention_limit: 1,
      tags: { Name: "session-test-redis" },
    });
    expect(others).not.toHaveProperty("cache_usage_limits");
  });

  test("which keeps its subnets, since another cache would lose the sessions", () => {
    expect(stack.the("aws_elasticache_serverless_cache").lifecycle).toEqual({
      ignore_changes: ["snapshot_arns_to_restore", "subnet_ids"],
    });
  });

  test("users with the rights of cluster mode, and a default user that is off", () => {
    const rights = Object.values(stack.all("aws_elasticache_user")).map((user) => [user.user_id, user.access_string]);
    expect(rights).toEqual([
      ["session-test-redis-app", accessString("session:", "cluster")],
      ["session-test-redis-nobody", "off -@all"],
      ["session-test-redis-photo", photoAccessString("cluster")],
    ]);
    expect(stack.the("aws_elasticache_user_group").user_ids).toHaveLength(3);
  });

  test("a way in on both ports, and the right to log in to this cache as this user", () => {
    expect(stack.the("aws_vpc_security_group_ingress_rule")).toMatchObject({ from_port: 6379, to_port: 6380 });
    expect(JSON.parse(stack.at("aws_iam_role_policy", "connect").policy).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "elasticache:Connect",
        Resource: [
          expect.stringMatching(/^\$\{aws_elasticache_serverless_cache\.redis_serverless-cache_\w+\.arn\}$/),
          expect.stringMatching(/^\$\{aws_elasticache_user\.redis_users_app_\w+\.arn\}$/),
        ],
      },
    ]);
  });

  test("an administrator of the cache and its snapshots, which has no nodes", () => {
    const { policy } = stack.at("aws_iam_role_policy", "administer");
    expect(policy).toContain(`":serverlesscache:session-test-redis", ":serverlesscachesnapshot:*session-test-redis*"`);
    expect(policy).not.toContain(":cluster:");
  });

  test("with each prop", () => {
    const props: Props = {
      engine: "redis",
      majorEngineVersion: "7",
      dataStorageGb: { min: 2, max: 10 },
      ecpuPerSecond: { max: 50_000 },
      snapshotRetentionDays: 7,
      dailySnapshotTime: "16:00",
      snapshotArns: [SNAPSHOT, `arn:aws:elasticache:${ACCOUNT}:snapshot:of-nodes`],
      encryptionKey: { arn: KEY },
      existingUserGroup: {
        userGroupId: "staff",
        userName: "app",
        passwordSecretArn: `arn:aws:secretsmanager:${ACCOUNT}:secret:redis-AbCdEf`,
      },
    };
    expect(cache(props, ["a", "c", "d"])).toMatchObject({
      engine: "redis",
      major_engine_version: "7",
      cache_usage_limits: [
        { data_storage: [{ minimum: 2, maximum: 10, unit: "GB" }], ecpu_per_second: [{ maximum: 50_000 }] },
      ],
      snapshot_retention_limit: 7,
      daily_snapshot_time: "16:00",
      snapshot_arns_to_restore: props.snapshotArns,
      kms_key_id: KEY,
      user_group_id: "staff",
    });
  });

  test.each([
    ["valkey", undefined, "8"],
    ["valkey", "7", "7"],
    ["valkey", "9", "9"],
    ["redis", undefined, "7"],
  ] as const)("engine %s with version %s is %s", (engine, majorEngineVersion, expected) => {
    const props = { engine, ...(majorEngineVersion && { majorEngineVersion }) };
    expect(cache(props).major_engine_version).toBe(expected);
  });

  test("says how to connect in the contract's words: by one endpoint, as a cluster, with tokens of a serverless cache", () => {
    synthesize((scope) => {
      const redis = addCache(scope);
      const { endpoint, readerEndpoint, connection, connectionByEndpoint } = redis;
      expect(connection).toEqual({
        REDIS_CLUSTER_ENDPOINT: `${endpoint.host}:6379`,
        REDIS_TLS: "true",
        REDIS_CLUSTER_MODE: "enabled",
        REDIS_AUTH: "iam",
        REDIS_USER: "session-test-redis-app",
        REDIS_CACHE_ID: "session-test-redis",
        REDIS_CACHE_TYPE: "serverless",
      });
      expect(connectionByEndpoint).toEqual(connection);
      expect(readerEndpoint.port).toBe(6380);
      expect(redis.addUser("photo", photoAccessString).connection).toMatchObject({
        REDIS_USER: "session-test-redis-photo",
        REDIS_CACHE_TYPE: "serverless",
      });
    });
  });

  test("warns of more zones than AWS documents", () => {
    const warn = jest.spyOn(Annotations.prototype, "addWarning").mockImplementation(() => {});
    cache({}, ["a", "c", "d"]);
    expect(warn).not.toHaveBeenCalled();
    cache({}, ["a", "b", "c", "d"]);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("network: 4 private subnets: AWS documents"));
    warn.mockRestore();
  });
});

describe("RedisServerlessCache refuses", () => {
  const token = Token.asString({ resolve: () => "8", creationStack: [] });

  test.each<{ what: string; props: Props; zones?: readonly ZoneLetter[]; message: string | RegExp }>([
    {
      what: "one zone",
      props: {},
      zones: ["a"],
      message: /test\/redis: network: got 1 private subnet, .*Fix: give the network a second zone/,
    },
    {
      what: "memcached",
      props: { engine: "memcached" as "redis" },
      message: 'engine: got "memcached", allowed: redis, valkey',
    },
    {
      what: "a minor version",
      props: { majorEngineVersion: "8.1" },
      message: /majorEngineVersion: got "8\.1", allowed: the major version alone, .*Fix: write "8"/,
    },
    { what: "a version without IAM", props: { majorEngineVersion: "6" }, message: /got "6", .*Fix: take "8"/ },
    {
      what: "Redis OSS 8",
      props: { engine: "redis", majorEngineVersion: "8" },
      message: /majorEngineVersion: got "8", .* later ones are Valkey\. Fix: take "7"/,
    },
    { what: "no storage", props: { dataStorageGb: { max: 0 } }, message: /dataStorageGb\.max: got 0, .* 1 to 5000/ },
    { what: "half a GB", props: { dataStorageGb: { min: 0.5 } }, message: "dataStorageGb.min: got 0.5" },
    {
      what: "more storage than AWS has",
      props: { dataStorageGb: { max: 5001 } },
      message: "dataStorageGb.max: got 5001",
    },
    { what: "few ECPUs", props: { ecpuPerSecond: { max: 999 } }, message: /ecpuPerSecond\.max: got 999, .* 1000 to/ },
    {
      what: "a lower limit above the upper one",
      props: { ecpuPerSecond: { min: 3000, max: 2000 } },
      message: /ecpuPerSecond: got min 3000, max 2000, .*Fix: exchange the two/,
    },
    { what: "limits without a number", props: { dataStorageGb: {} }, message: "dataStorageGb: got no limit" },
    {
      what: "a misspelt limit",
      props: { dataStorageGb: { maximum: 1 } as Props["dataStorageGb"] & object },
      message: "dataStorageGb.maximum: got an unknown prop, allowed: min, max",
    },
    { what: "snapshots for long", props: { snapshotRetentionDays: 36 }, message: "snapshotRetentionDays: got 36" },
    {
      what: "a window of snapshots",
      props: { dailySnapshotTime: "16:00-17:00" },
      message: /dailySnapshotTime: got "16:00-17:00", allowed: hh:mm in UTC/,
    },
    { what: "a time that is none", props: { dailySnapshotTime: "24:00" }, message: 'dailySnapshotTime: got "24:00"' },
    {
      what: "a time of no snapshots",
      props: { snapshotRetentionDays: 0, dailySnapshotTime: "16:00" },
      message: "dailySnapshotTime: got 16:00 with a retention of 0",
    },
    {
      what: "a cache in place of a snapshot",
      props: { snapshotArns: [`arn:aws:elasticache:${ACCOUNT}:serverlesscache:other`] },
      message: /snapshotArns: got .*:<account>:serverlesscachesnapshot:<name> or snapshot:<name>/,
    },
    {
      what: "a snapshot of another region",
      props: { snapshotArns: [SNAPSHOT.replace("ap-northeast-1", "eu-west-1")] },
      message: "snapshotArns: got one of region eu-west-1",
    },
    {
      what: "a key of another region",
      props: { encryptionKey: { arn: KEY.replace("ap-northeast-1", "eu-west-1") } },
      message: "encryptionKey: got one of region eu-west-1",
    },
    {
      what: "an access string that ElastiCache rewrites",
      props: { accessString: "on allkeys +@all" },
      message: /accessString: got .*Fix: write it like "on ~\* \+@all"/,
    },
    {
      what: "a version known only after deployment",
      props: { engine: token as "redis" },
      message: "engine: got a value known only after deployment",
    },
    {
      what: "a prop of nodes",
      props: { nodeType: "cache.t4g.micro" } as Props,
      message: "nodeType: got an unknown prop",
    },
  ])("$what", ({ props, zones, message }) => {
    expect(() => cache(props, zones)).toThrow(message);
  });

  test("another user of an existing user group", () => {
    const passwordSecretArn = `arn:aws:secretsmanager:${ACCOUNT}:secret:redis-AbCdEf`;
    const existingUserGroup = { userGroupId: "staff", userName: "app", passwordSecretArn };
    const add = () =>
      synthesize((stack) => void addCache(stack, { existingUserGroup }).addUser("photo", photoAccessString));
    expect(add).toThrow(/addUser: got photo, .*Fix: leave existingUserGroup out/);
  });

  test("a name that is too long for AWS", () => {
    const add = () => synthesize((stack) => void addCache(stack), "session-of-a-team-with-a-rather-long-name");
    expect(add).toThrow(/serverless cache name: got .* allowed: at most 40 characters/);
  });
});
