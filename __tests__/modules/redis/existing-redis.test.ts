import { Eip } from "@cdktf/provider-aws/lib/eip";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import type { TerraformStack } from "cdktf";
import { SecurityGroup } from "../../../modules/connections";
import { type ExistingRedisAuth, type ExistingRedisProps, RedisCluster } from "../../../modules/redis";
import { synthesize } from "../../synthesized";

const host = "clustercfg.shared.abc123.apne1.cache.amazonaws.com";
const arns = [
  "arn:aws:elasticache:ap-northeast-1:123456789012:replicationgroup:shared",
  "arn:aws:elasticache:ap-northeast-1:123456789012:user:app",
];
const iam: ExistingRedisAuth = { kind: "iam", cacheId: "shared", userName: "app", arns };
const passwordSecretArn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redis-AbCdEf";

function addRedis(stack: TerraformStack, props: Partial<ExistingRedisProps> = {}) {
  const securityGroupId = "sg-0123456789abcdef0";
  return RedisCluster.fromExisting(stack, "redis", { host, securityGroupId, auth: iam, ...props });
}

/** The stack with compute that may connect. */
function connected(props: Partial<ExistingRedisProps> = {}) {
  return synthesize((stack) => {
    const redis = addRedis(stack, props);
    const network = { vpcId: "vpc-1" };
    const web = { securityGroup: new SecurityGroup(stack, "web", { network, description: "Web" }) };
    const role = new IamRole(stack, "role", { assumeRolePolicy: "{}" });
    new Eip(stack, "compute", { dependsOn: [...redis.allowFrom(web), ...redis.grantConnect(role)] });
  });
}

describe("RedisCluster.fromExisting creates valid Terraform", () => {
  test("adds the rule that lets compute in to the group that is there, and makes nothing else of the cache", () => {
    const stack = connected({ port: 6380 });
    expect(stack.the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      security_group_id: "sg-0123456789abcdef0",
      referenced_security_group_id: expect.stringContaining("aws_security_group.web"),
      from_port: 6380,
      to_port: 6380,
    });
    expect(stack.the("aws_vpc_security_group_egress_rule")).toMatchObject({
      security_group_id: expect.stringContaining("aws_security_group.web"),
      referenced_security_group_id: "sg-0123456789abcdef0",
    });
    expect(Object.keys(stack.counts()).join()).not.toContain("elasticache");
    expect(stack.the("aws_security_group").description).toBe("Web");
  });

  test("compute can wait for the rules and for its right to log in", () => {
    expect(connected().the("aws_eip").depends_on).toHaveLength(3);
  });

  test.each<{ what: string; props: Partial<ExistingRedisProps>; connection: Record<string, string> }>([
    {
      what: "by IAM",
      props: {},
      connection: {
        REDIS_URL: `rediss://${host}:6379`,
        REDIS_AUTH: "iam",
        REDIS_USER: "app",
        REDIS_CACHE_ID: "shared",
      },
    },
    {
      what: "with a password, in cluster mode",
      props: { clusterMode: true, auth: { kind: "password", userName: "app", passwordSecretArn } },
      connection: {
        REDIS_CLUSTER_ENDPOINT: `${host}:6379`,
        REDIS_TLS: "true",
        REDIS_CLUSTER_MODE: "enabled",
        REDIS_AUTH: "password",
        REDIS_USER: "app",
        REDIS_PASSWORD_ARN: passwordSecretArn,
      },
    },
    {
      what: "with a password of the default user",
      props: { auth: { kind: "password", passwordSecretArn } },
      connection: {
        REDIS_URL: `rediss://${host}:6379`,
        REDIS_AUTH: "password",
        REDIS_PASSWORD_ARN: passwordSecretArn,
      },
    },
    {
      what: "with no login and no TLS",
      props: { tls: false, auth: { kind: "none" } },
      connection: { REDIS_URL: `redis://${host}:6379`, REDIS_AUTH: "none" },
    },
    {
      what: "with no login and no TLS, in cluster mode",
      props: { tls: false, clusterMode: true, auth: { kind: "none" } },
      connection: {
        REDIS_CLUSTER_ENDPOINT: `${host}:6379`,
        REDIS_TLS: "false",
        REDIS_CLUSTER_MODE: "enabled",
        REDIS_AUTH: "none",
      },
    },
  ])("tells the app how to connect $what", ({ props, connection }) => {
    synthesize((stack) => expect(addRedis(stack, props).connection).toEqual(connection));
  });

  test("a role is let in to exactly that cache as exactly that user", () => {
    expect(JSON.parse(connected().the("aws_iam_role_policy").policy).Statement).toEqual([
      { Effect: "Allow", Action: "elasticache:Connect", Resource: arns },
    ]);
  });
});

describe("RedisCluster.fromExisting refuses", () => {
  test.each<{ what: string; props: Partial<ExistingRedisProps>; message: string | RegExp }>([
    { what: "a URL", props: { host: `rediss://${host}` }, message: /test\/redis: host: got "rediss:.*without scheme/ },
    { what: "a port in the host", props: { host: `${host}:6379` }, message: /host: got .*:6379/ },
    { what: "a port that is none", props: { port: 0 }, message: /Port: got 0/ },
    { what: "a group that is none", props: { securityGroupId: "cache" }, message: /security group id: got "cache"/ },
    { what: "IAM without TLS", props: { tls: false }, message: /auth: got iam without TLS/ },
    {
      what: "a cache id in capitals",
      props: { auth: { ...iam, cacheId: "Shared" } as ExistingRedisAuth },
      message: /cacheId: got "Shared", .*Fix: write "shared"/,
    },
    {
      what: "every cache of the account",
      props: { auth: { ...iam, arns: ["arn:aws:elasticache:*:*:replicationgroup:*"] } as ExistingRedisAuth },
      message: /arns: got .*allowed: arn:aws:elasticache:ap-northeast-1:<account>/,
    },
    {
      what: "a cache of another region, whose tokens would be signed for this one",
      props: {
        auth: { ...iam, arns: iam.arns.map((arn) => arn.replace("ap-northeast-1", "eu-west-1")) } as ExistingRedisAuth,
      },
      message: "arns: got one of region eu-west-1, allowed: one of region ap-northeast-1",
    },
    {
      what: "a password's key of another region than its secret",
      props: {
        auth: {
          kind: "password",
          passwordSecretArn: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:redis-AbCdEf",
          passwordKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/k",
        },
      },
      message: "passwordKeyArn: got one of region eu-west-1, allowed: one of region ap-northeast-1",
    },
  ])("$what", ({ props, message }) => {
    expect(() => connected(props)).toThrow(message);
  });
});
