import { Token } from "cdktf";
import type { Construct } from "constructs";
import { isBeforeNitro } from "../elasticache";
import type { INetwork } from "../network";
import { checkOneOf, ValidationError } from "../validation";

/**
 * The kinds of addresses that nodes have. ElastiCache also has `ipv6`, in subnets without IPv4. An `INetwork` has none of these.
 */
export const NetworkType = {
  /** IPv4 addresses alone. */
  IPV4: "ipv4",
  /** IPv4 and IPv6 addresses, in subnets that have both. */
  DUAL_STACK: "dual_stack",
} as const;
export type NetworkType = (typeof NetworkType)[keyof typeof NetworkType];

/** The kind of addresses that the cache names to clients which discover its nodes. */
export const IpDiscovery = {
  /** IPv4 addresses. */
  IPV4: "ipv4",
  /** IPv6 addresses. */
  IPV6: "ipv6",
} as const;
export type IpDiscovery = (typeof IpDiscovery)[keyof typeof IpDiscovery];

/** The props that decide the addresses of nodes. */
export interface NetworkTypeProps {
  readonly network: INetwork;
  readonly nodeType: string;
  readonly networkType?: NetworkType | undefined;
  readonly ipDiscovery?: IpDiscovery | undefined;
}

/** The provider's arguments for the addresses of nodes. AWS insists on a kind of discovery for dual stack. */
export function networkTypeArguments({ networkType, ipDiscovery }: NetworkTypeProps) {
  if (networkType === undefined) return {};
  return { networkType, ipDiscovery: ipDiscovery ?? IpDiscovery.IPV4 };
}

/**
 * @throws {ValidationError} when subnets or node type have no IPv6, or IPv6 addresses are to be discovered that nodes do not have.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/network-type.html
 */
export function checkNetworkType(scope: Construct, props: NetworkTypeProps): void {
  const { network, nodeType, networkType, ipDiscovery } = props;
  checkOneOf(scope, "networkType", networkType, NetworkType, { atSynth: true });
  checkOneOf(scope, "ipDiscovery", ipDiscovery, IpDiscovery, { atSynth: true });
  if (networkType !== NetworkType.DUAL_STACK) {
    if (ipDiscovery === undefined) return;
    throw new ValidationError(scope, {
      what: "ipDiscovery",
      got: `${ipDiscovery} with ${networkType ?? "no networkType"}`,
      allowed: "a value only with dual_stack, where nodes have addresses of both kinds",
      fix: 'leave it out, or set networkType: "dual_stack"',
    });
  }
  const lacking = network.privateSubnets.filter(({ ipv6Cidr }) => ipv6Cidr === undefined).map(({ zone }) => zone);
  if (lacking.length > 0) {
    throw new ValidationError(scope, {
      what: "networkType",
      got: `dual_stack in subnets without an IPv6 block: ${lacking.join(", ")}`,
      allowed: "dual_stack where each private subnet has IPv4 and IPv6 blocks",
      fix: "leave it out, or take Network.fromExisting and give the ipv6Cidr of each private subnet",
    });
  }
  if (Token.isUnresolved(nodeType) || !isBeforeNitro(nodeType)) return;
  throw new ValidationError(scope, {
    what: "networkType",
    got: `dual_stack with ${nodeType}`,
    allowed: "dual_stack with types of the AWS Nitro System",
    fix: `take one like "cache.t4g.micro"`,
  });
}
