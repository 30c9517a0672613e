import { Token } from "cdktf";
import { AzMode, MemcachedEngine } from "../../../modules/memcached";
import type { ZoneLetter } from "../../../modules/network";
import { memcached, type Props } from "./stack";

describe("MemcachedCluster refuses", () => {
  test.each<{ what: string; props: Props; zones?: readonly ZoneLetter[]; message: RegExp }>([
    {
      what: "nodes with local disks",
      props: { nodeType: "cache.r6gd.xlarge" },
      message: /nodeType: got cache\.r6gd\.xlarge, .*Fix: take "cache\.r6g\.xlarge"/,
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
      message: /azMode: got cross-az with one node, .*Fix: leave azMode out/,
    },
    {
      what: "cross-az in one zone",
      props: { nodes: 2, azMode: AzMode.CROSS },
      zones: ["a"],
      message: /azMode: got cross-az in one zone/,
    },
    {
      what: "single-az in two zones",
      props: { zones: ["a", "c"], azMode: AzMode.SINGLE },
      message: /azMode: got single-az with zones a, c/,
    },
    {
      what: "an unknown AZ mode",
      props: { azMode: "multi-az" as AzMode },
      message: /azMode: got "multi-az", allowed: s/,
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
    { what: "a node type of EC2", props: { nodeType: "t4g.micro" }, message: /nodeType: got "t4g\.micro"/ },
    {
      what: "TLS before 1.6.12",
      props: { engine: MemcachedEngine.of({ version: "1.6.6" }) },
      message: /transitEncryption: got true with memcached 1\.6\.6, .*transitEncryption: false explicitly/,
    },
    {
      what: "TLS on a node type that has none",
      props: { nodeType: "cache.t2.micro" },
      message: /transitEncryption: got true with cache\.t2\.micro/,
    },
    {
      what: "a maintenance window too short",
      props: { maintenanceWindow: "sun:18:00-sun:18:30" },
      message: /maintenanceWindow: got sun:18:00-sun:18:30/,
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
