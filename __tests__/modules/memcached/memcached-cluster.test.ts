import { Eip } from "@cdktf/provider-aws/lib/eip";
import { SecurityGroup } from "../../../modules/connections";
import { AzMode, MemcachedEngine } from "../../../modules/memcached";
import type { ZoneLetter } from "../../../modules/network";
import { type Block, synthesize } from "../../synthesized";
import { addMemcached, memcached, type Props } from "./stack";

const [A, C, D] = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"];

describe("MemcachedCluster creates valid Terraform", () => {
  test.each<{ what: string; props: Props; zones?: readonly ZoneLetter[]; expected: Block }>([
    {
      what: "by default a node in each zone",
      props: {},
      expected: { num_cache_nodes: 2, az_mode: "cross-az", preferred_availability_zones: [A, C] },
    },
    {
      what: "a node in each of three zones",
      props: {},
      zones: ["a", "c", "d"],
      expected: { num_cache_nodes: 3, az_mode: "cross-az", preferred_availability_zones: [A, C, D] },
    },
    {
      what: "one node more behind those there are",
      props: { nodes: 5 },
      expected: { num_cache_nodes: 5, az_mode: "cross-az", preferred_availability_zones: [A, C, A, C, A] },
    },
    {
      what: "a single node",
      props: { nodes: 1 },
      expected: { num_cache_nodes: 1, az_mode: "single-az", preferred_availability_zones: [A] },
    },
    {
      what: "several nodes in the only zone",
      props: { nodes: 2 },
      zones: ["c"],
      expected: { num_cache_nodes: 2, az_mode: "single-az", preferred_availability_zones: [C, C] },
    },
    {
      what: "all nodes in one zone, explicitly",
      props: { nodes: 3, azMode: AzMode.SINGLE },
      expected: { num_cache_nodes: 3, az_mode: "single-az", preferred_availability_zones: [A, A, A] },
    },
    {
      what: "the zone of each node",
      props: { zones: ["c", "c", "a"] },
      expected: { num_cache_nodes: 3, az_mode: "cross-az", preferred_availability_zones: [C, C, A] },
    },
    {
      what: "one zone, named for each node",
      props: { zones: ["c", "c"] },
      expected: { num_cache_nodes: 2, az_mode: "single-az", preferred_availability_zones: [C, C] },
    },
    {
      what: "an older version in the clear, a node type, a window and a topic of one's own",
      props: {
        engine: MemcachedEngine.of({ version: "1.5.16" }),
        transitEncryption: false,
        nodeType: "cache.r7g.large",
        maintenanceWindow: "sun:18:00-sun:19:00",
        notificationTopic: { arn: "arn:aws:sns:ap-northeast-1:123456789012:caches" },
      },
      expected: {
        engine_version: "1.5.16",
        transit_encryption_enabled: false,
        node_type: "cache.r7g.large",
        maintenance_window: "sun:18:00-sun:19:00",
        notification_topic_arn: "arn:aws:sns:ap-northeast-1:123456789012:caches",
      },
    },
  ])("$what", ({ props, zones, expected }) => {
    expect(memcached(props, zones).the("aws_elasticache_cluster")).toMatchObject(expected);
  });

  test("TLS, its own parameter group and subnets, and nothing memcached does not have", () => {
    const stack = memcached();
    const cluster = stack.the("aws_elasticache_cluster");
    expect(cluster).toMatchObject({
      cluster_id: "session-test-memcached",
      engine: "memcached",
      engine_version: "1.6.22",
      node_type: "cache.t4g.micro",
      port: 11211,
      transit_encryption_enabled: true,
      apply_immediately: true,
      parameter_group_name: expect.stringMatching(/^\$\{aws_elasticache_parameter_group\..*\.name\}$/),
      subnet_group_name: expect.stringMatching(/^\$\{aws_elasticache_subnet_group\..*\.name\}$/),
      security_group_ids: [expect.stringMatching(/^\$\{aws_security_group\..*\.id\}$/)],
    });
    expect(Object.keys(cluster).join()).not.toMatch(/snapshot|log_delivery|auto_minor|replication|at_rest|user/);
    expect(stack.the("aws_elasticache_parameter_group")).toMatchObject({
      name: "session-test-memcached-memcached1-6",
      family: "memcached1.6",
      lifecycle: { create_before_destroy: true },
    });
    expect(stack.the("aws_elasticache_subnet_group").subnet_ids).toHaveLength(2);
  });

  test("parameters in one order", () => {
    const parameters = { max_item_size: "2097152", idle_timeout: "600" };
    expect(memcached({ parameters }).the("aws_elasticache_parameter_group").parameter).toEqual([
      { name: "idle_timeout", value: "600" },
      { name: "max_item_size", value: "2097152" },
    ]);
  });

  test("an id in lower case, and a Name tag on every resource", () => {
    const stack = memcached({}, undefined, "Session-Test");
    expect(stack.the("aws_elasticache_cluster").cluster_id).toBe("session-test-memcached");
    for (const type of ["cluster", "parameter_group", "subnet_group"]) {
      expect(stack.the(`aws_elasticache_${type}`).tags.Name).toMatch(/^Session-Test-memcached/);
    }
  });

  test("the configuration endpoint, its port a plain number", () => {
    const stack = synthesize((stack) => {
      const { endpoint, nodes, clusterId, connection } = addMemcached(stack);
      expect(connection).toEqual({ MEMCACHED_ENDPOINT: `${endpoint.host}:11211`, MEMCACHED_TLS: "true" });
      expect({ port: endpoint.port, nodes, clusterId }).toEqual({
        port: 11211,
        nodes: 2,
        clusterId: "session-test-memcached",
      });
      new Eip(stack, "client", { tags: { endpoint: `${endpoint.host}:${endpoint.port}` } });
    });
    expect(stack.the("aws_eip").tags.endpoint).toMatch(/^\$\{aws_elasticache_cluster\.\S+\.cluster_address\}:11211$/);
  });

  test("opens its port to a named peer alone", () => {
    const stack = synthesize((stack) => {
      const cluster = addMemcached(stack);
      const network = { vpcId: "vpc-1" };
      const peer = { securityGroup: new SecurityGroup(stack, "function", { network, description: "A function" }) };
      expect(cluster.allowFrom(peer)).toHaveLength(2);
      cluster.allowFrom(peer);
    });
    const rule = stack.the("aws_vpc_security_group_ingress_rule");
    expect(rule).toMatchObject({ from_port: 11211, to_port: 11211, ip_protocol: "tcp" });
    expect(rule.referenced_security_group_id).toContain("function");
    expect(rule).not.toHaveProperty("cidr_ipv4");
  });

  test("a further zone of the network moves no node that was placed by name", () => {
    const before = memcached({ zones: ["a", "c"] }).the("aws_elasticache_cluster");
    const after = memcached({ zones: ["a", "c"] }, ["a", "b", "c"]).the("aws_elasticache_cluster");
    expect(after).toEqual(before);
  });
});
