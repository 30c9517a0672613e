import { type Planned, risks } from "../planned";

const RULE = "aws_vpc_security_group_ingress_rule";
const web: Planned = { address: "aws_security_group.web", before: { id: "sg-web" }, after: { id: "sg-web" } };
const cache: Planned = { address: "aws_security_group.cache", before: { id: "sg-cache" }, after: { id: "sg-cache" } };
const https = {
  security_group_id: "sg-web",
  ip_protocol: "tcp",
  from_port: 443,
  to_port: 443,
  cidr_ipv4: "10.1.0.0/16",
};
const rule = (values: object, name = "one"): Planned => ({
  address: `${RULE}.${name}`,
  after: { ...https, ...values },
});
const changed = (before: object, after: object): Planned => ({
  address: `${RULE}.one`,
  before: { ...https, ...before },
  after: { ...https, ...after },
});
const older = (values: object): Planned => ({
  address: "aws_security_group_rule.one",
  after: { type: "ingress", security_group_id: "sg-web", protocol: "tcp", from_port: 22, to_port: 22, ...values },
});
const inline = (ingress: object[], before: object[] = []): Planned => ({
  address: "aws_security_group.inline",
  before: { id: "sg-inline", ingress: before },
  after: { id: "sg-inline", ingress },
});
const block = { protocol: "tcp", from_port: 80, to_port: 80, cidr_blocks: ["0.0.0.0/0"] };

describe("a port is opened by", () => {
  it.each<[what: string, planned: Planned, says: string]>([
    ["a rule", rule({}), "opens tcp 443 of aws_security_group.web to 10.1.0.0/16"],
    [
      "a rule for everybody",
      rule({ cidr_ipv4: null, cidr_ipv6: "::/0" }),
      "opens tcp 443 of aws_security_group.web to everybody (::/0)",
    ],
    [
      "a rule for half of the world",
      rule({ cidr_ipv4: "0.0.0.0/1" }),
      "opens tcp 443 of aws_security_group.web to everybody (0.0.0.0/1)",
    ],
    [
      "a rule for a prefix list",
      rule({ cidr_ipv4: null, prefix_list_id: "pl-1" }),
      "opens tcp 443 of aws_security_group.web to pl-1",
    ],
    [
      "a rule for a group",
      rule({ cidr_ipv4: null, referenced_security_group_id: "sg-cache" }),
      "opens tcp 443 of aws_security_group.web to aws_security_group.cache",
    ],
    [
      "a rule for a group that is new too",
      {
        ...rule({ cidr_ipv4: null, from_port: 6379, to_port: 6379 }),
        unknown: { referenced_security_group_id: true },
        refers: { referenced_security_group_id: "aws_security_group.new" },
      },
      "opens tcp 6379 (Redis) of aws_security_group.web to aws_security_group.new",
    ],
    [
      "more ports",
      changed({}, { from_port: 1, to_port: 65535 }),
      "opens every tcp port of aws_security_group.web to 10.1.0.0/16",
    ],
    [
      "another range",
      changed({}, { to_port: 8443 }),
      "opens tcp 443 to 8443 (RDP, Redis among them) of aws_security_group.web to 10.1.0.0/16",
    ],
    ["every protocol", changed({}, { ip_protocol: "-1" }), "opens every port of aws_security_group.web to 10.1.0.0/16"],
    [
      "a wider network",
      changed({}, { cidr_ipv4: "10.0.0.0/8" }),
      "opens tcp 443 of aws_security_group.web to 10.0.0.0/8",
    ],
    [
      "a rule that goes to another group",
      changed({}, { security_group_id: "sg-cache" }),
      "opens tcp 443 of aws_security_group.cache to 10.1.0.0/16",
    ],
    [
      "a rule of the older kind",
      older({ cidr_blocks: ["203.0.113.0/24"] }),
      "opens tcp 22 (SSH) of aws_security_group.web to 203.0.113.0/24",
    ],
    [
      "one of the older kind for the group itself",
      older({ self: true }),
      "opens tcp 22 (SSH) of aws_security_group.web to itself",
    ],
    [
      "one of the older kind for a group",
      older({ source_security_group_id: "sg-cache" }),
      "opens tcp 22 (SSH) of aws_security_group.web to aws_security_group.cache",
    ],
    ["another protocol", changed({}, { ip_protocol: "udp" }), "opens udp 443 of aws_security_group.web to 10.1.0.0/16"],
    [
      "a network in place of a prefix list",
      changed({ cidr_ipv4: null, prefix_list_id: "pl-1" }, {}),
      "opens tcp 443 of aws_security_group.web to 10.1.0.0/16",
    ],
    [
      "the higher ports",
      rule({ from_port: 40000, to_port: 65535 }),
      "opens tcp 40000 to 65535 of aws_security_group.web to 10.1.0.0/16",
    ],
    [
      "ping",
      rule({ ip_protocol: "icmp", from_port: -1, to_port: -1 }),
      "opens icmp of aws_security_group.web to 10.1.0.0/16",
    ],
    [
      "an inline block for a group that is new too",
      {
        ...inline([{ ...block, cidr_blocks: [], security_groups: [] }]),
        unknown: { ingress: [{ security_groups: true }] },
        refers: { ingress: "aws_security_group.new" },
      },
      "opens tcp 80 of aws_security_group.inline to aws_security_group.new",
    ],
    ["an inline block", inline([block]), "opens tcp 80 of aws_security_group.inline to everybody (0.0.0.0/0)"],
    [
      "an inline block for a group",
      inline([{ ...block, cidr_blocks: [], security_groups: ["sg-cache"] }]),
      "opens tcp 80 of aws_security_group.inline to aws_security_group.cache",
    ],
  ])("%s", (_, planned, says) => {
    expect(risks("ports", web, cache, planned)).toEqual([says]);
  });

  it("a rule whose peer is not known yet", () => {
    expect(risks("ports", web, { ...rule({ cidr_ipv4: null }), unknown: { cidr_ipv4: true } })).toEqual([
      "opens tcp 443 of aws_security_group.web to known after apply",
    ]);
  });
});

