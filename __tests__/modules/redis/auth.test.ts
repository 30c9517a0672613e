import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { TerraformStack } from "cdktf";
import { Network } from "../../../modules/network";
import { RedisAuth, RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { synthesize } from "../../synthesized";

type Props = Partial<RedisClusterProps>;

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redis-AbCdEf";
const existingUserGroup = { userGroupId: "staff", userName: "app", passwordSecretArn: SECRET };

function addRedis(stack: TerraformStack, props: Props): RedisCluster {
  return new RedisCluster(stack, "redis", { network: new Network(stack, "network"), ...props });
}

/** The stack with a role that was let in, twice. */
function connected(props: Props) {
  return synthesize((stack) => {
    const cluster = addRedis(stack, props);
    const role = new IamRole(stack, "web", { assumeRolePolicy: "{}" });
    expect(cluster.grantConnect(role)).toEqual(cluster.grantConnect(role));
  });
}

describe("RedisCluster with auth none", () => {
  test("has no users and no policy, and TLS all the same", () => {
    const stack = connected({ auth: RedisAuth.NONE });
    expect(stack.counts()).not.toHaveProperty("aws_elasticache_user");
    expect(stack.counts()).not.toHaveProperty("aws_elasticache_user_group");
    expect(Object.keys(stack.all("aws_iam_role_policy")).join()).not.toContain("web");
    const group = stack.the("aws_elasticache_replication_group");
    expect(group).toMatchObject({ transit_encryption_enabled: true, transit_encryption_mode: "required" });
    expect(group).not.toHaveProperty("user_group_ids");
    expect(group).not.toHaveProperty("auth_token");
  });

  test("tells the app so", () => {
    synthesize((stack) => {
      const { connection, endpoint } = addRedis(stack, { auth: RedisAuth.NONE });
      expect(connection).toEqual({ REDIS_URL: `rediss://${endpoint.host}:6379`, REDIS_AUTH: "none" });
    });
  });
});

describe("RedisCluster with a user group that is there already", () => {
  test("takes the group and makes no users", () => {
    const stack = connected({ existingUserGroup });
    expect(stack.the("aws_elasticache_replication_group").user_group_ids).toEqual(["staff"]);
    expect(stack.counts()).not.toHaveProperty("aws_elasticache_user");
  });

  test("tells the app who it is and where its password is, and holds no password", () => {
    synthesize((stack) => {
      const { connection, endpoint } = addRedis(stack, { existingUserGroup, shards: 3 });
      expect(connection).toEqual({
        REDIS_CLUSTER_ENDPOINT: `${endpoint.host}:6379`,
        REDIS_TLS: "true",
        REDIS_CLUSTER_MODE: "enabled",
        REDIS_AUTH: "password",
        REDIS_USER: "app",
        REDIS_PASSWORD_ARN: SECRET,
      });
    });
  });

  test("lets a role read exactly that secret", () => {
    const { policy } = connected({ existingUserGroup }).at("aws_iam_role_policy", "read-password-redis");
    expect(JSON.parse(policy).Statement).toEqual([
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [SECRET] },
    ]);
  });

  test("and decrypt it, where the secret has a key of its own", () => {
    const passwordKeyArn = "arn:aws:kms:ap-northeast-1:123456789012:key/1";
    const stack = connected({ existingUserGroup: { ...existingUserGroup, passwordKeyArn } });
    expect(JSON.parse(stack.at("aws_iam_role_policy", "read-password-redis").policy).Statement[1]).toEqual({
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: [passwordKeyArn],
    });
  });
});

describe("RedisCluster refuses", () => {
  test.each<{ what: string; props: Props; message: RegExp }>([
    {
      what: "two logins",
      props: { auth: RedisAuth.IAM, existingUserGroup },
      message: /test\/redis: auth: got iam beside existingUserGroup, .*Fix: leave auth out/,
    },
    {
      what: "a password in place of its secret",
      props: { existingUserGroup: { ...existingUserGroup, passwordSecretArn: "hunter2" } },
      message: /passwordSecretArn: got .*never the password itself/,
    },
    {
      what: "a secret of another partition",
      props: { existingUserGroup: { ...existingUserGroup, passwordSecretArn: SECRET.replace("aws", "aws-cn") } },
      message: /passwordSecretArn: got .*of the stack's partition/,
    },
    {
      what: "rights of a user that is not made",
      props: { auth: RedisAuth.NONE, accessString: "on ~* -@all +get" },
      message: /accessString: got one beside auth none/,
    },
  ])("$what", ({ props, message }) => {
    expect(() => connected(props)).toThrow(message);
  });

  test("without repeating what may be a password", () => {
    const props = { existingUserGroup: { ...existingUserGroup, passwordSecretArn: "hunter2" } };
    expect(() => connected(props)).not.toThrow(/hunter2/);
  });
});
