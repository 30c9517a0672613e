import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet as SubnetResource } from "@cdktf/provider-aws/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import type { ISubnet } from "./contract";
import type { RoutingTable } from "./routing-table";
import type { ZoneLetter } from "./zones";

/** Properties of a {@link Subnet}. */
export interface SubnetProps {
  readonly vpcId: string;
  readonly zone: ZoneLetter;
  readonly availabilityZone: string;
  readonly cidr: string;
  /** The table its traffic follows. */
  readonly routingTable: RoutingTable;
  /** Whether instances get a public address at launch unless they say otherwise. */
  readonly mapPublicIpOnLaunch: boolean;
}

/** Lambda keeps the network interfaces of a function for up to 45 minutes after it: until then the subnet cannot go. */
const DELETE_TIMEOUT = "60m";

/** A subnet and its association with a route table. */
export class Subnet extends Construct implements ISubnet {
  readonly zone: ZoneLetter;
  readonly availabilityZone: string;
  readonly subnetId: string;
  readonly cidr: string;
  readonly #routingTable: RoutingTable;
  readonly #association: RouteTableAssociation;

  constructor(scope: Construct, id: string, props: SubnetProps) {
    super(scope, id);
    this.zone = props.zone;
    this.availabilityZone = props.availabilityZone;
    this.cidr = props.cidr;
    this.#routingTable = props.routingTable;

    this.subnetId = new SubnetResource(this, "subnet", {
      vpcId: props.vpcId,
      availabilityZone: props.availabilityZone,
      cidrBlock: props.cidr,
      mapPublicIpOnLaunch: props.mapPublicIpOnLaunch,
      tags: { Name: buildName(this, NameLimits.TAG) },
      timeouts: { delete: DELETE_TIMEOUT },
      // The last of all: a subnet goes when load balancer, cache, functions and endpoints have left it. Where one of them
      // cannot leave, AWS says so at once, and not when the time to delete the subnet is over.
      lifecycle: { createBeforeDestroy: true },
    }).id;
    this.#association = new RouteTableAssociation(this, "routes", {
      subnetId: this.subnetId,
      routeTableId: props.routingTable.id,
      // Who goes over to another table finds the way out already there.
      dependsOn: [...props.routingTable.routes],
    });
  }

  get reachesInternet(): boolean {
    return this.#routingTable.hasDefaultRoute;
  }

  get dependables(): readonly ITerraformDependable[] {
    return [this.#association, ...this.#routingTable.routes];
  }
}
