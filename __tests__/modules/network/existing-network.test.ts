import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import type { TerraformStack } from "cdktf";
import { type Peer, SecurityGroup } from "../../../modules/connections";
import {
  AwsService,
  type ExistingNetworkProps,
  type INetwork,
  Network,
  type ZoneLetter,
} from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { type Synthesized, synthesize } from "../../synthesized";

const { S3, DYNAMODB, SECRETS_MANAGER, SSM, CLOUDWATCH_LOGS } = AwsService;

const VPC = "vpc-0a1b2c3d4e5f60718";
const subnet = (digit: string, cidr: string) => ({ subnetId: `subnet-${digit.repeat(17)}`, cidr });
const routed = (digit: string, cidr: string) => ({ ...subnet(digit, cidr), routeTableId: `rtb-${digit.repeat(17)}` });
const OURS: ExistingNetworkProps = {
  vpcId: VPC,
  cidr: "172.31.0.0/16",
  publicSubnets: { a: subnet("1", "172.31.0.0/24") },
  privateSubnets: { c: routed("3", "172.31.32.0/20"), a: routed("2", "172.31.16.0/20") },
};

const EGRESS = "aws_vpc_security_group_egress_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";

function peerIn(network: INetwork, stack: TerraformStack, id: string): Peer {
  return { securityGroup: new SecurityGroup(stack, id, { network, description: `Tests: ${id}` }) };
}

function reached(services: readonly AwsService[], props: Partial<ExistingNetworkProps> = {}): Synthesized {
  return synthesize((stack) => {
    const network = Network.fromExisting(stack, "network", { ...OURS, ...props });
    const dependsOn = network.reachAws(peerIn(network, stack, "web"), network.privateSubnets, services);
    new Eip(stack, "compute", { dependsOn });
  });
}

describe("a network that is there already", () => {
  test("makes nothing by itself", () => {
    expect(synthesize((stack) => Network.fromExisting(stack, "network", OURS)).counts()).toEqual({});
  });

  test("leaves out a zone and an endpoint whose value is undefined, as plain JavaScript may write them", () => {
    const props: object = {
      ...OURS,
      publicSubnets: { ...OURS.publicSubnets, c: undefined },
      privateSubnets: { ...OURS.privateSubnets, d: undefined },
      endpoints: { s3: undefined },
    };
    synthesize((stack) => {
      const network = Network.fromExisting(stack, "network", props as ExistingNetworkProps);
      expect(network.publicSubnets.map(({ zone }) => zone)).toEqual(["a"]);
      expect(network.privateSubnets.map(({ zone }) => zone)).toEqual(["a", "c"]);
    });
  });

  test("has its subnets by zone, in the alphabet's order", () => {
    synthesize((stack) => {
      const network = Network.fromExisting(stack, "network", OURS);
      expect(network).toMatchObject({ vpcId: VPC, cidr: "172.31.0.0/16" });
      expect(network.availabilityZones).toEqual(["ap-northeast-1a", "ap-northeast-1c"]);
      expect(network.publicSubnets).toMatchObject([{ zone: "a", cidr: "172.31.0.0/24", reachesInternet: true }]);
      expect(network.privateSubnets).toMatchObject([
        { zone: "a", availabilityZone: "ap-northeast-1a", reachesInternet: false, dependables: [] },
        { zone: "c", subnetId: "subnet-33333333333333333", cidr: "172.31.32.0/20" },
      ]);
    });
  });

  test("may have ids that are known only after deployment", () => {
    const stack = synthesize((stack) => {
      const vpc = new DataAwsVpc(stack, "vpc", { tags: { Name: "theirs" } });
      const network = Network.fromExisting(stack, "network", { ...OURS, vpcId: vpc.id });
      peerIn(network, stack, "web");
    });
    expect(stack.the("aws_security_group").vpc_id).toBe("$" + "{data.aws_vpc.vpc.id}");
  });

  test("holds a cache", () => {
    const stack = synthesize((stack) => {
      new RedisCluster(stack, "redis", { network: Network.fromExisting(stack, "network", OURS) });
    });
    expect(stack.the("aws_elasticache_subnet_group").subnet_ids).toEqual([
      "subnet-22222222222222222",
      "subnet-33333333333333333",
    ]);
  });
});

