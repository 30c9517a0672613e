import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway as NatGatewayResource } from "@cdktf/provider-aws/lib/nat-gateway";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import type { Subnet } from "./subnet";

/** How private subnets reach the internet. Each NAT gateway costs money by the hour and by the byte. */
export const Nat = {
  /** Not at all. */
  NONE: "none",
  /** All through one gateway, in the first of the zones named: without that zone, no way out. */
  SINGLE: "single",
  /** Each through the gateway of its own zone. */
  PER_ZONE: "per-zone",
} as const;
export type Nat = (typeof Nat)[keyof typeof Nat];

/**
 * AWS has taken 10 minutes (kubernetes/kops#944), which is as long as the provider waits for a new gateway. For one that goes it
 * waits 30.
 */
const TIMEOUTS = { create: "30m" };

/** Properties of a {@link NatGateway}. */
export interface NatGatewayProps {
  /** The public subnet of the gateway. */
  readonly subnet: Subnet;
  /** The internet gateway, which must exist before it. */
  readonly internetGateway: ITerraformDependable;
}

/** A NAT gateway with an address of its own. */
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
