import { readFileSync } from "node:fs";
import path from "node:path";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Fn, TerraformStack, Testing } from "cdktf";
import {
  allowFromCidr,
  allowToCidr,
  openPort,
  type Peer,
  Port,
  SecurityGroup,
  setRuleQuota,
} from "../../../modules/connections";
import { synthesize } from "../../synthesized";

const network = { vpcId: "vpc-1" };
const peer = (stack: TerraformStack, id: string): Peer => ({
  securityGroup: new SecurityGroup(stack, id, { network, description: `Tests: ${id}` }),
});

describe("connections: creates valid Terraform", () => {
  test("a group has a name prefix, a constant description, no inline rule, and is replaced before it is destroyed", () => {
    const group = synthesize((stack) => peer(stack, "web")).the("aws_security_group");
    expect(group).toMatchObject({
      name_prefix: "session-test-web-",
      description: "Tests: web",
      vpc_id: "vpc-1",
      lifecycle: { create_before_destroy: true },
      tags: { Name: "session-test-web" },
    });
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });

  test("an open port is an ingress rule on the target and an egress rule on the source", () => {
    const stack = synthesize((stack) =>
      openPort(peer(stack, "web"), peer(stack, "cache"), Port.tcp(6379), "Sessions in Redis"),
    );
    const ports = { ip_protocol: "tcp", from_port: 6379, to_port: 6379, description: "Sessions in Redis" };
    expect(stack.the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      ...ports,
      security_group_id: expect.stringContaining("aws_security_group.cache"),
      referenced_security_group_id: expect.stringContaining("aws_security_group.web"),
    });
    expect(stack.the("aws_vpc_security_group_egress_rule")).toMatchObject({
      ...ports,
      security_group_id: expect.stringContaining("aws_security_group.web"),
      referenced_security_group_id: expect.stringContaining("aws_security_group.cache"),
    });
  });

  test("returns what compute has to depend on: both rules", () => {
    const stack = synthesize((stack) => {
      const rules = openPort(peer(stack, "web"), peer(stack, "cache"), Port.tcp(6379), "Sessions");
      new Eip(stack, "compute", { dependsOn: rules });
    });
    expect(stack.the("aws_eip").depends_on).toEqual([
      expect.stringMatching(/^aws_vpc_security_group_ingress_rule\.web_into-cache-tcp-6379_\w+$/),
      expect.stringMatching(/^aws_vpc_security_group_egress_rule\.web_to-cache-tcp-6379_\w+$/),
    ]);
  });

  test("a range of ports, and blocks in and out", () => {
    const stack = synthesize((stack) => {
      const web = peer(stack, "web");
      allowFromCidr(web, "203.0.113.0/24", Port.tcpRange(32768, 61000), "Load balancer");
      allowToCidr(web, "0.0.0.0/0", Port.tcp(443), "AWS services");
    });
    expect(stack.the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "203.0.113.0/24",
      from_port: 32768,
      to_port: 61000,
    });
    expect(stack.the("aws_vpc_security_group_egress_rule")).toMatchObject({ cidr_ipv4: "0.0.0.0/0", to_port: 443 });
  });

  test("a further peer or block changes no address", () => {
    const build = (peers: string[], cidrs: string[]) =>
      synthesize((stack) => {
        const cache = peer(stack, "cache");
        for (const id of peers) openPort(peer(stack, id), cache, Port.tcp(6379), "Sessions");
        for (const cidr of cidrs) allowFromCidr(cache, cidr, Port.tcp(80), "Visitors");
      });
    const before = build(["web"], ["10.1.0.0/16"]).resources();
    const after = build(["admin", "web", "zoo"], ["10.0.0.0/16", "10.1.0.0/16"]).resources();
    expect(after).toMatchObject(before);
  });

  test("asking twice gives the rules that are there", () => {
    const stack = synthesize((stack) => {
      const [web, cache] = [peer(stack, "web"), peer(stack, "cache")];
      const first = openPort(web, cache, Port.tcp(6379), "Sessions");
      expect(openPort(web, cache, Port.tcp(6379), "Sessions")).toEqual(first);
      allowToCidr(web, "10.0.0.0/16", Port.tcp(443), "Endpoints");
      allowToCidr(web, "10.0.0.0/16", Port.tcp(443), "Endpoints");
    });
    expect(stack.counts()).toEqual({
      aws_security_group: 2,
      aws_vpc_security_group_egress_rule: 2,
      aws_vpc_security_group_ingress_rule: 1,
    });
  });

  test("peers of other stacks are told apart, and only the one who asks depends on them", () => {
    const app = Testing.app();
    const within = (id: string) => {
      const stack = new TerraformStack(app, id);
      new AwsProvider(stack, "aws", { region: "ap-northeast-1" });
      return { stack, peer: peer(stack, "group") };
    };
    const [one, two, asking] = [within("one"), within("two"), within("asking")];
    for (const target of [one, two]) openPort(asking.peer, target.peer, Port.tcp(6379), "Sessions");
    app.synth();
    expect(asking.stack.dependencies).toEqual([one.stack, two.stack]);
    expect([one, two].flatMap(({ stack }) => stack.dependencies)).toEqual([]);
    const json = JSON.parse(readFileSync(path.join(app.outdir, "stacks", "asking", "cdk.tf.json"), "utf8"));
    expect(Object.keys(json.resource.aws_vpc_security_group_egress_rule)).toEqual([
      expect.stringMatching(/^group_to-one-group-tcp-6379_/),
      expect.stringMatching(/^group_to-two-group-tcp-6379_/),
    ]);
  });

  test("as many rules as the account's quota says, each direction by itself", () => {
    const stack = synthesize((stack) => {
      setRuleQuota(stack, 62);
      const group = peer(stack, "web");
      for (let n = 0; n < 62; n++) {
        allowFromCidr(group, `10.0.${n}.0/24`, Port.tcp(80), "Visitors");
        allowToCidr(group, `10.0.${n}.0/24`, Port.tcp(80), "Visitors");
        allowFromCidr(group, `10.0.${n}.0/24`, Port.tcp(80), "Visitors");
      }
    });
    expect(stack.counts()).toMatchObject({
      aws_vpc_security_group_ingress_rule: 62,
      aws_vpc_security_group_egress_rule: 62,
    });
  });

  test("as written in the JSON", () => {
    const stack = synthesize((stack) =>
      openPort(peer(stack, "web"), peer(stack, "cache"), Port.tcp(6379), "Sessions in Redis"),
    );
    expect(stack.resources()).toMatchSnapshot();
  });
});