describe("compute in a network that is there already", () => {
  test("goes through the internet where one says there is a way", () => {
    const stack = reached([S3, SECRETS_MANAGER], { privateSubnetsReachInternet: true });
    expect(stack.the(EGRESS).cidr_ipv4).toBe("0.0.0.0/0");
    expect(stack.all("aws_vpc_endpoint")).toEqual({});
  });

  test("gets endpoints that let in the whole VPC and everybody's principals, since their names are the whole VPC's", () => {
    const stack = reached([SECRETS_MANAGER]);
    const endpoint = stack.the("aws_vpc_endpoint");
    expect(endpoint).toMatchObject({ vpc_id: VPC, private_dns_enabled: true });
    expect(endpoint).not.toHaveProperty("policy");
    expect(endpoint.depends_on).toEqual([expect.stringContaining("security-group_from-172-31-0-0-16-tcp-443")]);
    expect(stack.at(INGRESS, "from-172-31-0-0-16")).toMatchObject({ cidr_ipv4: "172.31.0.0/16", from_port: 443 });
  });

  test("gets a gateway endpoint in the tables of the subnets, one for all", () => {
    const stack = reached([S3, S3]);
    expect(stack.the("aws_vpc_endpoint")).toMatchObject({
      vpc_endpoint_type: "Gateway",
      route_table_ids: ["rtb-22222222222222222", "rtb-33333333333333333"],
    });
  });

  test("uses endpoints that are there: a rule in their group, once, and the prefix list of S3", () => {
    const group = "sg-0123456789abcdef0";
    const stack = reached([S3, SECRETS_MANAGER, SSM], {
      endpoints: { [S3]: "pl-61a54008", [SECRETS_MANAGER]: group, [SSM]: group },
    });
    expect(stack.all("aws_vpc_endpoint")).toEqual({});
    expect(stack.the(INGRESS)).toMatchObject({ security_group_id: group, from_port: 443 });
    expect(Object.values(stack.all(EGRESS))).toMatchObject([
      { referenced_security_group_id: group },
      { prefix_list_id: "pl-61a54008" },
    ]);
    expect(stack.the("aws_eip").depends_on).toHaveLength(3);
  });

  test("is let into endpoints that are there even where it goes through the internet", () => {
    const stack = reached([SECRETS_MANAGER, CLOUDWATCH_LOGS], {
      privateSubnetsReachInternet: true,
      endpoints: { [SECRETS_MANAGER]: "sg-0123456789abcdef0" },
    });
    expect(stack.the(INGRESS).security_group_id).toBe("sg-0123456789abcdef0");
    expect(stack.all("aws_vpc_endpoint")).toEqual({});
  });

  test("uses endpoints whose ids are known only after deployment", () => {
    const stack = synthesize((stack) => {
      const theirs = new DataAwsSecurityGroup(stack, "theirs", { name: "endpoints" });
      const endpoints = { [SECRETS_MANAGER]: theirs.id, [SSM]: theirs.id };
      const network = Network.fromExisting(stack, "network", { ...OURS, endpoints });
      network.reachAws(peerIn(network, stack, "web"), network.privateSubnets, [SECRETS_MANAGER, SSM]);
    });
    expect(stack.the(INGRESS).security_group_id).toBe("$" + "{data.aws_security_group.theirs.id}");
  });
});

