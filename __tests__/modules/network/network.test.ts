import { Eip } from "@cdktf/provider-aws/lib/eip";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import fc from "fast-check";
import {
  FlowLogTraffic,
  Nat,
  Network,
  type NetworkProps,
  SubnetLayout,
  type ZoneLetter,
} from "../../../modules/network";
import { type Block, type Synthesized, synthesize } from "../../synthesized";

const network = (props?: NetworkProps) => synthesize((stack) => new Network(stack, "network", props));
const listRoutes = (stack: Synthesized, subnet: string): Block[] => {
  const table = stack.at("aws_route_table_association", subnet).route_table_id.replace(".id}", ".");
  return Object.values(stack.all("aws_route")).filter((route) => route.route_table_id.startsWith(table));
};
const VPC = /^\$\{aws_vpc\.network_vpc_\w+\.id\}$/;

describe("Network creates valid Terraform", () => {
  test("a VPC with DNS, zones a and c, and no NAT gateway by default", () => {
    const stack = network();
    expect(stack.the("aws_vpc")).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
    });
    expect(Object.values(stack.all("aws_subnet")).map((s) => `${s.availability_zone} ${s.cidr_block}`)).toEqual([
      "ap-northeast-1a 10.0.128.0/20",
      "ap-northeast-1c 10.0.160.0/20",
      "ap-northeast-1a 10.0.0.0/20",
      "ap-northeast-1c 10.0.32.0/20",
    ]);
    expect(stack.counts()).toMatchSnapshot();
  });

  test("the public route table leads to the internet gateway, the private one is main and leads nowhere", () => {
    const stack = network();
    expect(listRoutes(stack, "public-a")).toMatchObject([
      { destination_cidr_block: "0.0.0.0/0", gateway_id: expect.stringContaining("aws_internet_gateway.") },
    ]);
    expect(listRoutes(stack, "private-c")).toEqual([]);
    expect(stack.the("aws_main_route_table_association").route_table_id).toBe(
      stack.at("aws_route_table_association", "private-a").route_table_id,
    );
  });

  test("a single NAT gateway in the first zone named serves all private subnets", () => {
    const stack = network({ nat: Nat.SINGLE, availabilityZones: ["c", "a"] });
    expect(stack.the("aws_nat_gateway").subnet_id).toContain("public-c");
    expect(listRoutes(stack, "private-a")).toEqual(listRoutes(stack, "private-c"));
    expect(listRoutes(stack, "private-a")).toMatchObject([
      { destination_cidr_block: "0.0.0.0/0", nat_gateway_id: expect.stringContaining("nat-c") },
    ]);
  });

  test("with NAT per zone each private subnet has its own table and gateway, and the main table leads nowhere", () => {
    const stack = network({ nat: Nat.PER_ZONE });
    for (const zone of ["a", "c"]) {
      expect(stack.at("aws_nat_gateway", `nat-${zone}`).subnet_id).toContain(`public-${zone}`);
      expect(listRoutes(stack, `private-${zone}`)).toMatchObject([
        { nat_gateway_id: expect.stringContaining(`nat-${zone}`) },
      ]);
    }
    const main = stack.the("aws_main_route_table_association").route_table_id;
    expect(Object.values(stack.all("aws_route")).map((route) => route.route_table_id)).not.toContain(main);
  });

  test("a NAT gateway waits for the internet gateway and its subnet's way out", () => {
    const { depends_on } = network({ nat: Nat.SINGLE }).the("aws_nat_gateway");
    expect(depends_on.join(" ")).toMatch(/aws_internet_gateway\.\S+ .*aws_route_table_association\.\S+ .*aws_route\./);
  });

  test("a private subnet goes over to a table when its way out is there, and the old way goes last", () => {
    const stack = network({ nat: Nat.PER_ZONE });
    expect(stack.at("aws_route_table_association", "private-c").depends_on).toEqual([
      expect.stringMatching(/^aws_route\.network_private-routes-c_default_/),
    ]);
    for (const route of Object.values(stack.all("aws_route"))) {
      expect(route.lifecycle).toEqual({ create_before_destroy: true });
    }
  });

  test.each([Nat.NONE, Nat.SINGLE, Nat.PER_ZONE])("S3 and DynamoDB are routed in every table (nat %s)", (nat) => {
    const stack = network({ nat });
    const tables = Object.keys(stack.all("aws_route_table")).length;
    for (const service of ["s3", "dynamodb"]) {
      expect(stack.at("aws_vpc_endpoint", service)).toMatchObject({
        service_name: `com.amazonaws.ap-northeast-1.${service}`,
        vpc_endpoint_type: "Gateway",
      });
      expect(new Set(stack.at("aws_vpc_endpoint", service).route_table_ids).size).toBe(tables);
    }
  });

  test("the default security group has no rule", () => {
    const { "//": _, tags: __, ...group } = network().the("aws_default_security_group");
    expect(group).toEqual({ vpc_id: expect.stringMatching(VPC) });
  });

  test("no subnet gives public addresses unless asked, and then only public ones", () => {
    const mapped = (props?: NetworkProps) =>
      Object.entries(network(props).all("aws_subnet"))
        .filter(([, subnet]) => subnet.map_public_ip_on_launch !== false)
        .map(([address]) => address.replace(/_subnet_.*/, ""));
    expect(mapped()).toEqual([]);
    expect(mapped({ mapPublicIpOnLaunch: true })).toEqual(["network_public-a", "network_public-c"]);
  });

  test("the flow log has a retention and a role that this account's flow logs alone can take", () => {
    const stack = network({ flowLog: { retentionDays: 30 } });
    expect(stack.the("aws_flow_log")).toMatchObject({ traffic_type: "ALL", vpc_id: expect.stringMatching(VPC) });
    expect(stack.the("aws_cloudwatch_log_group").retention_in_days).toBe(30);
    const [trust] = JSON.parse(stack.the("aws_iam_role").assume_role_policy).Statement;
    expect(trust.Principal).toEqual({ Service: "vpc-flow-logs.amazonaws.com" });
    expect(trust.Condition.StringEquals["aws:SourceAccount"]).toMatch(/^\$\{aws_vpc\.\S+\.owner_id\}$/);
    expect(trust.Condition.ArnLike["aws:SourceArn"]).toMatch(/^\$\{local\.network_flow-log_arn_\w+\}$/);
    expect(stack.text).toMatch(/"\$\{replace\(aws_vpc\.\w+\.arn, .*:vpc-flow-log\/\*/);
    const [grant] = JSON.parse(stack.the("aws_iam_role_policy").policy).Statement;
    expect(grant.Resource).toHaveLength(2);
    for (const resource of grant.Resource) expect(resource).toMatch(/^\$\{aws_cloudwatch_log_group\.\S+\.arn\}(:\*)?$/);
    expect(stack.the("aws_flow_log").depends_on).toEqual([expect.stringContaining("aws_iam_role_policy.")]);
  });

  test("the flow log records what it is asked to, under a key of one's own", () => {
    const encryptionKey = { arn: "arn:aws:kms:ap-northeast-1:123456789012:key/k" };
    const flowLog = { traffic: FlowLogTraffic.REJECTED, aggregationSeconds: 60, encryptionKey };
    const stack = network({ flowLog });
    expect(stack.the("aws_flow_log")).toMatchObject({ traffic_type: "REJECT", max_aggregation_interval: 60 });
    expect(stack.the("aws_cloudwatch_log_group").kms_key_id).toBe(encryptionKey.arn);
  });

  test("there is no flow log, role or log group when it is turned off", () => {
    const { aws_flow_log, aws_iam_role, aws_cloudwatch_log_group } = network({
      flowLog: { enabled: false },
    }).resources();
    expect([aws_flow_log, aws_iam_role, aws_cloudwatch_log_group]).toEqual([undefined, undefined, undefined]);
  });

  test("a long name is cut where Terraform makes the rest of it", () => {
    const stack = synthesize((stack) => new Network(stack, "network"), "a-very-long-name-for-anything");
    expect(stack.the("aws_iam_role").name_prefix).toBe("a-very-long-name-for-anything-network-");
  });

  test("everything that takes tags has a name", () => {
    const untaggable = /association|aws_route$|policy/;
    const resources = network({ nat: Nat.PER_ZONE }).resources();
    for (const [type, blocks] of Object.entries(resources)) {
      if (untaggable.test(type)) continue;
      for (const block of Object.values(blocks))
        expect(block.tags).toEqual({ Name: expect.stringMatching(/^session-test-/) });
    }
  });

  test.each(Object.values(Nat))("says what compute in a subnet must wait for (nat %s)", (nat) => {
    const stack = synthesize((stack) => {
      const { privateSubnets, publicSubnets } = new Network(stack, "network", { nat });
      for (const [id, [subnet]] of Object.entries({ privateSubnets, publicSubnets })) {
        new Eip(stack, id, { dependsOn: [...(subnet?.dependables ?? [])], tags: { id: `${subnet?.reachesInternet}` } });
      }
    });
    const waits = (id: string) => ({
      reachesInternet: stack.at("aws_eip", id).tags.id,
      dependsOn: stack.at("aws_eip", id).depends_on.map((address: string) => address.replace(/_[0-9A-F]{8}$/, "")),
    });
    expect({ public: waits("publicSubnets"), private: waits("privateSubnets") }).toMatchSnapshot();
  });

  test("a further zone changes no address and no block of the others", () => {
    const zones = fc.uniqueArray(fc.constantFrom<ZoneLetter>("a", "b", "c", "d", "e", "f"), { minLength: 1 });
    const nat = fc.constantFrom(...Object.values(Nat));
    const subnetLayout = fc.constantFrom(...Object.values(SubnetLayout));
    fc.assert(
      fc.property(zones, zones, nat, subnetLayout, (some, others, nat, subnetLayout) => {
        const before = network({ availabilityZones: some, nat, subnetLayout }).resources();
        const all = [...new Set([...some, ...others])];
        const after = network({ availabilityZones: all, nat, subnetLayout }).resources();
        const { aws_vpc_endpoint: few, ...rest } = before;
        const { aws_vpc_endpoint: many } = after;
        expect(after).toMatchObject(rest);
        expect(Object.keys(many ?? {})).toEqual(Object.keys(few ?? {}));
      }),
      { numRuns: 25 },
    );
  });

  test("to go from one NAT gateway to one in each zone, and a third zone, keeps the first and its address", () => {
    const single = network({ nat: Nat.SINGLE }).resources();
    const perZone = network({ nat: Nat.PER_ZONE, availabilityZones: ["a", "c", "d"] });
    for (const type of ["aws_nat_gateway", "aws_eip", "aws_subnet"]) {
      expect(perZone.resources()[type]).toMatchObject(single[type] ?? {});
    }
    expect(perZone.counts()).toMatchObject({ aws_nat_gateway: 3, aws_eip: 3, aws_subnet: 6 });
    expect(perZone.the("aws_main_route_table_association")).toBeDefined();
  });
});

