import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, objectOf, optional, type PropTypes, recordOf, required, TEXT } from "../validation";
import type { EndpointIds } from "./existing-endpoints";
import type { ZoneLetter } from "./zones";

/** An existing subnet. */
export interface ExistingSubnet {
  /** Id of the subnet, `subnet-...`; may be known only after deployment. */
  readonly subnetId: string;
  /** Its IPv4 block, known at synth. */
  readonly cidr: string;
  /**
   * Its IPv6 block, as in `2001:db8:1234:1a00::/64`. Caches of dual stack need one in each private subnet.
   * @default - none
   */
  readonly ipv6Cidr?: string;
  /**
   * Id of its route table, `rtb-...`.
   * @default - unknown; required if an endpoint for S3 or DynamoDB has to be created
   */
  readonly routeTableId?: string;
}

/** Types of the props of {@link ExistingSubnet}. */
const EXISTING_SUBNET: PropTypes<ExistingSubnet> = {
  subnetId: required(TEXT),
  cidr: required(TEXT),
  ipv6Cidr: TEXT,
  routeTableId: TEXT,
};

/** Subnets, keyed by the letter of their zone. */
export type ExistingSubnets = Readonly<Partial<Record<ZoneLetter, ExistingSubnet>>>;

/** An existing network. */
export interface ExistingNetworkProps extends ProviderProps {
  /** Id of the VPC, `vpc-...`; may be known only after deployment. */
  readonly vpcId: string;
  /**
   * The VPC's IPv4 block, known at synth.
   * @default - `cidrs`; one of the two is required
   */
  readonly cidr?: string;
  /**
   * The IPv4 blocks of a VPC with several, the primary one first, in place of `cidr`.
   * @default - `cidr` alone
   */
  readonly cidrs?: readonly string[];
  /** Subnets for caches and compute, one in each zone. */
  readonly privateSubnets: ExistingSubnets;
  /**
   * Subnets with a route to an internet gateway, one in each zone.
   * @default - none: load balancers and instances that the internet reaches are not possible
   */
  readonly publicSubnets?: ExistingSubnets;
  /**
   * Whether private subnets have a route to the internet, by NAT or transit gateway.
   * @default false - endpoints are created for services that compute calls and `endpoints` does not name
   */
  readonly privateSubnetsReachInternet?: boolean;
  /**
   * Existing endpoints, keyed by service. The value is the id of a security group of an interface endpoint, to which each peer that connects
   * adds a rule, or the id of the prefix list of S3 or DynamoDB, `pl-...`.
   * @default - none
   */
  readonly endpoints?: EndpointIds;
  /**
   * Zones of new endpoints. Leave out a zone that a service does not offer: compute there uses the endpoint of
   * another zone. `aws ec2 describe-vpc-endpoint-services` lists the zones of each service.
   * @default - the zones of all private subnets
   */
  readonly endpointZones?: readonly ZoneLetter[];
  /**
   * Whether compute reaches AWS' services through endpoints even in subnets with a way to the internet.
   * @default false
   */
  readonly privateAwsAccess?: boolean;
}

/** Types of the props of {@link ExistingNetworkProps}. */
export const EXISTING_NETWORK_PROPS: PropTypes<ExistingNetworkProps> = {
  ...PROVIDER_PROPS,
  vpcId: required(TEXT),
  cidr: TEXT,
  cidrs: listOf(TEXT),
  endpointZones: listOf(TEXT),
  privateSubnets: required(recordOf(optional(objectOf(EXISTING_SUBNET)))),
  publicSubnets: recordOf(optional(objectOf(EXISTING_SUBNET))),
  privateSubnetsReachInternet: BOOLEAN,
  endpoints: recordOf(optional(TEXT)),
  privateAwsAccess: BOOLEAN,
};
