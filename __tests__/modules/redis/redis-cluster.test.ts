import { Eip } from "@cdktf/provider-aws/lib/eip";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { accessString } from "../../../environment/redis-access";
import { SecurityGroup } from "../../../modules/connections";
import type { ZoneLetter } from "../../../modules/network";
import { RedisCluster, RedisEngine } from "../../../modules/redis";
import { type Block, synthesize } from "../../synthesized";
import { addRedis, type Props, redis, warningsOf } from "./stack";

const KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/mrk-1";
const TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:caches";

describe("RedisCluster creates valid Terraform", () => {
  test.each<{ what: string; props: Props; zones?: readonly ZoneLetter[]; expected: Block }>([
    {
      what: "by default a primary with a replica in another zone",
      props: {},
      expected: { num_cache_clusters: 2, automatic_failover_enabled: true, multi_az_enabled: true },
    },
    {
      what: "a single node",
      props: { replicas: 0 },
      expected: { num_cache_clusters: 1, automatic_failover_enabled: false, multi_az_enabled: false },
    },
    {
      what: "a primary with two replicas",
      props: { replicas: 2 },
      expected: { num_cache_clusters: 3, automatic_failover_enabled: true, multi_az_enabled: true },
    },
    {
      what: "a replica in the only zone, explicitly",
      props: { multiAz: false },
      zones: ["a"],
      expected: { num_cache_clusters: 2, automatic_failover_enabled: true, multi_az_enabled: false },
    },
    {
      what: "failover by hand",
      props: { automaticFailover: false },
      expected: { num_cache_clusters: 2, automatic_failover_enabled: false, multi_az_enabled: false },
    },
    {
      what: "failover in one zone of two",
      props: { multiAz: false },
      expected: { automatic_failover_enabled: true, multi_az_enabled: false },
    },
    {
      what: "a node type, windows, snapshots, a key and a topic of one's own",
      props: {
        nodeType: "cache.r7g.large",
        maintenanceWindow: "sun:18:00-sun:19:00",
        snapshotWindow: "16:00-17:00",
        snapshotRetentionDays: 7,
        finalSnapshotName: "last-words",
        encryptionKey: { arn: KEY },
        notificationTopic: { arn: TOPIC },
      },
      expected: {
        node_type: "cache.r7g.large",
        maintenance_window: "sun:18:00-sun:19:00",
        snapshot_window: "16:00-17:00",
        snapshot_retention_limit: 7,
        final_snapshot_identifier: "last-words",
        kms_key_id: KEY,
        notification_topic_arn: TOPIC,
      },
    },
  ])("$what", ({ props, zones, expected }) => {
    expect(redis(props, zones).the("aws_elasticache_replication_group")).toMatchObject(expected);
  });

  test.each([
    { engine: RedisEngine.REDIS_7_1, name: "redis", version: "7.1", family: "redis7" },
    { engine: RedisEngine.VALKEY_8_0, name: "valkey", version: "8.0", family: "valkey8" },
  ])("$name $version with its own parameter group of $family", ({ engine, name, version, family }) => {
    const stack = redis({ engine });
    expect(stack.the("aws_elasticache_replication_group")).toMatchObject({
      engine: name,
      engine_version: version,
      port: 6379,
      parameter_group_name: expect.stringMatching(/^\$\{aws_elasticache_parameter_group\..*\.name\}$/),
    });
    expect(stack.the("aws_elasticache_parameter_group")).toMatchObject({
      name: `session-test-redis-${family}`,
      family,
      lifecycle: { create_before_destroy: true },
      parameter: [{ name: "maxmemory-policy", value: "volatile-lru" }],
    });
  });

  test("begins with a snapshot, which replaces no cache that is there", () => {
    const group = redis({ snapshotName: "before-shards" }).the("aws_elasticache_replication_group");
    expect(group.snapshot_name).toBe("before-shards");
    for (const { lifecycle } of [group, redis().the("aws_elasticache_replication_group")]) {
      expect(lifecycle.ignore_changes).toContain("snapshot_name");
    }
  });

  test("a change from Redis to Valkey touches the replication group and its parameters alone", () => {
    const before = redis({ engine: RedisEngine.REDIS_7_1 }).resources();
    const after = redis({ engine: RedisEngine.VALKEY_8_0 }).resources();
    const { aws_elasticache_replication_group: _, aws_elasticache_parameter_group: __, ...rest } = before;
    expect(after).toMatchObject(rest);
    for (const type of ["aws_elasticache_replication_group", "aws_elasticache_parameter_group"]) {
      expect(Object.keys(after[type] ?? {})).toEqual(Object.keys(before[type] ?? {}));
    }
  });

  test("parameters beside the module's own and in their place, in one order", () => {
    const parameters = { timeout: "300", "maxmemory-policy": "noeviction", activedefrag: "yes" };
    expect(redis({ parameters }).the("aws_elasticache_parameter_group").parameter).toEqual([
      { name: "activedefrag", value: "yes" },
      { name: "maxmemory-policy", value: "noeviction" },
      { name: "timeout", value: "300" },
    ]);
  });

  test("encryption both ways, no token, no final snapshot", () => {
    const cluster = redis().the("aws_elasticache_replication_group");
    expect(cluster).toMatchObject({
      at_rest_encryption_enabled: "true",
      transit_encryption_enabled: true,
      transit_encryption_mode: "required",
      snapshot_retention_limit: 1,
    });
    expect(Object.keys(cluster).join()).not.toMatch(/auth_token|final_snapshot|num_node_groups/);
  });

  test("no snapshots when none are wanted", () => {
    const stack = redis({ snapshotRetentionDays: 0 });
    expect(stack.the("aws_elasticache_replication_group").snapshot_retention_limit).toBe(0);
  });

  test("an IAM user whose name is its id, in lower case, and a default user that is off", () => {
    const stack = redis({}, undefined, "Session-Test");
    expect(stack.at("aws_elasticache_user", "users_app")).toMatchObject({
      user_id: "session-test-redis-app",
      user_name: "session-test-redis-app",
      engine: "redis",
      access_string: accessString("session:"),
      authentication_mode: { type: "iam" },
    });
    const nobody = stack.at("aws_elasticache_user", "users_default");
    expect(nobody).toMatchObject({ user_name: "default", engine: "redis", access_string: "off -@all" });
    // The provider reads "no-password-required" back as "no-password": a change in every plan.
    expect(nobody).not.toHaveProperty("authentication_mode");
    expect(stack.the("aws_elasticache_user_group").user_ids).toHaveLength(2);
    const all = ["aws_elasticache_user", "aws_elasticache_user_group"].flatMap((type) =>
      Object.values(stack.all(type)),
    );
    // Deleted before the group lets go of it, a user is one that AWS refuses to take out (terraform-provider-aws#43281).
    for (const { lifecycle } of all) expect(lifecycle).toEqual({ create_before_destroy: true });
    expect(stack.the("aws_elasticache_replication_group").user_group_ids).toHaveLength(1);
  });

  test("the slow log goes to a group of its own, as JSON, at once", () => {
    const stack = redis({ slowLogRetentionDays: 30 });
    expect(stack.at("aws_cloudwatch_log_group", "slow-log")).toMatchObject({
      name: "/aws/elasticache/session-test-redis-slow-log",
      retention_in_days: 30,
    });
    expect(stack.the("aws_elasticache_replication_group")).toMatchObject({
      apply_immediately: true,
      log_delivery_configuration: [
        {
          log_type: "slow-log",
          log_format: "json",
          destination_type: "cloudwatch-logs",
          destination: expect.stringContaining("slow-log"),
        },
      ],
    });
  });

  test("the engine's log, when it is wanted, in a second group", () => {
    const stack = redis({ engineLogRetentionDays: 7 });
    expect(stack.at("aws_cloudwatch_log_group", "engine-log").retention_in_days).toBe(7);
    const { log_delivery_configuration } = stack.the("aws_elasticache_replication_group");
    expect(log_delivery_configuration).toMatchObject([{ log_type: "slow-log" }, { log_type: "engine-log" }]);
    expect(log_delivery_configuration[0].destination).not.toBe(log_delivery_configuration[1].destination);
  });

  test("in the private subnets, in a security group without rules until a peer is named", () => {
    const stack = redis();
    const { subnet_ids } = stack.the("aws_elasticache_subnet_group");
    expect(subnet_ids).toEqual([expect.stringContaining("private-a"), expect.stringContaining("private-c")]);
    expect(stack.counts()).not.toHaveProperty("aws_vpc_security_group_ingress_rule");
    expect(stack.the("aws_elasticache_replication_group").security_group_ids).toHaveLength(1);
  });

  test("a named peer gets to port 6379, and compute can wait for it", () => {
    const stack = synthesize((stack) => {
      const cluster = addRedis(stack);
      const network = { vpcId: "vpc-1" };
      const web = { securityGroup: new SecurityGroup(stack, "web", { network, description: "Web" }) };
      new Eip(stack, "compute", { dependsOn: cluster.allowFrom(web) });
    });
    const rule = stack.the("aws_vpc_security_group_ingress_rule");
    expect(rule).toMatchObject({ from_port: 6379, to_port: 6379, ip_protocol: "tcp" });
    expect(rule.security_group_id).toContain("redis_security-group");
    expect(rule.referenced_security_group_id).toContain("aws_security_group.web");
    expect(Object.keys(rule).join()).not.toContain("cidr");
    expect(stack.at("aws_eip", "compute").depends_on).toHaveLength(2);
  });

  test("a role is let in to exactly this cache as exactly this user, once", () => {
    const stack = synthesize((stack) => {
      const cluster = addRedis(stack);
      const role = new IamRole(stack, "web", { assumeRolePolicy: "{}" });
      expect(cluster.grantConnect(role)).toEqual(cluster.grantConnect(role));
      new Eip(stack, "compute", { dependsOn: cluster.grantConnect(role) });
    });
    const policy = stack.at("aws_iam_role_policy", "connect-redis");
    expect(policy.role).toMatch(/^\$\{aws_iam_role\.web\.name\}$/);
    expect(JSON.parse(policy.policy).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "elasticache:Connect",
        Resource: [
          expect.stringMatching(/^\$\{aws_elasticache_replication_group\.\S+\.arn\}$/),
          expect.stringMatching(/^\$\{aws_elasticache_user\.redis_users_app_\w+\.arn\}$/),
        ],
      },
    ]);
    expect(stack.at("aws_eip", "compute").depends_on).toEqual([expect.stringContaining("connect-redis")]);
  });

  test("tells clients where to connect, as whom and for which cache", () => {
    synthesize((stack) => {
      const { endpoint, connection, members } = addRedis(stack, { replicas: 2 });
      expect(endpoint.port).toBe(6379);
      expect(members).toEqual(["session-test-redis-001", "session-test-redis-002", "session-test-redis-003"]);
      expect(connection).toEqual({
        REDIS_URL: `rediss://${endpoint.host}:6379`,
        REDIS_AUTH: "iam",
        REDIS_USER: "session-test-redis-app",
        REDIS_CACHE_ID: "session-test-redis",
      });
    });
  });

  test("everything that takes tags has a name", () => {
    const resources = Object.entries(redis().resources()).filter(([type]) => type.startsWith("aws_elasticache"));
    expect(resources).toHaveLength(5);
    for (const block of resources.flatMap(([, blocks]) => Object.values(blocks))) {
      expect(block.tags).toEqual({ Name: expect.stringMatching(/^session-test-redis/) });
    }
  });

  test("as written in the JSON", () => {
    const subnet = {
      zone: "a",
      availabilityZone: "ap-northeast-1a",
      subnetId: "subnet-1",
      cidr: "10.0.128.0/20",
    } as const;
    const network = {
      vpcId: "vpc-1",
      cidr: "10.0.0.0/16",
      availabilityZones: [subnet.availabilityZone],
      publicSubnets: [],
      privateSubnets: [{ ...subnet, reachesInternet: false, dependables: [] }],
      reachAws: () => [],
    };
    const props = { network, multiAz: false, accessString: "on ~session:* -@all +ping" };
    expect(synthesize((stack) => new RedisCluster(stack, "redis", props)).resources()).toMatchSnapshot();
  });
});

describe("RedisCluster on nodes with local disks", () => {
  test("tiers data to them, as ElastiCache insists", () => {
    const group = redis({ nodeType: "cache.r6gd.xlarge" }).the("aws_elasticache_replication_group");
    expect(group).toMatchObject({ node_type: "cache.r6gd.xlarge", data_tiering_enabled: true });
    expect(redis().the("aws_elasticache_replication_group")).toMatchObject({ data_tiering_enabled: false });
  });
});

describe("RedisCluster takes", () => {
  test("a parameter it does not know, with a warning: a newer engine may have it", () => {
    const warnings = warningsOf({ parameters: { "brand-new": "1", timeout: "300" } });
    expect(warnings).toEqual([expect.stringContaining("parameters: this version does not know brand-new.")]);
  });

  test.each(["on ~* +@all", "on ~a:* %R~b:* &news resetchannels -@all +@read -keys +client|setinfo"])(
    "%s",
    (accessString) => {
      expect(() => redis({ accessString })).not.toThrow();
    },
  );
});
