import type { Plan } from "../../../cli/plan/plan";
import { Network, type End as NetworkEnd } from "../../../cli/plan/way/network";
import type { Applied, AppliedState } from "./state";

/** One end of a connection. */
export interface End {
  /** For people, as in `task service-1`. */
  readonly name: string;
  /** Ids of its security groups; none for a visitor on the internet. */
  readonly securityGroups: readonly string[];
  /** The subnet it is in; none for a visitor on the internet. */
  readonly subnetId?: string;
}

/** A visitor with a browser, at any address. */
export const INTERNET: End = { name: "the internet", securityGroups: [] };

/** A connection that is needed and that nothing lets through. */
export class Closed extends Error {
  override readonly name = "Closed";
}

const EVERYBODY = "0.0.0.0/0";

/** The applied security groups, routes and endpoints, as the plan review walks them: what does not pass throws. */
export class Paths {
  /** While it is, what is sent by a NAT gateway arrives nowhere. */
  natIsLost = false;
  readonly #state: AppliedState;
  #known: { readonly plan: Plan; readonly network: Network } | undefined;

  constructor(state: AppliedState) {
    this.#state = state;
  }

  /**
   * A connection must go out at the one end and come in at the other.
   *
   * @throws {Closed} naming the end and the port where no rule lets it through.
   */
  assertOpen(from: End, to: End, port: number): void {
    const link =
      from === INTERNET
        ? this.#network.admits(from.name, this.#readEnd(to), port, EVERYBODY)
        : this.#network.connects(this.#readEnd(from), this.#readEnd(to), port);
    if (link.answer !== "open") throw new Closed(`${link.what}: ${link.why}`);
  }

  /**
   * A call to AWS goes by an endpoint of the service in the VPC, or by the internet.
   *
   * @param service - as in a host name: `s3`, `secretsmanager`.
   * @throws {Closed} when neither way is open.
   */
  assertReachesAws(from: End, service: string): void {
    const port = 443;
    const what = `${from.name} -> ${service} of AWS, port ${port}`;
    const endpoint = this.#findEndpoint(from, service);
    if (endpoint?.vpc_endpoint_type === "Interface") {
      const to = { name: `the endpoint of ${service}`, securityGroups: endpoint.security_group_ids };
      this.assertOpen(from, to, port);
      return;
    }
    const { groups } = this.#readEnd(from);
    const peers = this.#network.findOpenings("egress", groups, port).map(({ peer }) => peer);
    if (!peers.includes(EVERYBODY) && !peers.includes(endpoint?.prefix_list_id)) {
      throw new Closed(`${what}: no egress rule of ${groups} lets it out`);
    }
    if (endpoint === undefined && this.#findRoutesOut(from).length === 0) {
      throw new Closed(
        `${what}: its subnet ${from.subnetId} has no route to the internet, and the VPC no endpoint of it`,
      );
    }
  }

  /** The endpoint that a call to AWS goes by, with its policy, where AWS has written one. */
  endpointTo(from: End, service: string): { readonly id: string; readonly policy: string } | undefined {
    const { id, policy } = this.#findEndpoint(from, service) ?? {};
    return policy ? { id, policy } : undefined;
  }

  /** Whether a call to AWS that is let through gets lost on its way, and is never answered. */
  isLost(from: End, service: string): boolean {
    const isByGateway = this.#findRoutesOut(from).some(({ isInternetGateway }) => isInternetGateway);
    return this.natIsLost && this.#findEndpoint(from, service) === undefined && !isByGateway;
  }

  /** The network as applied last. */
  get #network(): Network {
    const { plan } = this.#state;
    if (this.#known?.plan !== plan) this.#known = { plan, network: new Network(plan, "after", { isWhole: true }) };
    return this.#known.network;
  }

  /** As the walk names it: by addresses of resources. */
  #readEnd({ name, securityGroups, subnetId }: End): NetworkEnd {
    return {
      name,
      groups: securityGroups.map((id) => this.#findAddress("aws_security_group", id)),
      subnets: subnetId === undefined ? [] : [this.#findAddress("aws_subnet", subnetId)],
    };
  }

  #findAddress(type: string, id: string): string {
    return this.#state.plan.find(type, id, "after") ?? id;
  }

  #findEndpoint(from: End, service: string): Applied | undefined {
    const [subnet] = this.#readEnd(from).subnets;
    const table = this.#network.findTable(subnet);
    return this.#state
      .all("aws_vpc_endpoint")
      .filter(({ service_name }) => service_name.endsWith(`.${service}`))
      .find(
        ({ vpc_endpoint_type, route_table_ids }) =>
          vpc_endpoint_type === "Interface" ||
          (route_table_ids ?? []).some((id: string) => this.#findAddress("aws_route_table", id) === table),
      );
  }

  #findRoutesOut(from: End) {
    const [subnet] = this.#readEnd(from).subnets;
    return this.#network.routesOut(subnet).filter((route) => route.isInternetGateway || NAT_GATEWAY.test(route.target));
  }
}

const NAT_GATEWAY = /^nat-|\baws_nat_gateway\./;
