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
  /** Route table of the subnet. */
  readonly routingTable: RoutingTable;
  /** Whether instances get a public address at launch by default. */
  readonly mapPublicIpOnLaunch: boolean;
}

/** Lambda keeps the network interfaces of a deleted function for up to 45 minutes. Until then, AWS refuses to delete the subnet. */
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
      // With this, subnets are deleted last, after load balancer, cache, functions and endpoints. If one of those cannot move, AWS
      // reports it at once, and not after the timeout of the subnet's deletion.
      lifecycle: { createBeforeDestroy: true },
    }).id;
    this.#association = new RouteTableAssociation(this, "routes", {
      subnetId: this.subnetId,
      routeTableId: props.routingTable.id,
      // After a change of the table, its routes exist before the subnet uses it.
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
