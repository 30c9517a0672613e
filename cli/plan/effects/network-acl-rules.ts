import ipaddr from "ipaddr.js";
import { blocks, isTrue, type Value, type Values } from "../../terraform/configuration";
import { type Change, differs } from "../change";
import { groupBy } from "../group-by";
import { oncePerPlan } from "../once-per-plan";
import type { Moment, Plan } from "../plan";
import { holds } from "../risks/opening";

const ACL = "aws_network_acl";
const RULE = "aws_network_acl_rule";
const PROTOCOLS: Readonly<Record<string, string>> = { all: "-1", icmp: "1", tcp: "6", udp: "17" };
const TCP_AND_UDP = ["6", "17"];
const EVERY_PORT = [0, 65_535] as const;
/** A network, protocol or port that no rule names by itself. */
const OTHER = "other";

/** A rule of a network ACL. */
interface AclRule {
  readonly number: number;
  readonly isEgress: boolean;
  readonly isAllowed: boolean;
  readonly network: string;
  /** The number of the protocol; `-1` for all of them. */
  readonly protocol: string;
  readonly ports: readonly [from: number, to: number];
}

/** A connection that stands for all connections that the same rules match. */
interface Sample {
  readonly isEgress: boolean;
  readonly network: string;
  readonly protocol: string;
  readonly port: number;
}

/** The connections that an ACL lets through after a plan, compared with those before it. */
export interface AclComparison {
  readonly letsMore: boolean;
  readonly letsLess: boolean;
}

/** Reads the rules inside of an ACL: its `ingress` and `egress`. */
export function readInlineRules(values: Values | undefined): AclRule[] {
  return (["ingress", "egress"] as const).flatMap((direction) =>
    blocks(values?.[direction]).map((entry) =>
      readRule(
        { ...entry, rule_number: entry.rule_no ?? 0, rule_action: entry.action ?? "deny" },
        direction === "egress",
      ),
    ),
  );
}

/** Reads a rule that is a resource by itself. */
export function readSeparateRule(values: Values): AclRule {
  return readRule(values, isTrue(values.egress));
}

function readRule(values: Values, isEgress: boolean): AclRule {
  const { rule_number, rule_action, cidr_block, ipv6_cidr_block } = values;
  const protocol = String(values.protocol).toLowerCase();
  const number = PROTOCOLS[protocol] ?? protocol;
  return {
    number: Number(rule_number),
    isEgress,
    isAllowed: String(rule_action).toLowerCase() === "allow",
    network: String(cidr_block || ipv6_cidr_block),
    protocol: number,
    ports: number === "1" ? readIcmpType(values.icmp_type) : readPorts(number, values),
  };
}

function readPorts(protocol: string, { from_port, to_port }: Values): readonly [number, number] {
  return TCP_AND_UDP.includes(protocol) ? [Number(from_port), Number(to_port)] : EVERY_PORT;
}

/** Types of ICMP take the place of ports; -1 is all of them. */
function readIcmpType(type: Value | undefined): readonly [number, number] {
  return type === undefined || type === null || Number(type) < 0 ? EVERY_PORT : [Number(type), Number(type)];
}

/** The rules of an ACL at one moment: those that are resources by themselves, or the ones inside of it. */
const findRulesByAcl = (moment: Moment) =>
  oncePerPlan((plan) => {
    const separate = plan
      .existing(moment, RULE)
      .map((change) => ({ acl: findAcl(plan, change, moment), rule: readSeparateRule(change[moment] ?? {}) }));
    return groupBy(separate, ({ acl }) => acl);
  });
const RULES = { before: findRulesByAcl("before"), after: findRulesByAcl("after") };

/** Address of the ACL of a rule; its id where it is not in the plan. */
export function findAcl(plan: Plan, change: Change, moment: Moment): string | undefined {
  return plan.targets(change, "network_acl_id", moment, ACL)[0];
}

/** @param acl - address, or the id of one that is not in the plan */
function readRules(plan: Plan, acl: string | undefined, moment: Moment): AclRule[] {
  const separate = (RULES[moment](plan).get(acl) ?? []).map(({ rule }) => rule);
  const change = acl === undefined ? undefined : plan.at(acl);
  if (change === undefined) return separate;
  // The state of an ACL shows a copy of the rules that are resources by themselves.
  const isCopy = RULES.before(plan).has(acl) || RULES.after(plan).has(acl);
  const isInline = !isCopy || differs(change, "ingress") || differs(change, "egress");
  return isInline ? [...separate, ...readInlineRules(change[moment])] : separate;
}

/**
 * Compares what an ACL lets through before and after a plan. The rule with the lowest number that matches decides, and what
 * no rule matches is denied. Of an ACL that is not in the plan, the other rules may allow or deny.
 *
 * @param some - compares only connections that one of these rules matches
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
 */
export function compareAcl(plan: Plan, acl: string | undefined, some: readonly AclRule[]): AclComparison {
  const [before, after] = [readRules(plan, acl, "before"), readRules(plan, acl, "after")];
  const samples = sampleConnections([...before, ...after]).filter((sample) =>
    some.some((rule) => matches(rule, sample)),
  );
  const isWhole = acl !== undefined && plan.at(acl) !== undefined;
  const found = (isWhole ? [false] : [false, true]).flatMap((otherwise) =>
    samples.map((sample) => [isLetThrough(before, sample, otherwise), isLetThrough(after, sample, otherwise)] as const),
  );
  return {
    letsMore: found.some(([was, is]) => is && !was),
    letsLess: found.some(([was, is]) => was && !is),
  };
}

function isLetThrough(rules: readonly AclRule[], sample: Sample, otherwise: boolean): boolean {
  const matching = rules.filter((rule) => matches(rule, sample));
  if (matching.length === 0) return otherwise;
  return matching.reduce((one, other) => (other.number < one.number ? other : one)).isAllowed;
}

function matches(rule: AclRule, { isEgress, network, protocol, port }: Sample): boolean {
  const [from, to] = rule.ports;
  return (
    rule.isEgress === isEgress &&
    (rule.protocol === "-1" || (rule.protocol === protocol && from <= port && port <= to)) &&
    holds(rule.network, network)
  );
}

/** One connection for each set of rules that can match: rules differ by direction, network, protocol and ports. */
function sampleConnections(rules: readonly AclRule[]): Sample[] {
  const networks = [...new Set(rules.map(({ network }) => network))].filter((one, _, all) => !isFilled(one, all));
  const protocols = [...new Set(rules.map(({ protocol }) => (protocol === "-1" ? OTHER : protocol)))];
  return networks.flatMap((network) =>
    protocols.flatMap((protocol) => {
      const ports = rules
        .filter((rule) => rule.protocol === protocol)
        .flatMap((rule) => [rule.ports[0], rule.ports[1] + 1]);
      return [...new Set([0, ...ports])].flatMap((port) =>
        [false, true].map((isEgress) => ({ isEgress, network, protocol, port })),
      );
    }),
  );
}

/** Whether other networks fill a network, as two halves do: no connection is of this network alone. */
function isFilled(network: string, all: readonly string[]): boolean {
  const inside = all.filter((one) => one !== network && holds(network, one));
  const outermost = inside.filter((one) => !inside.some((other) => other !== one && holds(other, one)));
  const share = (one: string) => (ipaddr.isValidCIDR(one) ? 2 ** -ipaddr.parseCIDR(one)[1] : 0);
  return outermost.reduce((sum, one) => sum + share(one), 0) >= share(network) && outermost.length > 0;
}
