import { Eip } from "@cdktf/provider-aws/lib/eip";
import type { TerraformStack } from "cdktf";
import { type Peer, SecurityGroup } from "../../../modules/connections";
import { AwsService, type INetwork, Nat, Network, type NetworkProps } from "../../../modules/network";
import { type Synthesized, synthesize } from "../../synthesized";

const { S3, DYNAMODB, SECRETS_MANAGER, CLOUDWATCH_LOGS, ECR_API, SSM_MESSAGES } = AwsService;

function peerIn(network: INetwork, stack: TerraformStack, id: string): Peer {
  return { securityGroup: new SecurityGroup(stack, id, { network, description: `Tests: ${id}` }) };
}

/** The ways to AWS that compute named `web` in the private subnets has, and its dependencies. */
function reached(services: readonly AwsService[], props?: NetworkProps): Synthesized {
  return synthesize((stack) => {
    const network = new Network(stack, "network", props);
    const dependsOn = network.reachAws(peerIn(network, stack, "web"), network.privateSubnets, services);
    new Eip(stack, "compute", { dependsOn });
  });
}

const interfaceEndpoints = (stack: Synthesized) =>
  Object.values(stack.all("aws_vpc_endpoint"))
    .filter((endpoint) => endpoint.vpc_endpoint_type === "Interface")
    .map((endpoint) => endpoint.service_name);
const EGRESS = "aws_vpc_security_group_egress_rule";
const INGRESS = "aws_vpc_security_group_ingress_rule";
const HTTPS = { ip_protocol: "tcp", from_port: 443, to_port: 443 };

describe("compute without a way to the internet", () => {
  test("reaches each service it calls by an endpoint in every zone, and nothing else", () => {
    const stack = reached([SECRETS_MANAGER, ECR_API, SECRETS_MANAGER]);
    expect(interfaceEndpoints(stack)).toEqual([
      "com.amazonaws.ap-northeast-1.ecr.api",
      "com.amazonaws.ap-northeast-1.secretsmanager",
    ]);
    expect(stack.at("aws_vpc_endpoint", "ecr-api")).toMatchObject({
      private_dns_enabled: true,
      subnet_ids: [expect.stringContaining("private-a"), expect.stringContaining("private-c")],
      security_group_ids: [
        expect.stringMatching(/^\$\{aws_security_group\.network_endpoints_security-group_\w+\.id\}$/),
      ],
      tags: { Name: "session-test-network-endpoints-ecr-api" },
    });
    expect(Object.values(stack.all(EGRESS))).toMatchObject([
      { ...HTTPS, referenced_security_group_id: expect.stringContaining("network_endpoints_") },
    ]);
    expect(stack.the(EGRESS).security_group_id).toContain("aws_security_group.web_");
    expect(stack.the(INGRESS)).toMatchObject({
      ...HTTPS,
      security_group_id: expect.stringContaining("network_endpoints_"),
      referenced_security_group_id: expect.stringContaining("aws_security_group.web_"),
    });
  });

  test("reaches S3 and DynamoDB by their routes, and pays for no endpoint", () => {
    const stack = reached([S3, DYNAMODB]);
    expect(interfaceEndpoints(stack)).toEqual([]);
    for (const service of [S3, DYNAMODB]) {
      expect(stack.at(EGRESS, `to-${service}-tcp-443`)).toMatchObject({
        ...HTTPS,
        prefix_list_id: expect.stringMatching(new RegExp(`aws_vpc_endpoint\\.network_${service}-.*\\.prefix_list_id`)),
      });
    }
    expect(stack.all(INGRESS)).toEqual({});
  });

  test("waits for the endpoints and the rules", () => {
    const waits: string[] = reached([S3, CLOUDWATCH_LOGS]).the("aws_eip").depends_on;
    expect(waits.map((address) => address.replace(/_[0-9A-F]{8}$/, ""))).toEqual([
      "aws_vpc_endpoint.network_s3-endpoint",
      "aws_vpc_security_group_egress_rule.web_to-s3-tcp-443",
      "aws_vpc_endpoint.network_endpoints_logs",
      "aws_vpc_security_group_ingress_rule.web_into-network-endpoints-security-group-tcp-443",
      "aws_vpc_security_group_egress_rule.web_to-network-endpoints-security-group-tcp-443",
    ]);
  });

  test("takes nothing out by credentials of another account", () => {
    const { policy } = reached([SECRETS_MANAGER]).at("aws_vpc_endpoint", "secretsmanager");
    const [statement] = JSON.parse(policy).Statement;
    expect(statement.Condition).toEqual({
      StringEquals: { "aws:PrincipalAccount": expect.stringMatching(/^\$\{aws_vpc\.\S+\.owner_id\}$/) },
    });
    expect(reached([SSM_MESSAGES]).at("aws_vpc_endpoint", "ssmmessages")).not.toHaveProperty("policy");
  });

  test("shares its endpoints with its neighbours", () => {
    const stack = synthesize((stack) => {
      const network = new Network(stack, "network");
      for (const id of ["web", "worker"]) {
        network.reachAws(peerIn(network, stack, id), network.privateSubnets, [SECRETS_MANAGER]);
      }
    });
    expect(interfaceEndpoints(stack)).toHaveLength(1);
    expect(Object.keys(stack.all(INGRESS))).toEqual([
      expect.stringContaining("web_into"),
      expect.stringContaining("worker_into"),
    ]);
  });

  test("in one of its subnets goes by endpoints in all", () => {
    const stack = synthesize((stack) => {
      const network = new Network(stack, "network");
      const subnets = [...network.publicSubnets, ...network.privateSubnets];
      network.reachAws(peerIn(network, stack, "web"), subnets, [SECRETS_MANAGER]);
    });
    expect(stack.the(EGRESS)).not.toHaveProperty("cidr_ipv4");
  });
});

