import type { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { allowToCidr, allowToPrefixList, openPort, type Peer, Port } from "../connections";
import { ValidationError } from "../validation";
import { type AwsService, type GatewayService, isGatewayService } from "./aws-service";
import type { ISubnet } from "./contract";
import type { ExistingEndpoints } from "./existing-endpoints";
import type { InterfaceEndpoints } from "./interface-endpoints";

/** Properties of an {@link AwsAccess}. */
export interface AwsAccessProps {
  /** Whether compute reaches AWS through endpoints alone, also from subnets with a way to the internet. */
  readonly byEndpointsOnly: boolean;
  /** Existing endpoints, which are used first. @default - none */
  readonly existing?: ExistingEndpoints;
  /** Interface endpoints, created on demand. */
  readonly interfaceEndpoints: InterfaceEndpoints;
  /** The endpoint of S3 or DynamoDB. */
  readonly gatewayEndpoint: (service: GatewayService) => VpcEndpoint;
}

const HTTPS = Port.tcp(443);
const DESCRIPTION = "Packages and AWS";

/** The way of a network's compute to AWS: through the internet if there is a way, else through endpoints. */
export class AwsAccess {
  readonly #scope: Construct;
  readonly #props: AwsAccessProps;
  /** Peers with a way to the internet. */
  readonly #online = new Set<Peer>();

  constructor(scope: Construct, props: AwsAccessProps) {
    this.#scope = scope;
    this.#props = props;
  }

  /** As {@link INetwork.reachAws} says. */
  reach(peer: Peer, subnets: readonly ISubnet[], services: readonly AwsService[]): ITerraformDependable[] {
    if (subnets.length === 0) {
      throw new ValidationError(this.#scope, {
        what: "subnets of compute that calls AWS",
        got: "none",
        allowed: "at least one subnet of the network",
        fix: "give the subnets of the compute",
      });
    }
    const { byEndpointsOnly } = this.#props;
    if (!byEndpointsOnly && subnets.every((subnet) => subnet.reachesInternet)) {
      return this.#throughInternet(peer, services);
    }
    return [...new Set(services.flatMap((service) => this.#throughEndpoint(peer, service)))];
  }

  /** Opens 443 to everywhere, and to present and future endpoints, because the services' names resolve to them in the whole VPC. */
  #throughInternet(peer: Peer, services: readonly AwsService[]): ITerraformDependable[] {
    const { existing, interfaceEndpoints } = this.#props;
    this.#online.add(peer);
    const groups = services.flatMap((service) => existing?.findGroup(service) ?? []);
    if (interfaceEndpoints.exist) groups.push(interfaceEndpoints);
    return [
      ...allowToCidr(peer, "0.0.0.0/0", HTTPS, DESCRIPTION),
      ...new Set(groups.flatMap((group) => openPort(peer, group, HTTPS, DESCRIPTION))),
    ];
  }

  #throughEndpoint(peer: Peer, service: AwsService): ITerraformDependable[] {
    const { existing } = this.#props;
    const group = existing?.findGroup(service);
    if (group !== undefined) return openPort(peer, group, HTTPS, DESCRIPTION);
    if (!isGatewayService(service)) return this.#throughInterface(peer, service);

    const prefixListId = existing?.findPrefixList(service);
    if (prefixListId !== undefined) return allowToPrefixList(peer, service, prefixListId, HTTPS, DESCRIPTION);
    const endpoint = this.#props.gatewayEndpoint(service);
    return [endpoint, ...allowToPrefixList(peer, service, endpoint.prefixListId, HTTPS, DESCRIPTION)];
  }

  #throughInterface(peer: Peer, service: AwsService): ITerraformDependable[] {
    const { interfaceEndpoints } = this.#props;
    const endpoint = interfaceEndpoints.of(service);
    for (const other of this.#online) openPort(other, interfaceEndpoints, HTTPS, DESCRIPTION);
    return [endpoint, ...openPort(peer, interfaceEndpoints, HTTPS, DESCRIPTION)];
  }
}