describe("Network refuses", () => {
  test.each<{ what: string; props: NetworkProps; message: RegExp }>([
    {
      what: "a block too small",
      props: { cidr: "10.0.0.0/24" },
      message: /session-test\/network: cidr: got 10\.0\.0\.0\/24, allowed: .*\/16 to \/23.*Fix: take a larger/,
    },
    { what: "a block too large", props: { cidr: "10.0.0.0/8" }, message: /Fix: take a smaller block/ },
    { what: "a block that is not canonical", props: { cidr: "10.0.0.1/16" }, message: /Fix: write "10\.0\.0\.0\/16"/ },
    { what: "a malformed block", props: { cidr: "ten" }, message: /got ten, allowed: an IPv4 block/ },
    {
      what: "an unknown zone",
      props: { availabilityZones: ["a", "g" as ZoneLetter] },
      message: /availabilityZones: got \["a","g"\], allowed: one or more of a, b, c, d, e, f/,
    },
    {
      what: "a zone's whole name",
      props: { availabilityZones: ["ap-northeast-1a" as ZoneLetter] },
      message: /Fix: replace "ap-northeast-1a" by the last letter/,
    },
    { what: "a zone named twice", props: { availabilityZones: ["a", "a"] }, message: /Fix: name "a" once/ },
    { what: "no zone", props: { availabilityZones: [] }, message: /Fix: name at least one/ },
    {
      what: "an unknown way out",
      props: { nat: "double" as Nat },
      message: /nat: got "double", allowed: none, single, per-zone/,
    },
    { what: "a retention AWS does not take", props: { flowLog: { retentionDays: 10 } }, message: /Fix: take 14/ },
    {
      what: "an aggregation AWS does not take",
      props: { flowLog: { aggregationSeconds: 120 } },
      message: /flow-log: flowLog.aggregationSeconds: got 120, allowed: 60 or 600/,
    },
    {
      what: "unknown traffic",
      props: { flowLog: { traffic: "SOME" as FlowLogTraffic } },
      message: /flow-log: traffic: got "SOME", allowed: ALL, ACCEPT, REJECT/,
    },
    {
      what: "an unknown layout",
      props: { subnetLayout: "huge" as SubnetLayout },
      message: /subnetLayout: got "huge", allowed: even, large-private/,
    },
    {
      what: "a block too small for the layout",
      props: { cidr: "10.0.0.0/23", subnetLayout: SubnetLayout.LARGE_PRIVATE },
      message: /allowed: a block from \/16 to \/22, /,
    },
  ])("$what", ({ props, message }) => {
    expect(() => network(props)).toThrow(message);
  });

  test.each([
    { what: "a stack without a provider", provider: () => {}, got: "a stack without an AWS provider" },
    {
      what: "a provider without region",
      provider: (stack: TerraformStack) => new AwsProvider(stack, "aws", {}),
      got: "an AWS provider that names none",
    },
    {
      what: "a region of another partition",
      provider: (stack: TerraformStack) => new AwsProvider(stack, "aws", { region: "eusc-de-east-1" }),
      got: "eusc-de-east-1, allowed: a region of the partition aws",
    },
  ])("$what", ({ provider, got }) => {
    const stack = new TerraformStack(new App(), "bare");
    provider(stack);
    expect(() => new Network(stack, "network")).toThrow(`bare/network: region: got ${got}`);
  });
});
