import { compareStates, countFields, withoutIds } from "./compare";

const state = (values: object, sensitive_values: object = {}, address = "aws_vpc.main") =>
  JSON.stringify({ values: { root_module: { resources: [{ address, values, sensitive_values }] } } });

describe("answers of an account beside the local AWS'", () => {
  it("are the same where ids, times, addresses and the order of sets are all that differs", () => {
    const account = {
      arn: "arn:aws:ec2:ap-northeast-1:210987654321:vpc/vpc-0a1b2c3d4e5f60718",
      created: "2026-11-29T22:23:51.123Z",
      name: "verify-web-20261129223130725000000001",
      private_ip: "10.0.3.7",
      cidr_block: "10.0.0.0/16",
      subnets: ["subnet-0fffffffffffffff1", "subnet-0aaaaaaaaaaaaaaa2"],
      tags: null,
    };
    const local = {
      arn: "arn:aws:ec2:ap-northeast-1:123456789012:vpc/vpc-12345678",
      created: "2025-01-01T00:00:00Z",
      name: "verify-web-20250101000000000000000009",
      private_ip: "10.0.0.4",
      cidr_block: "10.0.0.0/16",
      subnets: ["subnet-0000000000000000a", "subnet-0000000000000000b"],
      tags: {},
    };
    expect(compareStates(state(account), state(local))).toEqual([]);
    expect(countFields(state(account))).toBe(7);
  });

  it.each([
    ["a value", { protocol: "HTTP2" }, { protocol: "HTTP1" }, "protocol", "HTTP2", "HTTP1"],
    ["a default that one side leaves out", { port: 11211 }, {}, "port", "11211", undefined],
    ["a member deep in a list", { a: [{ b: [true] }] }, { a: [{ b: [false] }] }, "a[0].b[0]", "true", "false"],
    ["a CIDR", { cidr: "10.0.0.0/16" }, { cidr: "10.1.0.0/16" }, "cidr", "10.0.0.0/16", "10.1.0.0/16"],
    ["an item more", { zones: ["a", "c"] }, { zones: ["a"] }, "zones[1]", "c", undefined],
  ])("differ in %s", (_, account, local, attribute, there, here) => {
    const difference = { address: "aws_vpc.main", attribute, account: there, local: here };
    expect(compareStates(state(account), state(local))).toEqual([difference]);
  });

  it("differ where one side alone has a resource", () => {
    expect(compareStates(state({}, {}, "data.aws_ami.x"), state({}, {}, "aws_vpc.main"))).toEqual([
      { address: "aws_vpc.main", attribute: "", account: undefined, local: "there" },
      { address: "data.aws_ami.x", attribute: "", account: "there", local: undefined },
    ]);
  });

  it("show no secret", () => {
    const differences = compareStates(
      state(
        { user: "a", token: "one-secret", list: [{ password: "two" }] },
        { token: true, list: [{ password: true }] },
      ),
      state({ user: "b", token: "another", list: [] }, { token: true }),
    );
    expect(differences.map(({ attribute }) => attribute)).toEqual(["list[0].password", "user"]);
    expect(JSON.stringify(differences)).not.toMatch(/secret|two/);
  });

  it.each([
    [
      "arn:aws:secretsmanager:eu-west-1:210987654321:secret:verify-key-AbCdEf",
      "arn:aws:secretsmanager:eu-west-1:<account>:secret:verify-key-<id>",
    ],
    ["https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com", "https://<id>.execute-api.eu-west-1.amazonaws.com"],
    ["verify-web-alb-1234567890.eu-west-1.elb.amazonaws.com", "verify-web-alb-<id>.eu-west-1.elb.amazonaws.com"],
    ["master.verify.x1y2z3.apne1.cache.amazonaws.com", "master.verify.<id>.apne1.cache.amazonaws.com"],
    ["eni-0a1b2c3d4e5f60718 and sgr-0a1b2c3d4e5f60718", "eni-<id> and sgr-<id>"],
    ["cache.t4g.micro in ap-northeast-1a, port 6379", "cache.t4g.micro in ap-northeast-1a, port 6379"],
  ])("are anonymous: %s", (text, anonymous) => expect(withoutIds(text)).toBe(anonymous));
});
