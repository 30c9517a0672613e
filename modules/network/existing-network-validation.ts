import { isIPv6 } from "node:net";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { checkCidr, type Ipv4Block, parseCidr } from "../connections/ipv4";
import { checkText, ValidationError } from "../validation";
import { AwsService, isGatewayService } from "./aws-service";
import type { ExistingNetworkProps, ExistingSubnet } from "./existing-network-props";
import { checkZones } from "./zones";

/**
 * Checks the props of an existing network.
 *
 * @returns the VPC's blocks.
 * @throws {ValidationError} when ids or blocks are malformed, subnets overlap or are outside of the VPC, none is private, or an
 * endpoint's zone has no private subnet.
 */
export function checkExistingNetwork(scope: Construct, props: ExistingNetworkProps): readonly [string, ...string[]] {
  const { vpcId, privateSubnets, publicSubnets = {}, endpoints = {}, endpointZones } = props;
  checkId(scope, "vpcId", "vpc", vpcId);
  const cidrs = checkCidrs(scope, props);
  if (listSubnets({ privateSubnets }).length === 0) {
    throw new ValidationError(scope, {
      what: "privateSubnets",
      got: "none",
      allowed: "at least one, and two zones for a cache with replicas",
      fix: `name them by their zone's letter, as in { a: { subnetId: "subnet-...", cidr: "10.0.128.0/20" } }`,
    });
  }
  const subnets = listSubnets({ publicSubnets, privateSubnets });
  for (const [index, named] of subnets.entries()) {
    checkZones(scope, [named.zone]);
    checkSubnet(scope, cidrs, named);
    checkApart(scope, named, subnets.slice(0, index));
  }
  for (const [service, id] of Object.entries(endpoints)) {
    if (id !== undefined) checkEndpoint(scope, service, id);
  }
  if (endpointZones !== undefined) checkEndpointZones(scope, endpointZones, privateSubnets);
  return cidrs;
}

/** One block, or a list of them. */
function checkCidrs(scope: Construct, { cidr, cidrs }: ExistingNetworkProps): readonly [string, ...string[]] {
  const [first, ...others] = cidrs ?? (cidr === undefined ? [] : [cidr]);
  if (first === undefined || (cidr !== undefined && cidrs !== undefined)) {
    throw new ValidationError(scope, {
      what: "cidr, cidrs",
      got: first === undefined ? "neither" : "both",
      allowed: "the VPC's IPv4 block, or a list of its blocks",
      fix: 'give cidr: "10.0.0.0/16", or cidrs: ["10.0.0.0/16", "100.64.0.0/16"]',
    });
  }
  for (const block of [first, ...others]) checkCidr(scope, cidrs === undefined ? "cidr" : "cidrs", block);
  return [first, ...others];
}

function checkEndpointZones(
  scope: Construct,
  zones: readonly string[],
  privateSubnets: ExistingNetworkProps["privateSubnets"],
): void {
  const known = listSubnets({ privateSubnets }).map(({ zone }) => zone);
  const unknown = zones.filter((zone) => !known.includes(zone));
  if (zones.length > 0 && unknown.length === 0) return;
  throw new ValidationError(scope, {
    what: "endpointZones",
    got: unknown.join(", ") || "none",
    allowed: `zones of private subnets: ${known.join(", ")}`,
    fix: "leave endpointZones out, or name zones that the services offer",
  });
}

/** A subnet, and its path in the props. */
interface NamedSubnet {
  readonly what: string;
  readonly zone: string;
  readonly subnet: ExistingSubnet;
}

function listSubnets(kinds: Readonly<Record<string, object>>): NamedSubnet[] {
  return Object.entries(kinds).flatMap(([kind, subnets]) =>
    // In plain JavaScript, a zone can have the value undefined.
    Object.entries(subnets).flatMap(([zone, subnet]) =>
      subnet === undefined ? [] : [{ what: `${kind}.${zone}`, zone, subnet }],
    ),
  );
}