describe("compute with a way to the internet", () => {
  test.each([Nat.SINGLE, Nat.PER_ZONE])("takes it, and pays for no endpoint (nat %s)", (nat) => {
    const stack = reached([S3, SECRETS_MANAGER], { nat });
    expect(interfaceEndpoints(stack)).toEqual([]);
    expect(stack.the(EGRESS)).toMatchObject({ ...HTTPS, cidr_ipv4: "0.0.0.0/0" });
    expect(stack.at("aws_eip", "compute").depends_on).toEqual([expect.stringContaining("web_to-0-0-0-0-0-tcp-443")]);
  });

  test("leaves it aside when AWS is to be reached by endpoints alone", () => {
    const stack = reached([S3, SECRETS_MANAGER], { nat: Nat.SINGLE, privateAwsAccess: true });
    expect(interfaceEndpoints(stack)).toHaveLength(1);
    for (const rule of Object.values(stack.all(EGRESS))) expect(rule).not.toHaveProperty("cidr_ipv4");
  });

  test.each([
    { order: "before", ids: ["public", "private"] },
    { order: "after", ids: ["private", "public"] },
  ])("is let into its neighbours' endpoints, where their names lead it ($order them)", ({ ids }) => {
    const stack = synthesize((stack) => {
      const network = new Network(stack, "network");
      const subnets = { public: network.publicSubnets, private: network.privateSubnets };
      for (const id of ids as ("public" | "private")[]) {
        network.reachAws(peerIn(network, stack, id), subnets[id], [SECRETS_MANAGER]);
      }
    });
    expect(stack.at(INGRESS, "public_into-network-endpoints")).toMatchObject(HTTPS);
    expect(stack.at(EGRESS, "public_to-0-0-0-0-0")).toMatchObject(HTTPS);
    expect(Object.keys(stack.all(EGRESS)).filter((address) => address.includes("private_to-0-0"))).toEqual([]);
  });
});

test("reachAws refuses compute that stands nowhere", () => {
  const build = (stack: TerraformStack) => {
    const network = new Network(stack, "network");
    network.reachAws(peerIn(network, stack, "web"), [], [S3]);
  };
  expect(() => synthesize(build)).toThrow(
    /session-test\/network: subnets of compute that calls AWS: got none, allowed: at least one subnet .* Fix: give the subnets/,
  );
});
