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
  /** Its IPv6 block. @default - none */
  readonly ipv6Cidr?: string;
  /** Whether it has a default route to the internet, by internet gateway or NAT. */
  readonly reachesInternet: boolean;
  /** Resources that must exist before compute in the subnet can reach other networks: its routes and their association. */
  readonly dependables: readonly ITerraformDependable[];
}

/** The contract of a network, new or existing, with caches and topologies. */
export interface INetwork {
  /** Id of the VPC, `vpc-...`. */
  readonly vpcId: string;
  /** The VPC's IPv4 block. */
  readonly cidr: string;
  /** Names of its zones, as in `ap-northeast-1a`, in alphabetical order. */
  readonly availabilityZones: readonly string[];
  /** Subnets with a route to the internet gateway, one in each zone, in alphabetical order. */
  readonly publicSubnets: readonly ISubnet[];
  /** Subnets that are not reachable from outside, one in each zone, in alphabetical order. */
  readonly privateSubnets: readonly ISubnet[];

  /**
   * Opens the way from compute to AWS' services. If all of its subnets have a way to the internet, it opens port 443 to everywhere. Otherwise,
   * it opens port 443 to the endpoint of each service only. Each endpoint is created on its first use, and shared. Endpoints of S3 and DynamoDB
   * are free of charge; for others, AWS charges by the hour in each zone (docs/network.md).
   *
   * @param peer - the compute that calls the services.
   * @param subnets - subnets of its network interfaces.
   * @param services - all services that it calls, at its start and later. Further services have no effect if no endpoint is needed.
   * @returns resources that compute must depend on, besides the dependables of its subnets.
   * @throws when no subnet is given.
   */
  reachAws(peer: Peer, subnets: readonly ISubnet[], services: readonly AwsService[]): ITerraformDependable[];
}

/** The type of a prop that takes a network. */
export const NETWORK = required(
  objectWith("a network", "create a Network, or take Network.fromExisting()", "vpcId", "privateSubnets", "reachAws"),
);
