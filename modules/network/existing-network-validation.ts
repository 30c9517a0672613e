import { Token } from "cdktf";
import type { Construct } from "constructs";
import { checkCidr, type Ipv4Block, parseCidr } from "../connections/ipv4";
import { checkText, ValidationError } from "../validation";
import { AwsService, isGatewayService } from "./aws-service";
import type { ExistingNetworkProps, ExistingSubnet } from "./existing-network-props";
import { checkZones } from "./zones";

/** @throws {ValidationError} when ids or blocks are malformed, subnets overlap or lie outside of the VPC, or none is private. */
export function checkExistingNetwork(scope: Construct, props: ExistingNetworkProps): void {
  const { vpcId, cidr, privateSubnets, publicSubnets = {}, endpoints = {} } = props;
  checkId(scope, "vpcId", "vpc", vpcId);
  checkCidr(scope, "cidr", cidr);
  if (Object.keys(privateSubnets).length === 0) {
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
    checkSubnet(scope, cidr, named);
    checkApart(scope, named, subnets.slice(0, index));
  }
  for (const [service, id] of Object.entries(endpoints)) checkEndpoint(scope, service, id);
}

/** A subnet, and its path in the props. */
interface NamedSubnet {
  readonly what: string;
  readonly zone: string;
  readonly subnet: ExistingSubnet;
}

function listSubnets(kinds: Readonly<Record<string, object>>): NamedSubnet[] {
  return Object.entries(kinds).flatMap(([kind, subnets]) =>
    Object.entries(subnets).map(([zone, subnet]) => ({ what: `${kind}.${zone}`, zone, subnet })),
  );
}

function checkSubnet(scope: Construct, vpcCidr: string, { what, subnet }: NamedSubnet): void {
  const { subnetId, cidr, routeTableId } = subnet;
  checkId(scope, `${what}.subnetId`, "subnet", subnetId);
  checkCidr(scope, `${what}.cidr`, cidr);
  checkId(scope, `${what}.routeTableId`, "rtb", routeTableId);
  if (holds(parseBlock(vpcCidr), parseBlock(cidr))) return;
  throw new ValidationError(scope, {
    what: `${what}.cidr`,
    got: cidr,
    allowed: `a block inside the VPC's, ${vpcCidr}`,
    fix: "check both; of a VPC with several blocks, give the one its subnets are in",
  });
}

/** Two subnets share no address; two names of one subnet would put both halves of a pair into one place. */
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
    const got = "a service nobody here calls";
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
