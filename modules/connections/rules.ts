import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { type ITerraformDependable, Token } from "cdktf";
import type { Construct } from "constructs";
import { buildKey, buildName, NameLimits } from "../naming";
import { checkSameRegion } from "../stack/region";
import { checkText, ValidationError } from "../validation";
import { checkDescription } from "./description";
import { checkCidr } from "./ipv4";
import type { Port } from "./port";
import { countRule } from "./rule-quota";
import type { ISecurityGroup } from "./security-group";

const RULE_NAME = { pattern: /^[a-z0-9-]+$/i, allowed: "letters, digits and hyphens", fix: "take another name" };
const PREFIX_LIST_ID = {
  pattern: /^pl-([0-9a-f]{8}|[0-9a-f]{17})$/,
  allowed: "pl- and 8 or 17 hexadecimal digits",
  fix: 'write it like "pl-0123456789abcdef0"',
};

/** One end of a connection. */
export interface Peer {
  /** The security group of its network interfaces. */
  readonly securityGroup: ISecurityGroup;
}

/**
 * Opens a port between two peers: an ingress rule of the target, and an egress rule of the source. Both are children of the source's
 * security group, under the target's name. So the source's stack depends on the target's, and further peers change no address. A
 * second call with the same peers and port returns the existing rules.
 *
 * @param from - the peer that connects.
 * @param to - the peer that listens.
 * @param description - purpose of the connection, the same text on both rules.
 * @returns resources that compute must depend on when it connects at its start.
 * @throws when AWS does not accept the description.
 */
export function openPort(from: Peer, to: Peer, port: Port, description: string): ITerraformDependable[] {
  const [source, target] = [from.securityGroup, to.securityGroup];
  const key = `${buildKey(target, source)}-${port}`;
  checkSameRegion(source, `way to ${target.node.path}`, target);
  return [
    ingress(source, `into-${key}`, target, port, description, betweenGroups(source)),
    egress(source, `to-${key}`, port, description, betweenGroups(target)),
  ];
}

/**
 * Lets an IPv4 block in on a port. A rule's name has its block and port, so further rules change no address.
 *
 * @param cidr - canonical and known at synth, as in `203.0.113.0/24`.
 * @throws when the block is malformed or has bits set behind its prefix, or AWS does not accept the description.
 */
export function allowFromCidr(to: Peer, cidr: string, port: Port, description: string): ITerraformDependable[] {
  const group = to.securityGroup;
  return [ingress(group, `from-${cidrKey(group, cidr)}-${port}`, group, port, description, { cidrIpv4: cidr })];
}

/**
 * Lets the blocks of a prefix list in on a port, such as CloudFront's or a company's own.
 *
 * @param name - name of the rule, known at synth: letters, digits and hyphens, unique among the group's rules.
 * @param prefixListId - as in `pl-0123456789abcdef0`; may be known only after deployment.
 * @throws when the name or the id is malformed, or AWS does not accept the description.
 */
export function allowFromPrefixList(
  to: Peer,
  name: string,
  prefixListId: string,
  port: Port,
  description: string,
): ITerraformDependable[] {
  const group = to.securityGroup;
  checkText(group, "prefix list's name", name, RULE_NAME);
  checkText(group, `prefix list ${name}`, prefixListId, PREFIX_LIST_ID);
  return [ingress(group, `from-${name}-${port}`, group, port, description, { prefixListId })];
}

/**
 * Lets a peer connect to an IPv4 block on a port. A rule's name has its block and port, so further rules change no address.
 *
 * @param cidr - canonical and known at synth, as in `203.0.113.0/24`.
 * @throws when the block is malformed or has bits set behind its prefix, or AWS does not accept the description.
 */
export function allowToCidr(from: Peer, cidr: string, port: Port, description: string): ITerraformDependable[] {
  const group = from.securityGroup;
  return [egress(group, `to-${cidrKey(group, cidr)}-${port}`, port, description, { cidrIpv4: cidr })];
}

/**
 * Lets a peer connect to a prefix list of AWS, such as S3's, on a port.
 *
 * @param name - name of the rule, known at synth and unique among the peer's rules.
 * @throws when AWS does not accept the description.
 */
export function allowToPrefixList(
  from: Peer,
  name: string,
  prefixListId: string,
  port: Port,
  description: string,
): ITerraformDependable[] {
  return [egress(from.securityGroup, `to-${name}-${port}`, port, description, { prefixListId })];
}

/** The other end of a rule: a group, a list of blocks or a block. */
type OtherEnd = ReturnType<typeof betweenGroups> | { readonly prefixListId: string } | { readonly cidrIpv4: string };

function betweenGroups(other: ISecurityGroup) {
  return { referencedSecurityGroupId: other.id };
}

function ingress(
  scope: Construct,
  id: string,
  group: ISecurityGroup,
  port: Port,
  description: string,
  otherEnd: OtherEnd,
): ITerraformDependable {
  checkDescription(scope, description);
  const existing = scope.node.tryFindChild(id) as VpcSecurityGroupIngressRule | undefined;
  if (existing !== undefined) return existing;
  countRule(scope, group, "ingress");
  return new VpcSecurityGroupIngressRule(scope, id, {
    securityGroupId: group.id,
    ...rule(scope, id, port, description),
    ...otherEnd,
  });
}

function egress(
  group: ISecurityGroup,
  id: string,
  port: Port,
  description: string,
  otherEnd: OtherEnd,
): ITerraformDependable {
  checkDescription(group, description);
  const existing = group.node.tryFindChild(id) as VpcSecurityGroupEgressRule | undefined;
  if (existing !== undefined) return existing;
  countRule(group, group, "egress");
  return new VpcSecurityGroupEgressRule(group, id, {
    securityGroupId: group.id,
    ...rule(group, id, port, description),
    ...otherEnd,
  });
}

function rule(scope: Construct, id: string, port: Port, description: string) {
  return {
    ipProtocol: "tcp",
    fromPort: port.first,
    toPort: port.last,
    description,
    tags: { Name: buildName(scope, NameLimits.TAG, id) },
  };
}

function cidrKey(scope: Construct, cidr: string): string {
  if (Token.isUnresolved(cidr)) {
    throw new ValidationError(scope, {
      what: "CIDR",
      got: "a value known only after deployment",
      allowed: "a block known at synth, because the rule is named by it",
      fix: "write the block out",
    });
  }
  checkCidr(scope, "CIDR", cidr);
  return cidr.replaceAll(/[./]/g, "-");
}
