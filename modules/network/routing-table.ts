import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";

/** Target of the default route. */
export type WayOut = { readonly gatewayId: string } | { readonly natGatewayId: string };

/** A route table, its default route if it has one, and the endpoints that add routes to it. */
export class RoutingTable extends Construct {
  /** Id of the table, `rtb-...`. */
  readonly id: string;
  readonly #routes: ITerraformDependable[] = [];
  #hasDefaultRoute = false;

  constructor(scope: Construct, id: string, vpcId: string) {
    super(scope, id);
    this.id = new RouteTable(this, "table", { vpcId, tags: { Name: buildName(this, NameLimits.TAG) } }).id;
  }

  /** Adds the default route. */
  addDefaultRoute(wayOut: WayOut): void {
    this.#hasDefaultRoute = true;
    this.#routes.push(
      new Route(this, "default", {
        routeTableId: this.id,
        destinationCidrBlock: "0.0.0.0/0",
        ...wayOut,
        // Before its deletion, its subnets change to another table.
        lifecycle: { createBeforeDestroy: true },
      }),
    );
  }

  /** Adds a resource that keeps a route in the table. */
  addRouteBy(owner: ITerraformDependable): void {
    this.#routes.push(owner);
  }

  get hasDefaultRoute(): boolean {
    return this.#hasDefaultRoute;
  }

  get routes(): readonly ITerraformDependable[] {
    return this.#routes;
  }
}
