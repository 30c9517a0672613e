import ipaddr from "ipaddr.js";
import { blocks, isTrue, texts, type Value, type Values } from "../../terraform/configuration";
import { type Change, differs } from "../change";
import { groupBy } from "../group-by";
import type { Moment, Plan } from "../plan";

const GROUP = "aws_security_group";
const RULES: Readonly<Record<string, Direction>> = {
  aws_vpc_security_group_ingress_rule: "ingress",
  aws_vpc_security_group_egress_rule: "egress",
};
const OLDER_RULE = "aws_security_group_rule";
const INLINE = [GROUP, "aws_default_security_group"];
const LIST = "aws_ec2_managed_prefix_list";
const ENTRY = "aws_ec2_managed_prefix_list_entry";
const EVERY_PORT = [0, 65_535] as const;

type Direction = "ingress" | "egress";

/** Connections that a rule lets through: of one group, with one peer. */
export interface Opening {
  /** Of the resource that says so. */
  readonly address: string;
  readonly group: string;
  readonly direction: Direction;
  /** `all` for each of them. */
  readonly protocol: string;
  readonly ports: readonly [from: number, to: number];
  /** A network, or the address of a group where it is in the plan, or an id. */
  readonly peer: string;
}

/** All that the rules of a plan let through, at one moment, whichever of the three forms they have. */
export function openings(plan: Plan, moment: Moment): Opening[] {
  const lists = prefixLists(plan, moment);
  const separate = groupsWithRules(plan);
  return plan
    .of(...Object.keys(RULES), OLDER_RULE, ...INLINE)
    .flatMap((change) => {
      const values = change[moment];
      if (values === undefined) return [];
      const direction = RULES[change.type];
      if (direction !== undefined) return ofRule(plan, change, values, moment, direction);
      if (change.type === OLDER_RULE) return ofOlderRule(plan, change, values, moment);
      return (["ingress", "egress"] as const)
        .filter((one) => differs(change, one) || !separate.has(`${change.address} ${one}`))
        .flatMap((one) => ofInline(plan, change, values, moment, one));
    })
    .flatMap((opening) => (lists.get(opening.peer) ?? [opening.peer]).map((peer) => ({ ...opening, peer })));
}

/**
 * Groups with rules that are resources by themselves. The state of such a group shows a copy of them, which stays as it is
 * where a rule goes.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/security_group
 */
function groupsWithRules(plan: Plan): ReadonlySet<string> {
  return new Set(
    plan.of(...Object.keys(RULES), OLDER_RULE).flatMap((change) => {
      if (change.before === undefined) return [];
      const direction = RULES[change.type] ?? String(change.before.type);
      return plan.targets(change, "security_group_id", "before", GROUP).map((group) => `${group} ${direction}`);
    }),
  );
}

function ofRule(plan: Plan, change: Change, values: Values, moment: Moment, direction: Direction): Opening[] {
  const { cidr_ipv4, cidr_ipv6 } = values;
  const peers = [
    ...texts(cidr_ipv4),
    ...texts(cidr_ipv6),
    ...plan.targets(change, "prefix_list_id", moment, LIST),
    ...plan.targets(change, "referenced_security_group_id", moment, GROUP),
  ];
  const group = plan.targets(change, "security_group_id", moment, GROUP)[0] ?? change.address;
  const reach_ = reach(values.ip_protocol, values.from_port, values.to_port);
  return toEach(peers, { address: change.address, group, direction, ...reach_ });
}

function ofOlderRule(plan: Plan, change: Change, values: Values, moment: Moment): Opening[] {
  const direction = values.type === "egress" ? "egress" : "ingress";
  const group = plan.targets(change, "security_group_id", moment, GROUP)[0] ?? change.address;
  const peers = [
    ...listed(values),
    ...plan.targets(change, "prefix_list_ids", moment, LIST),
    ...plan.targets(change, "source_security_group_id", moment, GROUP),
    ...(isTrue(values.self) ? [group] : []),
  ];
  const reach_ = reach(values.protocol, values.from_port, values.to_port);
  return toEach(peers, { address: change.address, group, direction, ...reach_ });
}

function ofInline(plan: Plan, change: Change, values: Values, moment: Moment, direction: Direction): Opening[] {
  return blocks(values[direction]).flatMap((rule) => {
    const inside = { ...change, [moment]: rule, unknown: {} };
    // Which of the groups the whole argument refers to is meant here, is known only after apply.
    const unknown = moment === "after" && blocks(change.unknown[direction]).some((one) => one.security_groups);
    const groups = unknown
      ? plan.targets(change, direction, "after", GROUP)
      : plan.targets(inside, "security_groups", moment, GROUP);
    const lists = plan.targets(inside, "prefix_list_ids", moment, LIST);
    const peers = [...listed(rule), ...lists, ...groups, ...(isTrue(rule.self) ? [change.address] : [])];
    const { address } = change;
    return toEach(peers, { address, group: address, direction, ...reach(rule.protocol, rule.from_port, rule.to_port) });
  });
}

