import type { Applied, AppliedState } from "./state";

/** One end of a connection. */
export interface End {
  /** For people, as in `task service-1`. */
  readonly name: string;
  /** Ids of its security groups; none for somebody on the internet. */
  readonly securityGroups: readonly string[];
  /** The subnet it is in; none for somebody on the internet. */
  readonly subnetId?: string;
}

/** Somebody with a browser, anywhere. */
export const INTERNET: End = { name: "the internet", securityGroups: [] };

/** A connection that is needed and that nothing lets through. */
export class Closed extends Error {
  override readonly name = "Closed";
}

/** What the applied security groups, routes and endpoints let through. */
export class Paths {
  /** While it is, what is sent by a NAT gateway arrives nowhere. */
  natIsLost = false;
  readonly #state: AppliedState;

  constructor(state: AppliedState) {
    this.#state = state;
  }

  /**
   * A connection must go out at the one end and come in at the other.
   *
   * @throws {Closed} naming the end and the port where no rule lets it through.
   */
  assertOpen(from: End, to: End, port: number): void {
    const what = `${from.name} -> ${to.name}, port ${port}`;
    if (from !== INTERNET && !this.#opens("egress", from, to, port)) {
      throw new Closed(`${what}: no egress rule of ${from.securityGroups} lets it out`);
    }
    if (to !== INTERNET && !this.#opens("ingress", to, from, port)) {
      throw new Closed(`${what}: no ingress rule of ${to.securityGroups} lets it in`);
    }
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
    const byPrefix =
      endpoint !== undefined && this.#opensTo(from, (rule) => rule.prefix_list_id === endpoint.prefix_list_id, port);
    const toAll = this.#opensTo(from, (rule) => rule.cidr_ipv4 === "0.0.0.0/0", port);
    if (!byPrefix && !toAll) throw new Closed(`${what}: no egress rule of ${from.securityGroups} lets it out`);
    if (endpoint === undefined && this.#routesOut(from).length === 0) {
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
    return this.natIsLost && this.#findEndpoint(from, service) === undefined && !this.#routesOut(from).some(byGateway);
  }

  #opens(direction: "ingress" | "egress", end: End, other: End, port: number): boolean {
    return this.#rules(direction, end, port).some((rule) =>
      rule.referenced_security_group_id
        ? other.securityGroups.includes(rule.referenced_security_group_id)
        : other === INTERNET && rule.cidr_ipv4 === "0.0.0.0/0",
    );
  }

  #opensTo(from: End, leadsThere: (rule: Applied) => boolean, port: number): boolean {
    return this.#rules("egress", from, port).some(leadsThere);
  }

  #rules(direction: "ingress" | "egress", { securityGroups }: End, port: number): readonly Applied[] {
    return this.#state
      .all(`aws_vpc_security_group_${direction}_rule`)
      .filter(
        ({ security_group_id, ip_protocol, from_port, to_port }) =>
          securityGroups.includes(security_group_id) &&
          (ip_protocol === "-1" || (ip_protocol === "tcp" && from_port <= port && port <= to_port)),
      );
  }

  #findEndpoint(from: End, service: string): Applied | undefined {
    const table = this.#findRouteTable(from);
    return this.#state
      .all("aws_vpc_endpoint")
      .filter(({ service_name }) => service_name.endsWith(`.${service}`))
      .find(
        ({ vpc_endpoint_type, route_table_ids }) =>
          vpc_endpoint_type === "Interface" || (route_table_ids ?? []).includes(table),
      );
  }

  #routesOut(from: End): readonly Applied[] {
    const table = this.#findRouteTable(from);
    return this.#state
      .all("aws_route")
      .filter(
        (route) =>
          route.route_table_id === table &&
          route.destination_cidr_block === "0.0.0.0/0" &&
          (byGateway(route) || Boolean(route.nat_gateway_id)),
      );
  }

  #findRouteTable({ subnetId }: End): string | undefined {
    return this.#state.all("aws_route_table_association").find(({ subnet_id }) => subnet_id === subnetId)
      ?.route_table_id;
  }
}

/** Whether a route leads to the internet by itself. */
function byGateway({ gateway_id }: Applied): boolean {
  return Boolean(gateway_id);
}
