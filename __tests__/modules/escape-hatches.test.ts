import type { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { Aspects, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import { Monitoring, RedisAlarms } from "../../modules/alarms";
import { SecurityGroup } from "../../modules/connections";
import { Ec2Fleet } from "../../modules/ec2";
import { Network } from "../../modules/network";
import { RedisCluster } from "../../modules/redis";
import { SessionApp } from "../../modules/web-app";
import { synthesize } from "../synthesized";
import { smallBundle } from "./artifact/small-bundle";

/** As docs/library.md has it. */
class AddTags implements IAspect {
  constructor(readonly tags: Record<string, string>) {}

  visit(node: IConstruct): void {
    if (!("tags" in node && "tagsInput" in node)) return;
    const { tagsInput } = node as { tagsInput?: Record<string, string> };
    Object.assign(node, { tags: { ...this.tags, ...tagsInput } });
  }
}

/** An existing VPC that is large-company like: a secondary block, private subnets alone, one zone without endpoints. */
const EXISTING = {
  vpcId: "vpc-0123456789abcdef0",
  cidrs: ["10.20.0.0/16", "100.64.0.0/16"],
  privateSubnets: {
    a: { subnetId: "subnet-1a1a1a1a1a1a1a1a1", cidr: "10.20.2.0/24", routeTableId: "rtb-1a1a1a1a1a1a1a1a1" },
    c: { subnetId: "subnet-1c1c1c1c1c1c1c1c1", cidr: "100.64.3.0/24", routeTableId: "rtb-1c1c1c1c1c1c1c1c1" },
  },
  endpointZones: ["a"],
} as const;

describe("a program of one's own", () => {
  const s = synthesize((stack) => {
    const network = Network.fromExisting(stack, "network", EXISTING);
    const securityGroup = SecurityGroup.fromExisting(stack, "own-group", { securityGroupId: "sg-0123456789abcdef0" });
    const redis = new RedisCluster(stack, "redis", { network, securityGroup });
    const app = new SessionApp(stack, "app", { redis, bundle: smallBundle() });
    const office = SecurityGroup.fromExisting(stack, "office", { securityGroupId: "sg-0fedcba9876543210" });
    new Ec2Fleet(stack, "web", {
      network,
      app,
      http: true,
      internal: true,
      loadBalancerName: "shop-internal-web",
      allowedPrefixLists: { company: "pl-0123456789abcdef0" },
      allowedPeers: [{ securityGroup: office }],
    });

    const group = redis.node.findChild("replication-group") as ElasticacheReplicationGroup;
    group.addOverride("lifecycle.prevent_destroy", true);
    group.addOverride("ip_discovery", "ipv4");

    const topic = new SnsTopic(stack, "pages", { name: "pages" });
    const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
    new RedisAlarms(stack, "alarms", { redis, monitoring });
    Aspects.of(stack).add(new AddTags({ CostCentre: "4711" }));
  });

  it("reaches a resource of a construct, and overrides what has no prop", () => {
    const group = s.the("aws_elasticache_replication_group");
    expect(group).toMatchObject({ ip_discovery: "ipv4", lifecycle: { prevent_destroy: true } });
    expect(group.lifecycle.ignore_changes).toContain("snapshot_name");
  });

  it("puts the cache into a security group of its own, and a rule into that group", () => {
    expect(s.the("aws_elasticache_replication_group").security_group_ids).toEqual(["sg-0123456789abcdef0"]);
    const rules = Object.values(s.all("aws_vpc_security_group_ingress_rule"));
    expect(rules).toContainEqual(
      expect.objectContaining({ security_group_id: "sg-0123456789abcdef0", from_port: 6379 }),
    );
  });

  it("tags by an Aspect what it makes and what its group launches", () => {
    expect(s.the("aws_elasticache_replication_group").tags).toMatchObject({ CostCentre: "4711" });
    const { tag } = s.the("aws_autoscaling_group");
    expect(tag).toContainEqual({ key: "CostCentre", propagate_at_launch: true, value: "4711" });
    expect(tag).toContainEqual({ key: "Name", propagate_at_launch: true, value: "session-test-web-instances" });
    for (const { tags } of s.the("aws_launch_template").tag_specifications) {
      expect(tags).toMatchObject({ CostCentre: "4711", Name: "session-test-web-instances" });
    }
  });

  it("sends alarms to a topic of its own", () => {
    const actions = Object.values(s.all("aws_cloudwatch_metric_alarm")).flatMap((alarm) => alarm.alarm_actions);
    expect([...new Set(actions)]).toEqual([expect.stringMatching(/^\$\{aws_sns_topic\.pages\.arn}$/)]);
  });

  it("has a load balancer in private subnets, for prefix lists and peers alone", () => {
    expect(s.the("aws_lb")).toMatchObject({
      internal: true,
      name: "shop-internal-web",
      subnets: ["subnet-1a1a1a1a1a1a1a1a1", "subnet-1c1c1c1c1c1c1c1c1"],
    });
    const visitors = Object.values(s.all("aws_vpc_security_group_ingress_rule")).filter(
      (rule) => rule.from_port === 80,
    );
    const from = ({ cidr_ipv4, prefix_list_id, referenced_security_group_id }: (typeof visitors)[number]) =>
      cidr_ipv4 ?? prefix_list_id ?? referenced_security_group_id;
    expect(visitors.map(from).sort()).toEqual(["pl-0123456789abcdef0", "sg-0fedcba9876543210"]);
  });

  it("opens the endpoints to all blocks of its VPC, and makes them in the zones that it names", () => {
    const blocks = Object.values(s.all("aws_vpc_security_group_ingress_rule")).map((rule) => rule.cidr_ipv4);
    expect(blocks).toEqual(expect.arrayContaining(["10.20.0.0/16", "100.64.0.0/16"]));
    const endpoints = Object.values(s.all("aws_vpc_endpoint")).filter((one) => one.vpc_endpoint_type === "Interface");
    expect(endpoints.length).toBeGreaterThan(0);
    for (const { subnet_ids } of endpoints) expect(subnet_ids).toEqual(["subnet-1a1a1a1a1a1a1a1a1"]);
  });
});

describe("the reader endpoint", () => {
  it.each([
    { props: {}, host: /^\$\{aws_elasticache_replication_group\.[\w-]+\.reader_endpoint_address}$/ },
    { props: { shards: 2 }, host: undefined },
  ])("of a cache with %p", ({ props, host }) => {
    const s = synthesize((stack) => {
      const redis = new RedisCluster(stack, "redis", { network: new Network(stack, "network"), ...props });
      new SnsTopic(stack, "carrier", { name: redis.readerEndpoint?.host ?? "none" });
      expect(redis.readerEndpoint?.port).toBe(host && 6379);
    });
    expect(s.the("aws_sns_topic").name).toMatch(host ?? /^none$/);
  });
});