describe("no port is opened by", () => {
  it.each<[what: string, planned: readonly Planned[]]>([
    ["a rule that stays", [changed({}, {})]],
    ["a rule that goes", [{ address: `${RULE}.one`, before: https }]],
    ["a rule under another address", [{ address: `${RULE}.one`, before: https }, rule({}, "two")]],
    ["fewer protocols", [changed({ ip_protocol: "-1", from_port: null, to_port: null }, {})]],
    ["fewer ports", [changed({ from_port: 400 }, {})]],
    ["a network inside of the one before", [changed({}, { cidr_ipv4: "10.1.2.0/24" })]],
    ["another description", [changed({ description: "web" }, { description: "Web" })]],
    ["a rule that was an inline block", [inline([], [{ ...block, cidr_blocks: ["10.1.0.0/16"] }])]],
    ["a rule outward", [{ address: "aws_vpc_security_group_egress_rule.one", after: https }]],
    ["an older rule outward", [older({ type: "egress", cidr_blocks: ["0.0.0.0/0"] })]],
    [
      "a rule that is replaced together with its group",
      [
        {
          address: "aws_security_group.app",
          before: { id: "sg-app" },
          after: {},
          unknown: { id: true },
          replacedFor: ["vpc_id"],
        },
        {
          address: `${RULE}.one`,
          before: { ...https, security_group_id: "sg-app", cidr_ipv4: null, referenced_security_group_id: "sg-app" },
          after: { ...https, security_group_id: undefined, cidr_ipv4: null },
          unknown: { security_group_id: true, referenced_security_group_id: true },
          refers: {
            security_group_id: "aws_security_group.app",
            referenced_security_group_id: "aws_security_group.app",
          },
          replacedFor: ["security_group_id"],
        },
      ],
    ],
  ])("%s", (_, planned) => {
    expect(risks("ports", web, cache, ...planned)).toEqual([]);
  });
});

describe("a group whose rules are resources by themselves", () => {
  const destroyed: Planned = { address: `${RULE}.one`, before: https };
  const copy = {
    id: "sg-web",
    ingress: [{ protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.1.0.0/16"] }],
  };

  it("closes what one of them let in, though its state still shows a copy of it", () => {
    const planned: Planned = { address: "aws_security_group.web", before: copy, after: copy };
    expect(risks("interruptions", destroyed, planned)).toEqual([
      "closes tcp 443 of aws_security_group.web to 10.1.0.0/16",
    ]);
  });
});
