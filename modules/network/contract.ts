import type { ITerraformDependable } from "cdktf";
import type { Peer } from "../connections";
import { objectWith, required } from "../validation";
import type { AwsService } from "./aws-service";
import type { ZoneLetter } from "./zones";

/** A subnet of a network, new or existing. */
export interface ISubnet {
  /** Letter of its zone. */
  readonly zone: ZoneLetter;
  /** Name of its zone, as in `ap-northeast-1a`. */
  readonly availabilityZone: string;
  /** Id of the subnet, `subnet-...`. */
  readonly subnetId: string;
  /** Its IPv4 block. */
  readonly cidr: string;
  /** Whether it has a default route to the internet, by internet gateway or NAT. */
  readonly reachesInternet: boolean;
  /** Resources that must exist before compute in the subnet can reach anything outside: its routes and their association. */
  readonly dependables: readonly ITerraformDependable[];
}

/** The contract of a network, new or existing, with caches and topologies. */
export interface INetwork {
  /** Id of the VPC, `vpc-...`. */
  readonly vpcId: string;
  /** The VPC's IPv4 block. */
  readonly cidr: string;
  /** Names of the zones it spreads over, as in `ap-northeast-1a`, in the alphabet's order. */
  readonly availabilityZones: readonly string[];
  /** Subnets with a route to the internet gateway, one a zone, in the alphabet's order. */
  readonly publicSubnets: readonly ISubnet[];
  /** Subnets that are not reachable from outside, one a zone, in the alphabet's order. */
  readonly privateSubnets: readonly ISubnet[];

  /**
   * Opens the way from compute to AWS' services. Where all its subnets lead to the internet, that is port 443 to
   * everywhere. Where they do not, it is port 443 to the endpoint of each service and nothing else: endpoints are made
   * when first asked for, one for each service and not one for each who asks. S3's and DynamoDB's cost nothing; each
   * other one costs money by the hour in each zone (docs/network.md).
   *
   * @param peer - who calls the services.
   * @param subnets - where its network interfaces are.
   * @param services - all it calls at its start and later; more than it calls does no harm where no endpoint is needed.
   * @returns what compute must depend on, beside its subnets' own dependables.
   * @throws when no subnet is given.
   */
  reachAws(peer: Peer, subnets: readonly ISubnet[], services: readonly AwsService[]): ITerraformDependable[];
}

/** The type of a prop that takes a network. */
export const NETWORK = required(
  objectWith("a network", "create a Network, or take Network.fromExisting()", "vpcId", "privateSubnets", "reachAws"),
);
