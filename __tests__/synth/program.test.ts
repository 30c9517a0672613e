import type { Synthesized } from "../synthesized";
import { refusal, synthesizeStack } from "../synthesized/program";

describe("settings that cannot be deployed", () => {
  it.each([
    {
      context: { availabilityZones: ["a"] },
      says: /^redis\.replicas: got 1 in one availability zone, .* Fix: .*replicas: 0.*$/,
    },
    {
      context: { vpcCidr: "10.0.0.0/28" },
      says: /^vpcCidr: got 10\.0\.0\.0\/28, .* Fix: .*$/,
    },
    {
      context: {
        ec2: {
          allowedCidrs: ["203.0.113.0/24"],
          fleet: { certificateArn: `arn:aws:acm:us-east-1:123456789012:certificate/${"0".repeat(36)}` },
        },
      },
      says: /^ec2\.fleet\.certificateArn: got one of region us-east-1, .*ap-northeast-1.* Fix: .*$/,
    },
  ])("says in one line what is wrong with $context", ({ context, says }) => {
    expect(refusal(context)).toMatch(says);
  });
});

describe("a stack", () => {
  it("uses an existing Redis: a rule to reach it, no cache of its own, no alarms on it", () => {
    const stack = synthesizeStack({
      existingRedis: { host: "master.shared", securityGroupId: "sg-0123456789abcdef0", auth: { kind: "none" } },
    });
    expect(Object.keys(stack.counts()).join()).not.toContain("elasticache");
    const ingress = Object.values(stack.all("aws_vpc_security_group_ingress_rule"));
    expect(ingress.map(({ security_group_id }) => security_group_id)).toContain("sg-0123456789abcdef0");
    expect(stack.the("aws_instance").user_data).toContain("rediss://master.shared:6379");
    const namespaces = Object.values(stack.all("aws_cloudwatch_metric_alarm")).map(({ namespace }) => namespace);
    expect(namespaces).not.toContain("AWS/ElastiCache");
    expect(stack.json.output?.redis_endpoint?.value).toBe("master.shared:6379");
  });

  it("watches what it makes, unless that is unwanted", () => {
    const topicArn = "arn:aws:sns:ap-northeast-1:123456789012:on-call";
    const alarms = Object.values(synthesizeStack({ alarms: { topicArn } }).all("aws_cloudwatch_metric_alarm"));
    expect(alarms).toHaveLength(18);
    for (const { alarm_actions } of alarms) expect(alarm_actions).toEqual([topicArn]);
    const unwatched = synthesizeStack({ alarms: null }).counts();
    expect(Object.keys(unwatched).join()).not.toContain("cloudwatch_metric_alarm");
    expect(unwatched).not.toHaveProperty("aws_cloudwatch_dashboard");
  });

  it("takes each setting of its cache, under the longest name", () => {
    const stack = synthesizeStack({
      name: "a".repeat(20),
      redis: {
        shards: 3,
        replicas: 2,
        nodeType: "cache.m7g.large",
        scaling: { shards: { min: 3, max: 9 } },
        auth: "none",
        kmsKeyArn: "arn:aws:kms:ap-northeast-1:123456789012:key/1",
        notificationTopicArn: "arn:aws:sns:ap-northeast-1:123456789012:caches",
        parameters: { timeout: "300" },
        autoMinorVersionUpgrade: false,
        slowLogRetentionDays: 7,
        engineLogRetentionDays: 30,
      },
    });
    expect(stack.the("aws_elasticache_replication_group")).toMatchObject({
      num_node_groups: 3,
      replicas_per_node_group: 2,
      kms_key_id: "arn:aws:kms:ap-northeast-1:123456789012:key/1",
      notification_topic_arn: "arn:aws:sns:ap-northeast-1:123456789012:caches",
      auto_minor_version_upgrade: "false",
      log_delivery_configuration: [{ log_type: "slow-log" }, { log_type: "engine-log" }],
    });
    expect(stack.the("aws_appautoscaling_target").max_capacity).toBe(9);
    expect(stack.the("aws_elasticache_parameter_group").parameter).toContainEqual({ name: "timeout", value: "300" });
    expect(stack.the("aws_instance").user_data).toMatch(/REDIS_CLUSTER_MODE="enabled"/);
  });
});

