import { isTrue, type Resource } from "../../terraform/configuration";
import { isWorld } from "../../terraform/world";
import { findRules, hasInlineIngress } from "../ingress";
import type { Rule } from "../rule";

const RULES = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];
const OUT = ["aws_vpc_security_group_egress_rule"];

/** Rules for VPCs, subnets, security groups and NAT gateways. */
export const networkRules: readonly Rule[] = [
  {
    id: "vpc-default-group-empty",
    also: "EC2.2",
    on: ["aws_vpc"],
    finds(vpc, configuration) {
      const groups = configuration.pointingAt(vpc, "aws_default_security_group", "vpc_id");
      if (groups.length === 0) return "keeps the rules of its default security group: manage the group without rules";
      const open = groups.some(({ values }) => ![values.ingress, values.egress].every(isEmpty));
      return open ? "has rules in its default security group: nothing should be in that group" : undefined;
    },
  },
  {
    id: "vpc-flow-log",
    also: "EC2.6, CKV2_AWS_11",
    on: ["aws_vpc"],
    finds: (vpc, configuration) => missing(configuration.pointingAt(vpc, "aws_flow_log", "vpc_id"), "flow log"),
  },
  {
    id: "vpc-gateway-endpoints",
    on: ["aws_vpc"],
    finds(vpc, configuration) {
      const services = configuration
        .pointingAt(vpc, "aws_vpc_endpoint", "vpc_id")
        .filter(({ values }) => (values.vpc_endpoint_type ?? "Gateway") === "Gateway")
        .map(({ values }) => String(values.service_name));
      const lacking = ["s3", "dynamodb"].filter((name) => !services.some((service) => service.endsWith(`.${name}`)));
      return lacking.length > 0 ? `has no gateway endpoint for ${lacking.join(" and ")}` : undefined;
    },
  },
  {
    id: "subnet-no-public-ip",
    also: "EC2.15, CKV_AWS_130",
    on: ["aws_subnet"],
    finds: ({ values }) =>
      isTrue(values.map_public_ip_on_launch) ? "gives each instance a public address" : undefined,
  },
  {
    id: "group-described",
    also: "CKV_AWS_23",
    on: ["aws_security_group", ...RULES],
    finds: ({ values }) =>
      [undefined, null, "", "Managed by Terraform"].includes(values.description as string)
        ? "has no description"
        : undefined,
  },
  {
    id: "group-no-inline-rules",
    on: ["aws_security_group"],
    finds: (group, configuration) =>
      hasInlineIngress(group, configuration) && findRules(group, configuration).length > 0
        ? "has rules inside and rules of their own: they undo each other"
        : undefined,
  },
  {
    id: "egress-not-all",
    also: "CKV_AWS_382",
    on: OUT,
    finds(rule) {
      if (String(rule.values.ip_protocol) === "-1") return "lets everything out";
      if (![rule.values.cidr_ipv4, rule.values.cidr_ipv6].some((value) => isWorld(String(value)))) return undefined;
      const { from_port, to_port } = rule.values;
      return from_port === 443 && to_port === 443
        ? undefined
        : `lets ports ${from_port} to ${to_port} out to everybody`;
    },
  },
  {
    id: "nat-for-each-zone",
    on: ["aws_nat_gateway"],
    finds(gateway, configuration) {
      const all = configuration.of("aws_nat_gateway");
      if (all.length === 1) return undefined;
      const [subnet] = gateway.refersTo("subnet_id");
      const sharing = all.filter((other) => other.refersTo("subnet_id")[0] === subnet);
      return sharing.length > 1 ? "shares its subnet with another: each zone should have its own" : undefined;
    },
  },
];

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

function missing(found: readonly Resource[], what: string): string | undefined {
  return found.length === 0 ? `has no ${what}` : undefined;
}
