import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway as NatGatewayResource } from "@cdktf/provider-aws/lib/nat-gateway";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import type { Subnet } from "./subnet";

/** The way of private subnets to the internet. AWS charges for each NAT gateway by the hour and by the byte. */
export const Nat = {
  /** No way to the internet. */
  NONE: "none",
  /** One gateway for all subnets, in the first zone. When that zone fails, there is no way to the internet. */
  SINGLE: "single",
  /** A gateway in each zone for the subnets of the zone. */
  PER_ZONE: "per-zone",
} as const;
export type Nat = (typeof Nat)[keyof typeof Nat];

/**
 * The creation of a gateway has taken 10 minutes (kubernetes/kops#944), which is as long as the provider waits. For a deletion, it waits 30
 * minutes.
 */
const TIMEOUTS = { create: "30m" };

/** Properties of a {@link NatGateway}. */
export interface NatGatewayProps {
  /** The public subnet of the gateway. */
  readonly subnet: Subnet;
  /** The internet gateway, which must exist before it. */
  readonly internetGateway: ITerraformDependable;
}

/** A NAT gateway with its own address. */
export class NatGateway extends Construct {
  /** Id of the gateway, `nat-...`. */
  readonly id: string;

  constructor(scope: Construct, id: string, { subnet, internetGateway }: NatGatewayProps) {
    super(scope, id);
    const tags = { Name: buildName(this, NameLimits.TAG) };

    const address = new Eip(this, "address", { domain: "vpc", tags, dependsOn: [internetGateway] });
    this.id = new NatGatewayResource(this, "gateway", {
      allocationId: address.allocationId,
      subnetId: subnet.subnetId,
      tags,
      timeouts: TIMEOUTS,
      dependsOn: [internetGateway, ...subnet.dependables],
    }).id;
  }
}
