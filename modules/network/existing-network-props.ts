import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, objectOf, type PropTypes, recordOf, required, TEXT } from "../validation";
import type { EndpointIds } from "./existing-endpoints";
import type { ZoneLetter } from "./zones";

/** A subnet that is there already. */
export interface ExistingSubnet {
  /** Id of the subnet, `subnet-...`; may be known only after deployment. */
  readonly subnetId: string;
  /** Its IPv4 block, known at synth. */
  readonly cidr: string;
  /**
   * Id of the table its traffic follows, `rtb-...`.
   * @default - unknown; needed where an endpoint for S3 or DynamoDB has to be made
   */
  readonly routeTableId?: string;
}

/** Types of the props of {@link ExistingSubnet}. */
const EXISTING_SUBNET: PropTypes<ExistingSubnet> = {
  subnetId: required(TEXT),
  cidr: required(TEXT),
  routeTableId: TEXT,
};

/** Subnets by the letter of their zone. */
export type ExistingSubnets = Readonly<Partial<Record<ZoneLetter, ExistingSubnet>>>;

/** A network that exists already. */
export interface ExistingNetworkProps extends ProviderProps {
  /** Id of the VPC, `vpc-...`; may be known only after deployment. */
  readonly vpcId: string;
  /**
   * The VPC's IPv4 block, known at synth.
   * @default - `cidrs`, one of which is needed
   */
  readonly cidr?: string;
  /**
   * The IPv4 blocks of a VPC that has several, the primary one first; in place of `cidr`.
   * @default - `cidr` alone
   */
  readonly cidrs?: readonly string[];
  /** Where caches and compute go, one subnet a zone. */
  readonly privateSubnets: ExistingSubnets;
  /**
   * Subnets with a route to an internet gateway, one a zone.
   * @default - none: no place for load balancers and instances the internet reaches
   */
  readonly publicSubnets?: ExistingSubnets;
  /**
   * Whether private subnets lead to the internet, by NAT or transit gateway.
   * @default false - endpoints are made for what compute calls, where `endpoints` names none
   */
  readonly privateSubnetsReachInternet?: boolean;
  /**
   * Endpoints that are there already, by service: the id of a security group of an interface endpoint, to which a rule is
   * added for each peer that connects, or the id of the prefix list of S3 or DynamoDB, `pl-...`.
   * @default - none
   */
  readonly endpoints?: EndpointIds;
  /**
   * Zones of the endpoints that are made. Leave out a zone that a service does not offer: compute there uses the endpoint of
   * another zone. `aws ec2 describe-vpc-endpoint-services` lists the zones of each service.
   * @default - the zones of all private subnets
   */
  readonly endpointZones?: readonly ZoneLetter[];
  /**
   * Compute reaches AWS' services through endpoints even where its subnets lead to the internet.
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
  privateSubnets: required(recordOf(objectOf(EXISTING_SUBNET))),
  publicSubnets: recordOf(objectOf(EXISTING_SUBNET)),
  privateSubnetsReachInternet: BOOLEAN,
  endpoints: recordOf(TEXT),
  privateAwsAccess: BOOLEAN,
};
