import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Peer } from "../connections";
import { buildName, NameLimits } from "../naming";
import { useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import { checkProps, ValidationError } from "../validation";
import { AwsAccess } from "./aws-access";
import type { AwsService, GatewayService } from "./aws-service";
import type { INetwork, ISubnet } from "./contract";
import { findEndpointName } from "./endpoint-name";
import { ExistingEndpoints } from "./existing-endpoints";
import { EXISTING_NETWORK_PROPS, type ExistingNetworkProps, type ExistingSubnets } from "./existing-network-props";
import { checkExistingNetwork } from "./existing-network-validation";
import { InterfaceEndpoints } from "./interface-endpoints";
import { ZONE_LETTERS } from "./zones";

/** An existing network. Only missing endpoints that compute needs are created in it. */
export class ExistingNetwork extends Construct implements INetwork {
  readonly vpcId: string;
  readonly cidr: string;
  readonly availabilityZones: readonly string[];
  readonly publicSubnets: readonly ISubnet[];
  readonly privateSubnets: readonly ISubnet[];

  readonly #props: ExistingNetworkProps;
  readonly #cidrs: readonly [string, ...string[]];
  readonly #region: string;
  readonly #awsAccess: AwsAccess;

  constructor(scope: Construct, id: string, props: ExistingNetworkProps) {
    super(scope, id);
    checkProps(this, props, EXISTING_NETWORK_PROPS);
    useProvider(this, props);
    this.#cidrs = checkExistingNetwork(this, props);
    this.#props = props;
    this.#region = findRegion(this);
    this.vpcId = props.vpcId;
    this.cidr = this.#cidrs[0];

    this.publicSubnets = this.#subnets(props.publicSubnets ?? {}, true);
    this.privateSubnets = this.#subnets(props.privateSubnets, props.privateSubnetsReachInternet ?? false);
    const names = [...this.publicSubnets, ...this.privateSubnets].map((subnet) => subnet.availabilityZone);
    this.availabilityZones = [...new Set(names)].sort();
    this.#awsAccess = this.#openAwsAccess();
  }

  reachAws(peer: Peer, subnets: readonly ISubnet[], services: readonly AwsService[]): ITerraformDependable[] {
    return this.#awsAccess.reach(peer, subnets, services);
  }

  #subnets(subnets: ExistingSubnets, reachesInternet: boolean): ISubnet[] {
    return ZONE_LETTERS.flatMap((zone) => {
      const subnet = subnets[zone];
      if (subnet === undefined) return [];
      const { subnetId, cidr, ipv6Cidr } = subnet;
      const blocks = { cidr, ...(ipv6Cidr !== undefined && { ipv6Cidr }) };
      return [{ zone, availabilityZone: this.#region + zone, subnetId, ...blocks, reachesInternet, dependables: [] }];
    });
  }

  #openAwsAccess(): AwsAccess {
    return new AwsAccess(this, {
      byEndpointsOnly: this.#props.privateAwsAccess ?? false,
      existing: new ExistingEndpoints(this, "existing-endpoints", this.#props.endpoints ?? {}),
      gatewayEndpoint: (service) => this.#gatewayEndpoint(service),
      interfaceEndpoints: new InterfaceEndpoints(this, "endpoints", {
        vpcId: this.vpcId,
        subnets: this.#endpointSubnets(),
        // The service's name resolves to the endpoint in the whole VPC. Other compute of the VPC must not lose the service.
        openTo: this.#cidrs,
      }),
    });
  }

  #endpointSubnets(): readonly ISubnet[] {
    const { endpointZones } = this.#props;
    return this.privateSubnets.filter(({ zone }) => endpointZones === undefined || endpointZones.includes(zone));
  }

  #gatewayEndpoint(service: GatewayService): VpcEndpoint {
    const id = `${service}-endpoint`;
    return (
      (this.node.tryFindChild(id) as VpcEndpoint | undefined) ??
      new VpcEndpoint(this, id, {
        vpcId: this.vpcId,
        vpcEndpointType: "Gateway",
        serviceName: findEndpointName(this, service),
        routeTableIds: this.#routeTableIds(service),
        tags: { Name: buildName(this, NameLimits.TAG, service) },
      })
    );
  }

  #routeTableIds(service: GatewayService): string[] {
    const { publicSubnets = {}, privateSubnets } = this.#props;
    const lacking = ZONE_LETTERS.filter((zone) => privateSubnets[zone] && !privateSubnets[zone].routeTableId);
    if (lacking.length > 0) {
      throw new ValidationError(this, {
        what: `endpoint of ${service}`,
        got: `none, and no routeTableId of the private subnets in ${lacking.join(", ")} to make one`,
        allowed: `a way to ${service}, which compute calls from subnets that do not lead to the internet`,
        fix: `name the prefix list of the one that is there in endpoints.${service}, or give the subnets' routeTableId`,
      });
    }
    const tables = [privateSubnets, publicSubnets].flatMap((subnets) =>
      ZONE_LETTERS.flatMap((zone) => subnets[zone]?.routeTableId ?? []),
    );
    return [...new Set(tables)];
  }
}