function listed({ cidr_blocks, ipv6_cidr_blocks }: Values): string[] {
  return [cidr_blocks, ipv6_cidr_blocks].flatMap(texts);
}

/** Where the peer is known only after apply and refers to no resource, it is some peer all the same. */
function toEach(peers: readonly string[], opening: Omit<Opening, "peer">): Opening[] {
  return (peers.length > 0 ? peers : ["known after apply"]).map((peer) => ({ ...opening, peer }));
}

function reach(
  protocol: Value | undefined,
  from: Value | undefined,
  to: Value | undefined,
): Pick<Opening, "protocol" | "ports"> {
  const all = String(protocol) === "-1" || protocol === "all";
  const [first, last] = [from, to].map((port) => (port === null || port === undefined ? Number.NaN : Number(port)));
  const isEvery =
    all || first === undefined || last === undefined || Number.isNaN(first) || Number.isNaN(last) || first < 0;
  return { protocol: all ? "all" : String(protocol), ports: isEvery ? EVERY_PORT : [first, last] };
}

/** Networks of the prefix lists that are in the plan, by address. */
function prefixLists(plan: Plan, moment: Moment): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, string[]>();
  for (const change of plan.of(LIST)) {
    const entries = blocks(change[moment]?.entry).flatMap(({ cidr }) => texts(cidr));
    if (entries.length > 0) lists.set(change.address, entries);
  }
  for (const change of plan.of(ENTRY)) {
    const [list = ""] = plan.targets(change, "prefix_list_id", moment, LIST);
    const cidrs = change[moment] === undefined ? [] : texts(change[moment]?.cidr);
    if (cidrs.length > 0) lists.set(list, [...(lists.get(list) ?? []), ...cidrs]);
  }
  return lists;
}

/** Openings by the group whose rules say so. */
export function byGroup(some: readonly Opening[]): ReadonlyMap<string, readonly Opening[]> {
  return groupBy(some, ({ group }) => group);
}

/** Whether several together let through all that one does: ranges of ports and halves of networks are joined. */
export function isCovered(one: Opening, others: readonly Opening[]): boolean {
  const near = others.filter((other) => intersects(one, other));
  if (near.length === 0) return false;
  if (near.some((other) => isWithin(one.ports, other.ports) && holds(other.peer, one.peer))) return true;
  const cut = near.map((other) => boundaryWithin(one.ports, other.ports)).find((port) => port !== undefined);
  if (cut !== undefined) {
    const [from, to] = one.ports;
    return isCovered({ ...one, ports: [from, cut - 1] }, near) && isCovered({ ...one, ports: [cut, to] }, near);
  }
  const halves = splitInHalves(one.peer);
  return halves?.every((peer) => isCovered({ ...one, peer }, near)) ?? false;
}

/** Whether there is a connection that both let through. */
export function intersects(one: Opening, other: Opening): boolean {
  return (
    one.group === other.group &&
    one.direction === other.direction &&
    (other.protocol === "all" || one.protocol === other.protocol) &&
    one.ports[0] <= other.ports[1] &&
    other.ports[0] <= one.ports[1] &&
    (holds(one.peer, other.peer) || holds(other.peer, one.peer))
  );
}

function isWithin(inner: Opening["ports"], outer: Opening["ports"]): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1];
}

/** A port at which the other range begins, or has ended, inside of this one. */
function boundaryWithin([from, to]: Opening["ports"], other: Opening["ports"]): number | undefined {
  return [other[0], other[1] + 1].find((port) => from < port && port <= to);
}

/** Whether the one peer is the other, or a network around it. */
export function holds(peer: string, other: string): boolean {
  if (peer === other) return true;
  const [outer, inner] = [parseNetwork(peer), parseNetwork(other)];
  if (outer === undefined || inner === undefined) return false;
  const [[network, bits], [address, innerBits]] = [outer, inner];
  return network.kind() === address.kind() && innerBits >= bits && address.match(network, bits);
}

type Network = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];
const networks = new Map<string, Network | undefined>();

function parseNetwork(peer: string): Network | undefined {
  if (!networks.has(peer)) networks.set(peer, ipaddr.isValidCIDR(peer) ? ipaddr.parseCIDR(peer) : undefined);
  return networks.get(peer);
}

function splitInHalves(peer: string): readonly [string, string] | undefined {
  const network = parseNetwork(peer);
  if (network === undefined) return undefined;
  const [address, bits] = network;
  const bytes = address.toByteArray();
  if (bits >= bytes.length * 8) return undefined;
  const upper = [...bytes];
  const at = bits >> 3;
  upper[at] = (upper[at] ?? 0) | (0x80 >> (bits & 7));
  const [low, high] = [bytes, upper].map((some) => `${ipaddr.fromByteArray(some)}/${bits + 1}`);
  return [low as string, high as string];
}
