import { Token } from "cdktf";
import { cidrRefusal, type Ipv4Block, parseCidr } from "../connections/ipv4";
import type { Refusal } from "../refused";
import { AwsService, isGatewayService } from "./aws-service";
import type { ExistingNetworkProps, ExistingSubnet } from "./existing-network-props";
import { zonesRefusal } from "./zones";

/** Why what is told of an existing network cannot be, or undefined when it can. */
export function existingNetworkRefusal(props: ExistingNetworkProps): Refusal | undefined {
  const { vpcId, cidr, privateSubnets, publicSubnets = {}, endpoints = {} } = props;
  return (
    idRefusal("vpcId", "vpc", vpcId) ??
    cidrRefusal("CIDR of the VPC", cidr) ??
    noneRefusal(privateSubnets) ??
    subnetsRefusal(cidr, subnetsOf({ publicSubnets, privateSubnets })) ??
    endpointsRefusal(endpoints)
  );
}

/** A subnet, and where it stands in the props. */
interface Named {
  readonly what: string;
  readonly zone: string;
  readonly subnet: ExistingSubnet;
}

function subnetsOf(kinds: Readonly<Record<string, object>>): Named[] {
  return Object.entries(kinds).flatMap(([kind, subnets]) =>
    Object.entries(subnets).map(([zone, subnet]) => ({ what: `${kind}.${zone}`, zone, subnet })),
  );
}

function noneRefusal(privateSubnets: object): Refusal | undefined {
  if (Object.keys(privateSubnets).length > 0) return undefined;
  return {
    what: "privateSubnets",
    got: "none",
    allowed: "at least one, and two zones for a cache with replicas",
    fix: `name them by their zone's letter, as in { a: { subnetId: "subnet-...", cidr: "10.0.128.0/20" } }`,
  };
}

function subnetsRefusal(vpcCidr: string, subnets: readonly Named[]): Refusal | undefined {
  for (const [index, named] of subnets.entries()) {
    const refusal =
      zonesRefusal([named.zone]) ?? subnetRefusal(vpcCidr, named) ?? sharedRefusal(named, subnets.slice(0, index));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function subnetRefusal(vpcCidr: string, { what, subnet }: Named): Refusal | undefined {
  const { subnetId, cidr, routeTableId } = subnet;
  const refusal =
    idRefusal(`${what}.subnetId`, "subnet", subnetId) ??
    cidrRefusal(`${what}.cidr`, cidr) ??
    (routeTableId === undefined ? undefined : idRefusal(`${what}.routeTableId`, "rtb", routeTableId));
  if (refusal !== undefined || holds(blockOf(vpcCidr), blockOf(cidr))) return refusal;
  return {
    what: `${what}.cidr`,
    got: cidr,
    allowed: `a block inside the VPC's, ${vpcCidr}`,
    fix: "check both; of a VPC with several blocks, give the one its subnets are in",
  };
}

/** Two subnets share no address; two names of one subnet would put both halves of a pair into one place. */
function sharedRefusal({ what, subnet }: Named, others: readonly Named[]): Refusal | undefined {
  const block = blockOf(subnet.cidr);
  const other = others.find(
    (candidate) =>
      candidate.subnet.subnetId === subnet.subnetId ||
      holds(blockOf(candidate.subnet.cidr), block) ||
      holds(block, blockOf(candidate.subnet.cidr)),
  );
  return (
    other && {
      what: `${what} and ${other.what}`,
      got: `${subnet.subnetId} ${subnet.cidr} and ${other.subnet.subnetId} ${other.subnet.cidr}`,
      allowed: "subnets of their own, with blocks that do not overlap",
      fix: "check ids and blocks of both",
    }
  );
}

function endpointsRefusal(endpoints: Readonly<Record<string, string>>): Refusal | undefined {
  const known: readonly string[] = Object.values(AwsService);
  for (const [service, id] of Object.entries(endpoints)) {
    const what = `endpoints.${service}`;
    if (!known.includes(service)) {
      return { what, got: "a service nobody here calls", allowed: known.join(", "), fix: "leave it out" };
    }
    if (Token.isUnresolved(id) || /^sg-/.test(id)) continue;
    const allowed = isGatewayService(service as AwsService) ? "a prefix list or a security group" : "a security group";
    const refusal = isGatewayService(service as AwsService) ? idRefusal(what, "pl", id) : idRefusal(what, "sg", id);
    if (refusal !== undefined) return { ...refusal, allowed: `the id of ${allowed}: ${refusal.allowed}` };
  }
  return undefined;
}

function idRefusal(what: string, kind: string, id: string): Refusal | undefined {
  if (Token.isUnresolved(id) || new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id)) return undefined;
  return {
    what,
    got: id,
    allowed: `${kind}- and 8 or 17 hexadecimal digits`,
    fix: `write it like "${kind}-0123456789abcdef0"`,
  };
}

function blockOf(cidr: string): Ipv4Block {
  return parseCidr(cidr) as Ipv4Block;
}

function holds(outer: Ipv4Block, inner: Ipv4Block): boolean {
  const end = ({ first, prefix }: Ipv4Block) => first + 2 ** (32 - prefix);
  return inner.first >= outer.first && end(inner) <= end(outer);
}