function checkSubnet(scope: Construct, vpcCidrs: readonly string[], { what, subnet }: NamedSubnet): void {
  const { subnetId, cidr, ipv6Cidr, routeTableId } = subnet;
  checkId(scope, `${what}.subnetId`, "subnet", subnetId);
  checkCidr(scope, `${what}.cidr`, cidr);
  checkIpv6Cidr(scope, `${what}.ipv6Cidr`, ipv6Cidr);
  checkId(scope, `${what}.routeTableId`, "rtb", routeTableId);
  if (vpcCidrs.some((vpcCidr) => holds(parseBlock(vpcCidr), parseBlock(cidr)))) return;
  throw new ValidationError(scope, {
    what: `${what}.cidr`,
    got: cidr,
    allowed: `a block inside the VPC's, ${vpcCidrs.join(", ")}`,
    fix: "check both; for a VPC with several blocks, give all of them in cidrs",
  });
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
function checkIpv6Cidr(scope: Construct, what: string, ipv6Cidr: string | undefined): void {
  if (ipv6Cidr === undefined || Token.isUnresolved(ipv6Cidr)) return;
  const [address = "", prefix = "", ...more] = ipv6Cidr.split("/");
  const bits = /^\d+$/.test(prefix) ? Number(prefix) : 0;
  if (isIPv6(address) && more.length === 0 && bits >= 44 && bits <= 64 && bits % 4 === 0) return;
  throw new ValidationError(scope, {
    what,
    got: ipv6Cidr,
    allowed: "an IPv6 block from /44 to /64, in steps of four",
    fix: 'write it like "2001:db8:1234:1a00::/64"',
  });
}

/** Two subnets must not overlap. One subnet under two names would hold both nodes of a pair. */
function checkApart(scope: Construct, { what, subnet }: NamedSubnet, others: readonly NamedSubnet[]): void {
  const block = parseBlock(subnet.cidr);
  const other = others.find(
    (candidate) =>
      candidate.subnet.subnetId === subnet.subnetId ||
      holds(parseBlock(candidate.subnet.cidr), block) ||
      holds(block, parseBlock(candidate.subnet.cidr)),
  );
  if (other === undefined) return;
  throw new ValidationError(scope, {
    what: `${what} and ${other.what}`,
    got: `${subnet.subnetId} ${subnet.cidr} and ${other.subnet.subnetId} ${other.subnet.cidr}`,
    allowed: "subnets of their own, with blocks that do not overlap",
    fix: "check ids and blocks of both",
  });
}

function checkEndpoint(scope: Construct, service: string, id: string): void {
  const what = `endpoints.${service}`;
  const known: readonly string[] = Object.values(AwsService);
  if (!known.includes(service)) {
    const got = "a service that these constructs do not call";
    throw new ValidationError(scope, { what, got, allowed: known.join(", "), fix: "leave it out" });
  }
  if (Token.isUnresolved(id) || id.startsWith("sg-")) return;
  if (isGatewayService(service as AwsService))
    checkId(scope, what, "pl", id, "the id of a prefix list or a security group: ");
  else checkId(scope, what, "sg", id, "the id of a security group: ");
}

function checkId(scope: Construct, what: string, kind: string, id: string | undefined, meaning = ""): void {
  checkText(scope, what, id, {
    pattern: new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`),
    allowed: `${meaning}${kind}- and 8 or 17 hexadecimal digits`,
    fix: `write it like "${kind}-0123456789abcdef0"`,
  });
}

function parseBlock(cidr: string): Ipv4Block {
  return parseCidr(cidr) as Ipv4Block;
}

function holds(outer: Ipv4Block, inner: Ipv4Block): boolean {
  const end = ({ first, prefix }: Ipv4Block) => first + 2 ** (32 - prefix);
  return inner.first >= outer.first && end(inner) <= end(outer);
}