describe("a network that is there already", () => {
  const subnet = (digit: string, cidr: string) => ({ subnetId: `subnet-${digit.repeat(17)}`, cidr });
  const existingNetwork = {
    vpcId: "vpc-0a1b2c3d4e5f60718",
    cidr: "172.31.0.0/16",
    publicSubnets: { a: subnet("1", "172.31.0.0/24") },
    privateSubnets: { a: subnet("2", "172.31.16.0/20"), c: subnet("3", "172.31.32.0/20") },
  };
  const instead = { vpcCidr: null, availabilityZones: null, nat: null };

  it("holds the whole stack, and nothing of it is made or changed", () => {
    const stack = synthesizeStack({ ...instead, existingNetwork });
    expect(
      Object.keys(stack.counts()).filter((type) => /vpc$|_subnet$|gateway|route|flow|endpoint/.test(type)),
    ).toEqual([]);
    expect(stack.the("aws_instance").subnet_id).toBe(existingNetwork.publicSubnets.a.subnetId);
  });

  it("is refused in one line, by the name of its setting", () => {
    expect(refusal({ ...instead, existingNetwork: { ...existingNetwork, cidr: "10.0.0.0/16" } })).toMatch(
      /^existingNetwork\.publicSubnets\.a\.cidr: got .* Fix: .*$/,
    );
  });
});

describe("a third zone, and a NAT gateway in each", () => {
  /** Arguments that grow with the zones, in place: lists of subnets and tables, and dependencies. */
  const GROWS = ["subnet_ids", "subnets", "vpc_zone_identifier", "route_table_ids", "depends_on"];
  /** Private subnets go over from the one gateway's table to their own zone's. */
  const GOES_OVER = ["aws_route.network_private_default", "aws_route_table_association.network_private-"];
  const fleet = { allowedCidrs: ["203.0.113.0/24"], fleet: { http: true } };

  it("change no address and no block of what stands", () => {
    const before = synthesizeStack({ nat: "single", ec2: fleet }).resources();
    const after = synthesizeStack({ nat: "per-zone", availabilityZones: ["a", "c", "d"], ec2: fleet }).resources();
    const changed = Object.entries(before).flatMap(([type, blocks]) =>
      Object.entries(blocks).flatMap(([address, block]) => {
        const now = after[type]?.[address] ?? {};
        const keys = Object.keys(block).filter((key) => JSON.stringify(now[key]) !== JSON.stringify(block[key]));
        return keys.filter((key) => !GROWS.includes(key)).map((key) => `${type}.${address} ${key}`);
      }),
    );
    const others = changed.filter((change) => !GOES_OVER.some((place) => change.startsWith(place)));
    expect(others).toEqual([]);
    expect(Object.keys(after.aws_nat_gateway ?? {})).toHaveLength(3);
    expect(after.aws_eip).toMatchObject(before.aws_eip ?? {});
  });
});

describe("two environments in one account", () => {
  /** Names that are unique in an account and region; an inline policy of a role or a group has none. */
  const NAMES = /^(name|name_prefix|alarm_name|dashboard_name|bucket|bucket_prefix|\w+_group_id|user_id)$/;
  const accountWide = (stack: Synthesized) =>
    Object.entries(stack.resources())
      .filter(([type]) => !["aws_iam_role_policy", "aws_autoscaling_policy"].includes(type))
      .flatMap(([, blocks]) => Object.values(blocks))
      .flatMap((block) => Object.entries(block))
      .flatMap(([key, value]) => (NAMES.test(key) && typeof value === "string" ? [value] : []))
      .filter((value) => !value.includes("$" + "{"));

  it("share no account-wide name", () => {
    // Of all the ways to deploy, the one with the most names.
    const ec2 = { allowedCidrs: ["203.0.113.0/24"], fleet: { http: true } };
    for (const id of ["session-ec2", "session-ecs"]) {
      const [names, others] = [
        accountWide(synthesizeStack({ ec2 }, id)),
        accountWide(synthesizeStack({ ec2, name: "shop" }, id)),
      ];
      expect(names.length).toBeGreaterThan(5);
      expect(names.filter((name) => others.includes(name))).toEqual([]);
    }
  });

  it("share no state, in a file or in a bucket", () => {
    const { backend } = synthesizeStack({}).json.terraform;
    expect(backend.local.path).toMatch(/\/terraform\.session-ec2\.tfstate$/);
    expect(synthesizeStack({ name: "shop" }).json.terraform.backend.local.path).toMatch(
      /\/terraform\.shop-ec2\.tfstate$/,
    );
    const bucketKey = (settings: Record<string, unknown>) => synthesizeStack(settings).json.terraform.backend.s3.key;
    expect(bucketKey({ stateBucket: "states" })).toBe("session/session-ec2.tfstate");
    const stateBucket = { name: "states", keyPrefix: "team" };
    expect(bucketKey({ name: "shop", stateBucket })).toBe("team/shop/session-ec2.tfstate");
  });
});
