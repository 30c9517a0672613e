import type { Json } from "../../machine/aws-cli";
import type { State } from "../../terraform/state";

/** A rule of a security group, from the group's own lists `ingress` and `egress`, for one peer. */
interface InlineRule {
  readonly groupId: string;
  readonly isEgress: boolean;
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  /** A CIDR block, a prefix list, or a security group. */
  readonly peer: string;
}

/** The rules that a state knows of its security groups. */
interface KnownRules {
  readonly ids: readonly string[];
  readonly inline: readonly InlineRule[];
}

const RULES = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

/**
 * Lists the rules that a state knows of security groups: resources of the rules, by id; and the lists of a group without such a
 * resource, in which a program writes its rules inline. The lists of other groups would also hold rules that were added by hand.
 */
export function listKnownRules(state: State, groups: readonly Json[]): KnownRules {
  const rules = RULES.flatMap((type) => state.all(type));
  const older = state.all("aws_security_group_rule");
  const separate = new Set([...rules, ...older].map(({ security_group_id }) => security_group_id));
  const known = new Set(groups.map(({ id }) => id));
  const isKnown = ({ security_group_id: id }: Json) => id === undefined || known.has(id);
  return {
    ids: [
      ...rules.filter(isKnown).map(({ id }) => String(id)),
      ...older.filter(isKnown).flatMap(({ security_group_rule_id: id }) => (id ? [String(id)] : [])),
    ],
    inline: [
      ...groups.filter(({ id }) => !separate.has(id)).flatMap(listInline),
      // One resource of the older type may be several rules at AWS, and then it has no id of a rule.
      ...older.flatMap(splitOlder),
    ],
  };
}

/** Whether a rule in AWS' answer is one of these. */
export function isInline(rule: Json, inline: readonly InlineRule[]): boolean {
  const peer = rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId;
  return inline.some(
    (one) =>
      one.groupId === rule.GroupId &&
      one.isEgress === rule.IsEgress &&
      one.protocol === rule.IpProtocol &&
      (one.protocol === "-1" || (one.fromPort === rule.FromPort && one.toPort === rule.ToPort)) &&
      one.peer === peer,
  );
}

function listInline(group: Json): InlineRule[] {
  const of = (isEgress: boolean) =>
    ((isEgress ? group.egress : group.ingress) ?? []).flatMap((rule: Json) => split(rule, group.id, isEgress));
  return [...of(false), ...of(true)];
}

function splitOlder(rule: Json): InlineRule[] {
  return split(
    { ...rule, security_groups: [rule.source_security_group_id].filter(Boolean) },
    rule.security_group_id,
    rule.type === "egress",
  );
}

/** Terraform keeps several peers in one block, and AWS has a rule for each of them. */
function split(rule: Json, groupId: string, isEgress: boolean): InlineRule[] {
  const { protocol, from_port: fromPort, to_port: toPort, self } = rule;
  const lists = [rule.cidr_blocks, rule.ipv6_cidr_blocks, rule.prefix_list_ids, rule.security_groups];
  const peers: string[] = [...lists.flatMap((list) => list ?? []), ...(self === true ? [groupId] : [])];
  return peers.map((peer) => ({ groupId, isEgress, protocol: String(protocol), fromPort, toPort, peer }));
}