describe("connections: refuses", () => {
  const web = (stack: TerraformStack) => peer(stack, "web");
  test.each<{ what: string; build: (stack: TerraformStack) => void; message: RegExp; stackId?: string }>([
    {
      what: "more rules than a group takes: each block on each port",
      build: (stack) => {
        const group = web(stack);
        for (let n = 0; n < 31; n++) {
          for (const port of [443, 80]) allowFromCidr(group, `10.0.${n}.0/24`, Port.tcp(port), "Visitors");
        }
      },
      message: /ingress rules of the security group: got 61 or more, allowed: 60: .*give rulesPerSecurityGroup/,
    },
    {
      what: "a quota AWS does not raise to",
      build: (stack) => setRuleQuota(stack, 1001),
      message: /rules of a security group: got 1001, allowed: a whole number from 1 to 1000/,
    },
    {
      what: "a group's description with characters EC2 does not take",
      build: (stack) => new SecurityGroup(stack, "web", { network, description: "visitors' group" }),
      message: /session-test\/web: description: got "visitors' group".*Fix: shorten it/,
    },
    {
      what: "a rule's description that is too long",
      build: (stack) => allowFromCidr(web(stack), "10.0.0.0/16", Port.tcp(80), "x".repeat(256)),
      message: /description: .*256 characters.*allowed: 1 to 255/,
    },
    {
      what: "an empty description",
      build: (stack) => openPort(web(stack), peer(stack, "cache"), Port.tcp(80), ""),
      message: /description: got ""/,
    },
    {
      what: "a malformed block",
      build: (stack) => allowFromCidr(web(stack), "10.0.0.0", Port.tcp(80), "Visitors"),
      message: /CIDR: got 10\.0\.0\.0, allowed: an IPv4 block.*Fix: write it like "10\.0\.0\.0\/16"/,
    },
    {
      what: "a block with bits behind its prefix, saying the right one",
      build: (stack) => allowToCidr(web(stack), "10.0.1.7/16", Port.tcp(80), "Visitors"),
      message: /got 10\.0\.1\.7\/16.*Fix: write "10\.0\.0\.0\/16"/,
    },
    {
      what: "a block known only after deployment",
      build: (stack) => allowToCidr(web(stack), Fn.join("/", ["10.0.0.0", "8"]), Port.tcp(80), "Visitors"),
      message: /CIDR: got a value known only after deployment/,
    },
    {
      what: "port 0",
      build: () => Port.tcp(0),
      message: /Port: got 0, allowed: 1 to 65535/,
    },
    {
      what: "a range that runs backwards",
      build: () => Port.tcpRange(61000, 32768),
      message: /Port: got 61000 to 32768/,
    },
    {
      what: "a name AWS keeps for group ids",
      stackId: "sg",
      build: web,
      message: /security group name prefix: got "sg-web-"/,
    },
    {
      what: "a name that is too long",
      build: (stack) => peer(stack, "w".repeat(230)),
      message: /security group name prefix: .*allowed: at most 229 characters/,
    },
  ])("$what", ({ build, message, stackId }) => {
    expect(() => synthesize(build, stackId)).toThrow(message);
  });
});
