import type { TerraformStack } from "cdktf";
import { photoAccessString, readPhotoCacheEnvironment } from "../../../environment/photo-cache";
import { PhotoCache, type PhotoCacheProps } from "../../../modules/lambda";
import { MemcachedCluster } from "../../../modules/memcached";
import { Nat, Network } from "../../../modules/network";
import { RedisAuth, RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { type Block, type Synthesized, synthesize } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";

type Props = Partial<PhotoCacheProps>;

function photoCache(
  stack: TerraformStack,
  engine: "redis" | "memcached",
  props: Props,
  redis: Partial<RedisClusterProps>,
) {
  const network = new Network(stack, "network", { nat: Nat.NONE });
  const cache =
    engine === "redis"
      ? new RedisCluster(stack, "redis", { network, ...redis }).addUser("photo", photoAccessString)
      : new MemcachedCluster(stack, "memcached", { network });
  const bundle = smallBundle("exports.handler = 1;\n", "photo-cache.js");
  return new PhotoCache(stack, "photos", { network, cache, bundle, ...props });
}

const synthesized = (engine: "redis" | "memcached", props: Props = {}, redis: Partial<RedisClusterProps> = {}) =>
  synthesize((stack) => photoCache(stack, engine, props, redis));

function egress(s: Synthesized): Block[] {
  return Object.values(s.all("aws_vpc_security_group_egress_rule")).filter(({ security_group_id }) =>
    security_group_id.includes("photos_function_security-group"),
  );
}

/** The function's environment as Lambda would hand it over. */
function parseEnvironment(s: Synthesized): Record<string, string> {
  const { variables } = s.the("aws_lambda_function").environment;
  const text = JSON.stringify(variables)
    .replaceAll(/\$\{aws_elasticache[^}]+\.replication_group_id}/g, "cache")
    .replaceAll(/\$\{aws_elasticache[^}]+}/g, "cache.example")
    .replaceAll(/\$\{aws_dynamodb_table[^}]+}/g, "session-test-photos-Photo");
  return { ...JSON.parse(text), AWS_REGION: "ap-northeast-1" };
}

