import { Construct } from "constructs";
import { type Peer, SecurityGroup, type SessionStack } from "../modules";
import type { Settings } from "../settings";

/** Adds a construct for each allowed security group, under its name. Returns them as the peers that a topology takes. */
export function addPeers(stack: SessionStack, groups: Settings["ec2"]["allowedSecurityGroups"]): Peer[] {
  const visitors = new Construct(stack, "visitors");
  return Object.entries(groups).map(([name, securityGroupId]) => ({
    securityGroup: SecurityGroup.fromExisting(visitors, name, { securityGroupId }),
  }));
}
