import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { listOf, objectWith, type PropTypes, recordOf, TEXT, ValidationError } from "../validation";
import type { Port } from "./port";
import { allowFromCidr, allowFromPrefixList, openPort, type Peer } from "./rules";

/** The IPv4 block that contains every address. */
export const EVERYBODY = "0.0.0.0/0";

/** Visitors that a topology admits beside IPv4 blocks. */
export interface VisitorOptions {
  /**
   * Prefix lists whose blocks can connect, such as CloudFront's or a company's, keyed by the name of the rule:
   * `{ cloudfront: "pl-58a04531" }`. Each entry of a list counts against the quota of rules of a security group.
   * @default - none
   */
  readonly allowedPrefixLists?: Readonly<Record<string, string>>;
  /**
   * Peers that can connect, by their security groups. `SecurityGroup.fromExisting` is a peer for an existing group.
   * @default - none
   */
  readonly allowedPeers?: readonly Peer[];
}

/** Types of the props of {@link VisitorOptions}. */
export const VISITOR_OPTIONS: PropTypes<VisitorOptions> = {
  allowedPrefixLists: recordOf(TEXT),
  allowedPeers: listOf(objectWith("a peer", "give an object with a securityGroup", "securityGroup")),
};

interface Visitors extends VisitorOptions {
  readonly allowedCidrs: readonly string[];
}

/** Whether the options admit any visitor. */
export function admitVisitors({ allowedPrefixLists = {}, allowedPeers = [] }: VisitorOptions): boolean {
  return Object.keys(allowedPrefixLists).length + allowedPeers.length > 0;
}

/** @throws {ValidationError} when neither blocks nor prefix lists nor peers are allowed. */
export function checkVisitors(scope: Construct, visitors: Visitors): void {
  if (visitors.allowedCidrs.length > 0 || admitVisitors(visitors)) return;
  throw new ValidationError(scope, {
    what: "allowedCidrs",
    got: "none",
    allowed: "at least one IPv4 block, or allowedPrefixLists or allowedPeers in its place",
    fix: `name who may come, as in ["203.0.113.0/24"]; everybody is "${EVERYBODY}"`,
  });
}

/** Lets visitors in on a port. @throws when a block, or the name or id of a prefix list, is malformed. */
export function allowVisitors(
  to: Peer,
  { allowedCidrs, allowedPrefixLists = {}, allowedPeers = [] }: Visitors,
  port: Port,
  description: string,
): ITerraformDependable[] {
  const lists = Object.entries(allowedPrefixLists);
  return [
    ...allowedCidrs.flatMap((cidr) => allowFromCidr(to, cidr, port, description)),
    ...lists.flatMap(([name, id]) => allowFromPrefixList(to, name, id, port, description)),
    ...allowedPeers.flatMap((peer) => openPort(peer, to, port, description)),
  ];
}
