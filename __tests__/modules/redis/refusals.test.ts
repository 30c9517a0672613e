import { Token } from "cdktf";
import type { ZoneLetter } from "../../../modules/network";
import { RedisEngine } from "../../../modules/redis";
import { type Props, redis } from "./stack";

const KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/mrk-1";
const TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:caches";

describe("RedisCluster refuses", () => {
  test.each<{ what: string; props: Props; zones?: readonly ZoneLetter[]; message: string | RegExp }>([
    {
      what: "replicas in one zone",
      props: { replicas: 2 },
      zones: ["a"],
      message: /test\/redis: replicas: got 2 in one availability zone, .*Fix: give the network a second zone/,
    },
    {
      what: "multi-AZ in one zone",
      props: { multiAz: true },
      zones: ["a"],
      message: /test\/redis: multiAz: got true in one availability zone, .*Fix: give the network a second zone/,
    },
    {
      what: "multi-AZ without a replica",
      props: { multiAz: true, replicas: 0 },
      message: /multiAz: got true with 0 replicas, .*Fix: take replicas: 1/,
    },
    {
      what: "multi-AZ without failover",
      props: { multiAz: true, automaticFailover: false },
      message: /multiAz: got true without automatic failover/,
    },
    {
      what: "failover without a replica",
      props: { automaticFailover: true, replicas: 0 },
      message: /automaticFailover: got true with 0 replicas, .*Fix: take replicas: 1/,
    },
    { what: "fewer replicas than none", props: { replicas: -1 }, message: /replicas: got -1, allowed: .* from 0/ },
    { what: "more replicas than ElastiCache takes", props: { replicas: 6 }, message: /replicas: got 6, .* to 5/ },
    { what: "half a replica", props: { replicas: 1.5 }, message: /replicas: got 1\.5/ },
    {
      what: "replicas known only after deployment",
      props: { replicas: Token.asNumber({ resolve: () => 1, creationStack: [] }) },
      message: /replicas: got a value known only after deployment/,
    },
    {
      what: "a node type of EC2",
      props: { nodeType: "t4g.micro" },
      message: /nodeType: got "t4g\.micro", .*Fix: write it like "cache\.t4g\.micro"/,
    },
    {
      what: "a node type that cannot encrypt",
      props: { nodeType: "cache.m1.small" },
      message: /got "cache\.m1\.small"/,
    },
    { what: "a node type without a size", props: { nodeType: "cache.t4g" }, message: /nodeType: got "cache\.t4g"/ },
    {
      what: "an access string with a password",
      props: { accessString: "on >secret ~* +@all" },
      message: /accessString: got .*allowed: on, then ~keys/,
    },
    { what: "a user that is off", props: { accessString: "off ~* -@all" }, message: /accessString: got "off/ },
    { what: "an access string with two spaces", props: { accessString: "on  ~* -@all" }, message: /one space between/ },
    {
      what: "an access string with a reset",
      props: { accessString: "on reset ~*" },
      message: /accessString: got "on reset/,
    },
    {
      what: "all keys and commands by their long names",
      props: { accessString: "on allkeys allcommands" },
      message: 'accessString: got "on allkeys allcommands", allowed: on, then ~keys, &channels, -@all or +@all',
    },
    {
      what: "an access string that ElastiCache puts -@all into",
      props: { accessString: "on ~session:* +get +set" },
      message: 'Fix: write it like "on ~session:* -@all +get +set".',
    },
    {
      what: "an access string whose commands come first",
      props: { accessString: "on -@all +get ~session:*" },
      message: /accessString: got .*in this order/,
    },
    {
      what: "an eviction policy there is none of",
      props: { parameters: { "maxmemory-policy": "volatile-lur" } },
      message: 'parameters.maxmemory-policy: got "volatile-lur", allowed: allkeys-lfu, allkeys-lru, allkeys-random,',
    },
    {
      what: "an eviction policy that data tiering does not take",
      props: { nodeType: "cache.r6gd.xlarge", parameters: { "maxmemory-policy": "volatile-ttl" } },
      message: 'parameters.maxmemory-policy: got "volatile-ttl", allowed: allkeys-lfu, allkeys-lru, noeviction, ',
    },
    {
      what: "a parameter of ElastiCache's own",
      props: { parameters: { maxclients: "10" } },
      message: 'parameters.maxclients: got "10", allowed: no value: ElastiCache does not let users change it',
    },
    {
      what: "a parameter that is the engine's own since Redis OSS 7",
      props: { parameters: { activerehashing: "no" } },
      message: 'parameters.activerehashing: got "no", allowed: no value: ElastiCache does not let users change it',
    },
    {
      what: "a parameter that Valkey 8 has no more",
      props: { engine: RedisEngine.VALKEY_8_0, parameters: { "lazyfree-lazy-expire": "yes" } },
      message: 'parameters.lazyfree-lazy-expire: got "yes", allowed: no value: valkey8 does not have it',
    },
    {
      what: "a parameter of Valkey 8 for Redis OSS",
      props: { parameters: { "commandlog-reply-larger-than": "1" } },
      message: "allowed: no value: redis7 does not have it",
    },
    {
      what: "dual stack in subnets of IPv4",
      props: { networkType: "dual_stack" },
      message: /networkType: got dual_stack in subnets without an IPv6 block: a, c, .*give the ipv6Cidr/,
    },
    {
      what: "nodes with IPv6 alone",
      props: { networkType: "ipv6" as "ipv4" },
      message: /networkType: got "ipv6", allowed: ipv4, dual_stack/,
    },
    {
      what: "IPv6 to be discovered of nodes with IPv4 alone",
      props: { ipDiscovery: "ipv6" },
      message: /ipDiscovery: got ipv6 with no networkType, .*Fix: leave it out, or set networkType: "dual_stack"/,
    },
    {
      what: "an idle timeout below what the engine takes",
      props: { parameters: { timeout: "5" } },
      message: 'parameters.timeout: got "5", allowed: 0, or 20 and more seconds',
    },
    {
      what: "a key of another region",
      props: { encryptionKey: { arn: KEY.replace("ap-northeast-1", "us-east-1") } },
      message: "encryptionKey: got one of region us-east-1, allowed: one of region ap-northeast-1",
    },
    {
      what: "a topic of another partition",
      props: { notificationTopic: { arn: TOPIC.replace("arn:aws:", "arn:aws-cn:") } },
      message: 'notificationTopic: got "arn:aws-cn:sns:',
    },
    {
      what: "snapshots kept for longer than ElastiCache does",
      props: { snapshotRetentionDays: 36 },
      message: /snapshotRetentionDays: got 36, allowed: .* to 35/,
    },
    { what: "a negative retention", props: { snapshotRetentionDays: -1 }, message: /snapshotRetentionDays: got -1/ },
    {
      what: "a snapshot window without snapshots",
      props: { snapshotRetentionDays: 0, snapshotWindow: "16:00-17:00" },
      message: /snapshotWindow: got 16:00-17:00 with a retention of 0/,
    },
    {
      what: "a maintenance window too short",
      props: { maintenanceWindow: "sun:18:00-sun:18:30" },
      message: /maintenanceWindow: got sun:18:00-sun:18:30, allowed: .*from an hour/,
    },
    {
      what: "windows that overlap",
      props: { maintenanceWindow: "sun:16:30-sun:17:30", snapshotWindow: "16:00-17:00" },
      message:
        /maintenanceWindow, snapshotWindow: got maintenance sun:16:30-sun:17:30, snapshot 16:00-17:00, .*Fix: move one of them/,
    },
    {
      what: "a log retention CloudWatch does not take",
      props: { slowLogRetentionDays: 2 },
      message: /test\/redis\/slow-log: slowLogRetentionDays: got 2, .*Fix: take 3/,
    },
    {
      what: "cluster mode by parameter",
      props: { parameters: { "cluster-enabled": "yes" } },
      message: /parameters: got \{"cluster-enabled":"yes"\}/,
    },
    {
      what: "a final snapshot's name with a blank",
      props: { finalSnapshotName: "last words" },
      message: /finalSnapshotName: got "last words"/,
    },
  ])("$what", ({ props, zones, message }) => {
    expect(() => redis(props, zones)).toThrow(message);
  });

  test.each([
    {
      what: "a name too long for a replication group",
      stackId: "s".repeat(35),
      message: /replication group id: .*\(41 characters\), allowed: at most 40/,
    },
    {
      what: "a name too long for the users",
      stackId: "s".repeat(28),
      message: /ElastiCache user id: .*allowed: at most 40/,
    },
    {
      what: "a name with two hyphens",
      stackId: "my--stack",
      message: /replication group id: got "my--stack-redis", .*single hyphens/,
    },
    {
      what: "a name that begins with a digit",
      stackId: "1stack",
      message: /replication group id: .*a letter first/,
    },
  ])("$what", ({ stackId, message }) => {
    expect(() => redis({}, undefined, stackId)).toThrow(message);
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
    expect(() => redis({ network })).toThrow(/network: got no private subnet/);
  });
});
