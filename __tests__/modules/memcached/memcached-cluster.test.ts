import { Eip } from "@cdktf/provider-aws/lib/eip";
import { type TerraformStack, Token } from "cdktf";
import { readPhotoCacheEnvironment } from "../../../environment/photo-cache";
import { SecurityGroup } from "../../../modules/connections";
import {
  AzMode,
  type ExistingMemcachedProps,
  type IMemcachedCluster,
  MemcachedCluster,
  type MemcachedClusterProps,
  MemcachedEngine,
} from "../../../modules/memcached";
import { Network, type ZoneLetter } from "../../../modules/network";
import { type Block, synthesize } from "../../synthesized";

type Props = Partial<MemcachedClusterProps>;

const addMemcached = (
  stack: TerraformStack,
  props: Props = {},
  availabilityZones: readonly ZoneLetter[] = ["a", "c"],
) =>
  new MemcachedCluster(stack, "memcached", { network: new Network(stack, "network", { availabilityZones }), ...props });
const memcached = (props?: Props, zones?: readonly ZoneLetter[], stackId?: string) =>
  synthesize((stack) => addMemcached(stack, props, zones), stackId);

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
      what: "all nodes in one zone, by name",
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

  test("opens its port to a named peer and to nobody else", () => {
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

describe("MemcachedCluster.fromExisting", () => {
  const existing = (props: Partial<ExistingMemcachedProps> = {}) => {
    let found: IMemcachedCluster | undefined;
    const stack = synthesize((stack) => {
      const told = { host: "photos.cfg.apne1.cache.amazonaws.com", securityGroupId: "sg-0123456789abcdef0", ...props };
      found = MemcachedCluster.fromExisting(stack, "memcached", told);
      const network = { vpcId: "vpc-1" };
      found.allowFrom({ securityGroup: new SecurityGroup(stack, "function", { network, description: "A function" }) });
    });
    return { stack, cluster: found as IMemcachedCluster };
  };

  test("adds a rule to its group and nothing else", () => {
    const { stack, cluster } = existing();
    expect(stack.counts()).toEqual({
      aws_security_group: 1,
      aws_vpc_security_group_egress_rule: 1,
      aws_vpc_security_group_ingress_rule: 1,
    });
    expect(stack.the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      security_group_id: "sg-0123456789abcdef0",
      from_port: 11211,
    });
    expect(cluster.connection).toEqual({
      MEMCACHED_ENDPOINT: "photos.cfg.apne1.cache.amazonaws.com:11211",
      MEMCACHED_TLS: "true",
    });
  });

  test("on another port, in the clear by name", () => {
    const { stack, cluster } = existing({ port: 11212, transitEncryption: false });
    expect(stack.the("aws_vpc_security_group_ingress_rule").to_port).toBe(11212);
    expect(readPhotoCacheEnvironment(cluster.connection).cache).toMatchObject({
      memcached: { port: 11212, tls: false },
    });
  });

  test.each([
    {
      what: "a URL",
      props: { host: "memcached://photos" },
      message: /test\/memcached: host: got "memcached:.*the port in port/,
    },
    { what: "a host with its port", props: { host: "photos:11211" }, message: /host: got "photos:11211"/ },
    { what: "port 0", props: { port: 0 }, message: /Port: got 0, allowed: 1 to 65535/ },
    { what: "a group's name", props: { securityGroupId: "cache" }, message: /security group id: got "cache"/ },
  ])("refuses $what", ({ props, message }) => {
    expect(() => existing(props)).toThrow(message);
  });
});

describe("MemcachedCluster refuses", () => {
  test.each<{ what: string; props: Props; zones?: readonly ZoneLetter[]; message: RegExp }>([
    {
      what: "nodes with local disks",
      props: { nodeType: "cache.r6gd.xlarge" },
      message: /node type: got cache\.r6gd\.xlarge, .*Fix: take "cache\.r6g\.xlarge"/,
    },
    {
      what: "a topic of another region",
      props: { notificationTopic: { arn: "arn:aws:sns:eu-west-1:123456789012:caches" } },
      message: /notificationTopic: got one of region eu-west-1, allowed: one of region ap-northeast-1/,
    },
    { what: "no node", props: { nodes: 0 }, message: /test\/memcached: nodes: got 0, allowed: .* from 1 to 60/ },
    { what: "more nodes than ElastiCache takes", props: { nodes: 61 }, message: /nodes: got 61/ },
    { what: "half a node", props: { nodes: 1.5 }, message: /nodes: got 1\.5, .*Fix: leave it out/ },
    {
      what: "nodes known only after deployment",
      props: { nodes: Token.asNumber({ resolve: () => 1, creationStack: [] }) },
      message: /nodes: got a value known only after deployment/,
    },
    {
      what: "cross-az with one node",
      props: { nodes: 1, azMode: AzMode.CROSS },
      message: /AZ mode: got cross-az with one node, .*Fix: leave azMode out/,
    },
    {
      what: "cross-az in one zone",
      props: { nodes: 2, azMode: AzMode.CROSS },
      zones: ["a"],
      message: /AZ mode: got cross-az in one zone/,
    },
    {
      what: "single-az in two zones",
      props: { zones: ["a", "c"], azMode: AzMode.SINGLE },
      message: /AZ mode: got single-az with zones a, c/,
    },
    {
      what: "an unknown AZ mode",
      props: { azMode: "multi-az" as AzMode },
      message: /AZ mode: got "multi-az", allowed: s/,
    },
    {
      what: "a zone the network does not have",
      props: { zones: ["a", "d"] },
      message: /zones: got \["a","d"\], allowed: .*: a, c\. Fix: replace "d"/,
    },
    {
      what: "zones for other nodes than there are",
      props: { zones: ["a", "c"], nodes: 3 },
      message: /zones: got 2 for 3 nodes, .*Fix: name as many/,
    },
    { what: "a node type of EC2", props: { nodeType: "t4g.micro" }, message: /node type: got "t4g\.micro"/ },
    {
      what: "TLS before 1.6.12",
      props: { engine: MemcachedEngine.of({ version: "1.6.6" }) },
      message: /transit encryption: got true with memcached 1\.6\.6, .*transitEncryption: false by name/,
    },
    {
      what: "TLS on a node type that has none",
      props: { nodeType: "cache.t2.micro" },
      message: /transit encryption: got true with cache\.t2\.micro/,
    },
    {
      what: "a maintenance window too short",
      props: { maintenanceWindow: "sun:18:00-sun:18:30" },
      message: /maintenance window: got sun:18:00-sun:18:30/,
    },
  ])("$what", ({ props, zones, message }) => {
    expect(() => memcached(props, zones)).toThrow(message);
  });

  test.each([
    { what: "a name too long", stackId: "s".repeat(41), message: /cache cluster id: .*\(51 characters\).*at most 50/ },
    { what: "a name with two hyphens", stackId: "my--stack", message: /cache cluster id: got "my--stack-memcached"/ },
  ])("$what", ({ stackId, message }) => {
    expect(() => memcached({}, undefined, stackId)).toThrow(message);
  });

  test("a network without private subnets", () => {
    const network = {
      vpcId: "vpc-1",
      cidr: "10.0.0.0/16",
      availabilityZones: [],
      publicSubnets: [],
      privateSubnets: [],
      reachAws: () => [],
    };
    expect(() => memcached({ network })).toThrow(/network: got no private subnet/);
  });
});
