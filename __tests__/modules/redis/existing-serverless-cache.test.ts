import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { SecurityGroup } from "../../../modules/connections";
import {
  type ExistingRedisAuth,
  type ExistingRedisProps,
  RedisCluster,
  RedisServerlessCache,
} from "../../../modules/redis";
import { synthesize } from "../../synthesized";

const ACCOUNT = "ap-northeast-1:123456789012";

describe("an existing serverless cache", () => {
  const host = "sessions-abc123.serverless.apne1.cache.amazonaws.com";
  const arns = [`arn:aws:elasticache:${ACCOUNT}:serverlesscache:sessions`, `arn:aws:elasticache:${ACCOUNT}:user:app`];
  const auth: ExistingRedisAuth = { kind: "iam", cacheId: "sessions", userName: "app", arns };
  const props: ExistingRedisProps = { host, securityGroupId: "sg-0123456789abcdef0", auth };

  test("takes peers on both ports, and a role with tokens of a serverless cache", () => {
    const stack = synthesize((scope) => {
      const redis = RedisServerlessCache.fromExisting(scope, "redis", props);
      expect(redis.connection).toEqual({
        REDIS_CLUSTER_ENDPOINT: `${host}:6379`,
        REDIS_TLS: "true",
        REDIS_CLUSTER_MODE: "enabled",
        REDIS_AUTH: "iam",
        REDIS_USER: "app",
        REDIS_CACHE_ID: "sessions",
        REDIS_CACHE_TYPE: "serverless",
      });
      expect(redis.addUser).toBeUndefined();
      const network = { vpcId: "vpc-1" };
      redis.allowFrom({ securityGroup: new SecurityGroup(scope, "web", { network, description: "Web" }) });
      redis.grantConnect(new IamRole(scope, "role", { assumeRolePolicy: "{}" }));
    });
    expect(stack.the("aws_vpc_security_group_ingress_rule")).toMatchObject({ from_port: 6379, to_port: 6380 });
    expect(JSON.parse(stack.the("aws_iam_role_policy").policy).Statement).toMatchObject([{ Resource: arns }]);
  });

  test("is one too by the prop of RedisCluster.fromExisting", () => {
    synthesize((scope) => {
      const one = RedisCluster.fromExisting(scope, "one", { ...props, serverless: true });
      const other = RedisServerlessCache.fromExisting(scope, "other", props);
      expect(one.connection).toEqual(other.connection);
    });
  });

  const nodes = [`arn:aws:elasticache:${ACCOUNT}:replicationgroup:sessions`];
  test.each<{ what: string; more: Partial<ExistingRedisProps>; message: RegExp }>([
    {
      what: "one without cluster mode",
      more: { serverless: true, clusterMode: false },
      message: /clusterMode: got false beside serverless, .*Fix: leave it out/,
    },
    { what: "one without TLS", more: { serverless: true, tls: false }, message: /tls: got false beside serverless/ },
    { what: "another port", more: { serverless: true, port: 6380 }, message: /port: got 6380 beside serverless/ },
    {
      what: "a cache of nodes by its ARN",
      more: { serverless: true, auth: { ...auth, arns: nodes } },
      message: /arns: got .*replicationgroup:sessions" with serverless true, .*Fix: leave serverless out/,
    },
    {
      what: "one that is called a cache of nodes, whose tokens it would refuse",
      more: {},
      message: /arns: got .*serverlesscache:sessions" with serverless false, .*Fix: add serverless: true/,
    },
  ])("is refused: $what", ({ more, message }) => {
    expect(() => synthesize((scope) => void RedisCluster.fromExisting(scope, "redis", { ...props, ...more }))).toThrow(
      message,
    );
  });
});