describe("creates valid Terraform", () => {
  it("has a table on demand, that can be restored, keyed by id, under the key that costs nothing", () => {
    const table = synthesized("redis").the("aws_dynamodb_table");
    expect(table).not.toHaveProperty("server_side_encryption");
    expect(table).toMatchObject({
      name: "session-test-photos-Photo",
      billing_mode: "PAY_PER_REQUEST",
      hash_key: "id",
      attribute: [{ name: "id", type: "S" }],
      point_in_time_recovery: { enabled: true },
      deletion_protection_enabled: false,
    });
    const asked = synthesized("redis", { tableName: "Photo", deletionProtection: true }).the("aws_dynamodb_table");
    expect(asked).toMatchObject({ name: "Photo", deletion_protection_enabled: true });
  });

  it("takes a key of one's own for the table, which its reader may use", () => {
    const arn = "arn:aws:kms:ap-northeast-1:123456789012:key/mine";
    const s = synthesized("redis", { tableKey: { arn } });
    expect(s.the("aws_dynamodb_table").server_side_encryption).toEqual({ enabled: true, kms_key_arn: arn });
    const { Statement } = JSON.parse(s.at("aws_iam_role_policy", "read-photos").policy);
    expect(Statement).toContainEqual({ Effect: "Allow", Action: "kms:Decrypt", Resource: arn });
  });

  it("refuses a table's key of another region, and a name DynamoDB does not take", () => {
    const elsewhere = "arn:aws:kms:eu-west-1:123456789012:key/mine";
    expect(() => synthesized("redis", { tableKey: { arn: elsewhere } })).toThrow(
      "tableKey: got one of region eu-west-1",
    );
    expect(() => synthesized("redis", { tableName: "my photos" })).toThrow('DynamoDB table name: got "my photos"');
  });

  it("reads its table and writes nowhere", () => {
    const s = synthesized("redis");
    const { Statement } = JSON.parse(s.at("aws_iam_role_policy", "read-photos").policy);
    expect(Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["dynamodb:Scan", "dynamodb:GetItem"],
        Resource: expect.stringMatching(/^\$\{aws_dynamodb_table\.photos_table_\w+\.arn}$/),
      },
    ]);
    expect(s.the("aws_lambda_function").depends_on).toContainEqual(expect.stringMatching(/read-photos/));
  });

  it("on Redis, is a user of its own that sees photos and no session", () => {
    const s = synthesized("redis");
    const users = Object.values(s.all("aws_elasticache_user")).map(({ user_id, access_string }) => [
      user_id,
      access_string,
    ]);
    expect(Object.fromEntries(users)).toMatchObject({ "session-test-redis-photo": photoAccessString() });
    expect(s.the("aws_elasticache_user_group").user_ids).toHaveLength(3);
    const connects = s.at("aws_iam_role_policy", "photos_function_role_connect-redis");
    expect(connects.policy).toMatch(/aws_elasticache_user\.redis_users_photo_\w+\.arn/);
    expect(connects.policy).not.toMatch(/users_app/);
    expect(readPhotoCacheEnvironment(parseEnvironment(s))).toMatchObject({
      cache: { engine: "redis", redis: { tls: true, auth: { kind: "iam", user: "session-test-redis-photo" } } },
      table: "session-test-photos-Photo",
      key: "id",
    });
    expect(
      egress(s)
        .map(({ from_port }) => from_port)
        .sort(),
    ).toEqual([443, 6379]);
  });

  it("on Redis in cluster mode, with the rights a client needs there", () => {
    const s = synthesized("redis", {}, { shards: 2 });
    const { access_string } = s.at("aws_elasticache_user", "users_photo");
    expect(access_string).toBe(photoAccessString("cluster"));
    expect(readPhotoCacheEnvironment(parseEnvironment(s)).cache).toMatchObject({ redis: { cluster: true } });
  });

  it("on Redis without logins, does not log in either", () => {
    const s = synthesized("redis", {}, { auth: RedisAuth.NONE });
    expect(s.counts()).not.toHaveProperty("aws_elasticache_user");
    expect(readPhotoCacheEnvironment(parseEnvironment(s)).cache).toMatchObject({ redis: { auth: { kind: "none" } } });
  });

  it("on memcached, reaches its port and logs in nowhere", () => {
    const s = synthesized("memcached");
    expect(readPhotoCacheEnvironment(parseEnvironment(s)).cache).toMatchObject({
      engine: "memcached",
      memcached: { tls: true },
    });
    expect(
      egress(s)
        .map(({ from_port }) => from_port)
        .sort(),
    ).toEqual([11_211, 443]);
    expect(s.text).not.toContain("elasticache:Connect");
  });

  it("without NAT, reaches DynamoDB by its gateway endpoint, which costs nothing", () => {
    const s = synthesized("memcached");
    const https = egress(s).find(({ from_port }) => from_port === 443);
    expect(https?.prefix_list_id).toMatch(/^\$\{aws_vpc_endpoint\.network_dynamodb-endpoint/);
    const kinds = Object.values(s.all("aws_vpc_endpoint")).map(({ vpc_endpoint_type }) => vpc_endpoint_type);
    expect(new Set(kinds)).toEqual(new Set(["Gateway"]));
  });
});

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string }>([
    {
      what: "no time for what it waits for",
      props: { timeoutSeconds: 4 },
      message: "timeoutSeconds: got 4, allowed: a whole number from 5 to 59",
    },
    { what: "no lifetime", props: { ttlSeconds: 0 }, message: 'ttlSeconds: got 0, allowed: PHOTO_TTL: got "0", takes' },
    {
      what: "more at once than there are connections",
      props: { reservedConcurrency: 26_001 },
      message: "from 1 to 26000",
    },
    { what: "a bundle that is not there", props: { bundle: "/nowhere.js" }, message: "got /nowhere.js (ENOENT)" },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized("memcached", props)).toThrow(message);
  });

  it("more at once than the nodes of its Redis have connections for", () => {
    expect(() => synthesized("redis", { reservedConcurrency: 8_001 })).toThrow("from 1 to 8000");
  });

  it("a user in an existing user group", () => {
    const existingUserGroup = {
      userGroupId: "staff",
      userName: "app",
      passwordSecretArn: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redis-AbCdEf",
    };
    expect(() => synthesized("redis", {}, { existingUserGroup })).toThrow(
      "session-test/redis: addUser: got photo, allowed: a cache whose users this module keeps",
    );
  });
});