describe("Network.fromExisting refuses", () => {
  const { privateSubnets } = OURS;
  test.each<{ what: string; props: Partial<ExistingNetworkProps>; message: RegExp }>([
    {
      what: "an id that is none of a VPC",
      props: { vpcId: "my-vpc" },
      message:
        /test\/network: vpcId: got "my-vpc", allowed: vpc- and 8 or 17 hexadecimal digits\. Fix: write it like "vpc-/,
    },
    { what: "a malformed block", props: { cidr: "172.31.0.1/16" }, message: /cidr: .* Fix: write "172\.31/ },
    { what: "no private subnet", props: { privateSubnets: {} }, message: /privateSubnets: got none, .* two zones/ },
    {
      what: "a zone that is none",
      props: { privateSubnets: { ["g" as ZoneLetter]: subnet("2", "172.31.16.0/20") } },
      message: /availabilityZones: got \["g"\]/,
    },
    {
      what: "an id that is none of a subnet",
      props: { privateSubnets: { a: { subnetId: VPC, cidr: "172.31.16.0/20" } } },
      message: /privateSubnets\.a\.subnetId: got "vpc-/,
    },
    {
      what: "a subnet's malformed block",
      props: { privateSubnets: { a: subnet("2", "172.31.16.0") } },
      message: /privateSubnets\.a\.cidr: got 172\.31\.16\.0,/,
    },
    {
      what: "a subnet outside of the VPC",
      props: { privateSubnets: { a: subnet("2", "10.0.0.0/20") } },
      message: /privateSubnets\.a\.cidr: got 10\.0\.0\.0\/20, allowed: a block inside the VPC's, 172\.31\.0\.0\/16/,
    },
    {
      what: "a subnet larger than the VPC",
      props: { privateSubnets: { a: subnet("2", "172.0.0.0/8") } },
      message: /a block inside the VPC's/,
    },
    {
      what: "subnets that overlap",
      props: { privateSubnets: { ...privateSubnets, d: subnet("4", "172.31.16.0/24") } },
      message:
        /privateSubnets\.d and privateSubnets\.a: got subnet-4+ 172\.31\.16\.0\/24 and subnet-2+ 172\.31\.16\.0\/20/,
    },
    {
      what: "one subnet by two names",
      props: { publicSubnets: { a: subnet("2", "172.31.64.0/24") } },
      message: /privateSubnets\.a and publicSubnets\.a/,
    },
    {
      what: "an id that is none of a route table",
      props: { privateSubnets: { a: { ...subnet("2", "172.31.16.0/20"), routeTableId: "main" } } },
      message: /privateSubnets\.a\.routeTableId: got "main"/,
    },
    {
      what: "an endpoint of a service that is not called",
      props: { endpoints: { ["sqs" as AwsService]: "sg-01234567" } },
      message: /endpoints\.sqs: got a service that these constructs do not call, allowed: s3, dynamodb/,
    },
    {
      what: "an endpoint that is neither group nor list",
      props: { endpoints: { [SECRETS_MANAGER]: "vpce-0123" } },
      message: /endpoints\.secretsmanager: got "vpce-0123", allowed: the id of a security group: sg- and/,
    },
    {
      what: "a malformed prefix list",
      props: { endpoints: { [DYNAMODB]: "pl-x" } },
      message: /endpoints\.dynamodb: got "pl-x", allowed: the id of a prefix list or a security group: pl- and/,
    },
  ])("$what", ({ props, message }) => {
    const build = (stack: TerraformStack) => Network.fromExisting(stack, "network", { ...OURS, ...props });
    expect(() => synthesize(build)).toThrow(message);
  });

  test("compute that calls S3 where neither endpoint nor route tables are known", () => {
    const { c } = privateSubnets;
    const props = { privateSubnets: { a: subnet("2", "172.31.16.0/20"), ...(c && { c }) } };
    expect(() => reached([S3], props)).toThrow(
      /endpoint of s3: got none, and no routeTableId of the private subnets in a .* Fix: name the prefix list .* endpoints\.s3/,
    );
  });
});
