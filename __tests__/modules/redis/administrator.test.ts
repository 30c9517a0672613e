import { Network } from "../../../modules/network";
import { RedisAdministrator, type RedisAdministratorProps, RedisCluster } from "../../../modules/redis";
import { synthesize } from "../../synthesized";

const administered = (props: Partial<RedisAdministratorProps> = {}) =>
  synthesize((stack) => {
    const redis = new RedisCluster(stack, "redis", { network: new Network(stack, "network") });
    new RedisAdministrator(stack, "administrator", { redis, ...props });
  });
/** The policy's statement; Terraform's quotes inside of an expression are no JSON. */
function parseStatement(props?: Partial<RedisAdministratorProps>) {
  const { policy } = administered(props).at("aws_iam_role_policy", "administer");
  return JSON.parse(policy.replaceAll(/\$\{replace\(.*?\)\}/g, (call: string) => call.replaceAll('"', "'")))
    .Statement[0];
}

describe("RedisAdministrator", () => {
  test("has every right on the stack's own cache, its users, nodes and snapshots", () => {
    const { Action, Resource } = parseStatement();
    expect(Action).toBe("elasticache:*");
    expect(Resource).toHaveLength(6);
    expect(Resource[0]).toMatch(/^\$\{aws_elasticache_replication_group\.\S+\.arn\}$/);
    expect(Resource.slice(1, 4).join()).toMatch(/user_group\.\S+\.arn.*user\.\S+\.arn.*user\.\S+\.arn/);
    expect(Resource[4]).toContain("':replicationgroup:session-test-redis', ':cluster:session-test-redis-*'");
    expect(Resource[5]).toContain("':snapshot:*session-test-redis*'");
  });

  test("on every cache, only when that is asked for by name", () => {
    expect(JSON.stringify(parseStatement().Resource)).not.toContain('"*"');
    expect(parseStatement({ resources: "*" }).Resource).toBe("*");
  });

  test.each<{ props: Partial<RedisAdministratorProps>; principal: object }>([
    { props: {}, principal: { Service: "ec2.amazonaws.com" } },
    {
      props: { trustedArns: ["arn:aws:iam::123456789012:role/operators"] },
      principal: { AWS: ["arn:aws:iam::123456789012:role/operators"] },
    },
  ])("is for whom it is trusted to: $principal", ({ props, principal }) => {
    const { assume_role_policy } = administered(props).at("aws_iam_role", "administrator_role");
    expect(JSON.parse(assume_role_policy).Statement).toEqual([
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: principal },
    ]);
  });

  test.each([
    { trustedArns: ["*"], message: /administrator: trustedArns: got \*, / },
    { trustedArns: [], message: /trustedArns: got an empty list/ },
    {
      trustedArns: ["arn:aws-cn:iam::123456789012:role/operators"],
      message: /trustedArns: got arn:aws-cn:\S+, allowed: ARNs of IAM users or roles of the stack's partition/,
    },
  ])("refuses $trustedArns", ({ trustedArns, message }) => {
    expect(() => administered({ trustedArns })).toThrow(message);
  });
});
