import ipaddr from "ipaddr.js";
import { blocks, isTrue, texts, type Value, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import type { Moment, Plan } from "../plan";
import type { Risk } from "../risk";

const GROUP = "aws_security_group";
const RULE = "aws_vpc_security_group_ingress_rule";
const OLDER_RULE = "aws_security_group_rule";
const INLINE = [GROUP, "aws_default_security_group"];
const NAMED: Readonly<Record<number, string>> = { 22: "SSH", 3389: "RDP", 6379: "Redis", 11211: "Memcached" };
const EVERYBODY = ["0.0.0.0/0", "::/0"];

/** One peer that may open connections to one group. */
interface Opening {
  /** Of the resource that says so. */
  readonly address: string;
  readonly group: string;
  readonly protocol: string;
  /** Undefined: every port. */
  readonly ports: readonly [from: number, to: number] | undefined;
  readonly peer: string;
}

/**
 * Ports that are open to somebody after the plan and were not before. A rule that only moves, that is replaced together
 * with its group, or that becomes narrower, opens nothing.
 */
export function openedPorts(plan: Plan): Risk[] {
  const before = openings(plan, "before");
  return openings(plan, "after")
    .filter((opening) => !before.some((one) => covers(one, opening)))
    .map((opening) => ({ address: opening.address, what: describe(plan, opening) }));
}

function openings(plan: Plan, moment: Moment): Opening[] {
  return plan.of(RULE, OLDER_RULE, ...INLINE).flatMap((change) => {
    const values = change[moment];
    if (values === undefined) return [];
    if (change.type === RULE) return ofRule(plan, change, values, moment);
    if (change.type === OLDER_RULE) return ofOlderRule(plan, change, values, moment);
    return ofInline(plan, change, values, moment);
  });
}

function ofRule(plan: Plan, change: Change, values: Values, moment: Moment): Opening[] {
  const { cidr_ipv4, cidr_ipv6, prefix_list_id, from_port, to_port } = values;
  const peers = [
    ...texts(cidr_ipv4),
    ...texts(cidr_ipv6),
    ...texts(prefix_list_id),
    ...plan.targets(change, "referenced_security_group_id", moment, GROUP),
  ];
  const group = plan.targets(change, "security_group_id", moment, GROUP)[0] ?? change.address;
  return toEach(peers, { address: change.address, group, ...reach(values.ip_protocol, from_port, to_port) });
}

function ofOlderRule(plan: Plan, change: Change, values: Values, moment: Moment): Opening[] {
  if (values.type !== "ingress") return [];
  const group = plan.targets(change, "security_group_id", moment, GROUP)[0] ?? change.address;
  const peers = [
    ...listed(values),
    ...plan.targets(change, "source_security_group_id", moment, GROUP),
    ...(isTrue(values.self) ? [group] : []),
  ];
  return toEach(peers, { address: change.address, group, ...reach(values.protocol, values.from_port, values.to_port) });
}

function ofInline(plan: Plan, change: Change, values: Values, moment: Moment): Opening[] {
  return blocks(values.ingress).flatMap((rule) => {
    const inside = { ...change, [moment]: rule, unknown: {} };
    // Which of the groups the whole argument refers to is meant here, is known only after apply.
    const unknown = moment === "after" && blocks(change.unknown.ingress).some((one) => one.security_groups);
    const groups = unknown
      ? plan.targets(change, "ingress", "after", GROUP)
      : plan.targets(inside, "security_groups", moment, GROUP);
    const peers = [...listed(rule), ...groups, ...(isTrue(rule.self) ? [change.address] : [])];
    const { address } = change;
    return toEach(peers, { address, group: address, ...reach(rule.protocol, rule.from_port, rule.to_port) });
  });
}

function listed({ cidr_blocks, ipv6_cidr_blocks, prefix_list_ids }: Values): string[] {
  return [cidr_blocks, ipv6_cidr_blocks, prefix_list_ids].flatMap(texts);
}

/** Where the peer is known only after apply and refers to no resource, it is some peer all the same. */
function toEach(peers: readonly string[], opening: Omit<Opening, "peer">): Opening[] {
  return (peers.length > 0 ? peers : ["known after apply"]).map((peer) => ({ ...opening, peer }));
}

function reach(protocol: Value | undefined, from: Value | undefined, to: Value | undefined) {
  const all = String(protocol) === "-1" || protocol === "all";
  const ports = all || typeof from !== "number" || typeof to !== "number" ? undefined : ([from, to] as const);
  return { protocol: all ? "all" : String(protocol), ports };
}

function covers(one: Opening, other: Opening): boolean {
  if (one.group !== other.group || !holds(one.peer, other.peer)) return false;
  if (one.protocol !== "all" && one.protocol !== other.protocol) return false;
  if (one.ports === undefined) return true;
  return other.ports !== undefined && one.ports[0] <= other.ports[0] && other.ports[1] <= one.ports[1];
}

function holds(peer: string, other: string): boolean {
  if (peer === other) return true;
  if (!ipaddr.isValidCIDR(peer) || !ipaddr.isValidCIDR(other)) return false;
  const [[network, bits], [inner, innerBits]] = [ipaddr.parseCIDR(peer), ipaddr.parseCIDR(other)];
  return network.kind() === inner.kind() && innerBits >= bits && inner.match(network, bits);
}

function describe(plan: Plan, { group, protocol, ports, peer }: Opening): string {
  const from = EVERYBODY.includes(peer) ? `everybody (${peer})` : peer === group ? "itself" : plan.names.of(peer);
  return `opens ${portsInWords(protocol, ports)} of ${plan.names.of(group)} to ${from}`;
}

function portsInWords(protocol: string, ports: Opening["ports"]): string {
  if (protocol === "all") return "every port";
  if (protocol.startsWith("icmp")) return protocol;
  if (ports === undefined || (ports[0] <= 1 && ports[1] === 65535)) return `every ${protocol} port`;
  const [from, to] = ports;
  const names = Object.entries(NAMED).filter(([port]) => from <= Number(port) && Number(port) <= to);
  const named = names.map(([, name]) => name).join(", ");
  if (from === to) return `${protocol} ${from}${named && ` (${named})`}`;
  return `${protocol} ${from} to ${to}${named && ` (${named} among them)`}`;
}
