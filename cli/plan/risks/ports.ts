import { block, texts, type Values } from "../../terraform/configuration";
import { isWorld } from "../../terraform/world";
import { type Change, differs } from "../change";
import { GROUP_LISTS } from "../effects/groups";
import type { Moment, Plan } from "../plan";
import type { Risk } from "../risk";
import { byGroup, holds, intersects, isCovered, type Opening, openings } from "./opening";

const GROUP = "aws_security_group";
const NAMED: Readonly<Record<number, string>> = { 22: "SSH", 3389: "RDP", 6379: "Redis", 11211: "Memcached" };
/** Ports for the people who run it, that visitors do not use. */
const ADMINISTRATION = [22, 3389];

/** Consequences of changed rules. */
export interface PortFindings {
  /** Connections that are let in after the plan, and were not before. */
  readonly opened: readonly Risk[];
  /** Connections that are cut. */
  readonly closed: readonly Risk[];
  /** Closed, and no visitor came in there. */
  readonly narrowed: readonly Risk[];
}

/**
 * Compares what rules let through before and after. A rule that only moves, or that is replaced together with its group, opens
 * and closes nothing.
 */
export function comparePorts(plan: Plan): PortFindings {
  const [before, after] = [byGroup(openings(plan, "before")), byGroup(openings(plan, "after"))];
  const used = findUsedPorts(plan);
  const opened = all(after)
    .filter(({ direction }) => direction === "ingress")
    .filter((opening) => !isCovered(opening, before.get(opening.group) ?? []));
  const closed = all(before)
    .filter(({ group, peer }) => isThere(plan, group) && isThere(plan, peer))
    .filter((opening) => !isCovered(opening, after.get(opening.group) ?? []))
    .map((opening) => ({ opening, isMissed: isMissed(opening, after.get(opening.group) ?? [], used) }));
  const said = (isMissed_: boolean) =>
    closed
      .filter(({ isMissed }) => isMissed === isMissed_)
      .map(({ opening }) => ({ address: opening.address, what: `closes ${describe(plan, opening)}` }));
  return {
    opened: [
      ...opened.map((opening) => ({ address: opening.address, what: `opens ${describe(plan, opening)}` })),
      ...joined(plan, before, after),
    ],
    closed: said(true),
    narrowed: said(false),
  };
}

type Openings = ReadonlyMap<string, readonly Opening[]>;

function all(some: Openings): Opening[] {
  return [...some.values()].flat();
}

/** A group or a network that is not in the plan stays. */
function isThere(plan: Plan, address: string): boolean {
  const change = plan.at(address);
  return change === undefined || change.after !== undefined;
}

/** Whether visitors, or the app, may have used what is closed. */
function isMissed(opening: Opening, after: readonly Opening[], usedPorts: readonly number[]): boolean {
  const [from, to] = opening.ports;
  if (from === to && ADMINISTRATION.includes(from)) return false;
  const left = after.filter((one) => intersects(opening, one) || intersects(one, opening));
  if (left.length === 0 || !left.some((one) => holds(one.peer, opening.peer))) return true;
  // From where it comes stays the same, fewer ports are open: those in use decide.
  const used = usedPorts.filter((port) => from <= port && port <= to);
  return used.some((port) => !isCovered({ ...opening, protocol: "tcp", ports: [port, port] }, after));
}

/** Ports that caches, load balancers, target groups and databases of the plan answer at. */
function findUsedPorts(plan: Plan): readonly number[] {
  return [...new Set(plan.changes.flatMap(({ before }) => (typeof before?.port === "number" ? [before.port] : [])))];
}

/** Rules that hold for one more resource: a group was attached to it, or swapped for another. */
function joined(plan: Plan, before: Openings, after: Openings): Risk[] {
  return plan.changes.flatMap((change) => {
    if (change.leftover || change.before === undefined || change.after === undefined || change.action === "forget")
      return [];
    if (change.action === "none" || !GROUP_PLACES.some(([argument]) => differs(change, argument))) return [];
    const [was, is] = (["before", "after"] as const).map((moment) => findGroups(plan, change, moment));
    if (was === undefined || is === undefined) return [];
    const held = was.flatMap((group) => before.get(group) ?? []);
    return is
      .filter((group) => !was.includes(group) && plan.at(group)?.action !== "create")
      .flatMap((group) => {
        const rules = after.get(group);
        const name = plan.names.of(change.address);
        if (rules === undefined && plan.at(group) === undefined) {
          return [`puts ${name} behind ${group}, whose rules are not in this plan: what it lets in reaches it`];
        }
        return (rules ?? [])
          .filter(({ direction }) => direction === "ingress")
          .filter(
            (rule) =>
              !isCovered(
                rule,
                held.map((one) => ({ ...one, group })),
              ),
          )
          .map((rule) => `opens ${describe(plan, { ...rule, group: change.address })}`);
      })
      .map((what) => ({ address: change.address, what }));
  });
}

/** Where resources list their groups: an argument, or one inside of a block. */
const GROUP_PLACES: readonly (readonly [argument: string, inside?: string])[] = [
  ...GROUP_LISTS.map((argument) => [argument] as const),
  ["vpc_config", "security_group_ids"],
  ["network_configuration", "security_groups"],
  ["network_interfaces", "security_groups"],
];

function findGroups(plan: Plan, change: Change, moment: Moment): string[] {
  return GROUP_PLACES.flatMap(([argument, inside]) => {
    if (inside === undefined) return plan.targets(change, argument, moment, GROUP);
    const values: Values = block(change[moment]?.[argument]);
    return texts(values[inside]).map((id) => plan.find(GROUP, id, moment) ?? id);
  });
}

function describe(plan: Plan, { group, direction, protocol, ports, peer }: Opening): string {
  const who = isWorld(peer) ? `everybody (${peer})` : peer === group ? "itself" : plan.names.of(peer);
  const name = plan.names.of(group);
  if (direction === "egress") return `${portsInWords(protocol, ports)} from ${name} to ${who}`;
  return `${portsInWords(protocol, ports)} of ${name} to ${who}`;
}

function portsInWords(protocol: string, [from, to]: Opening["ports"]): string {
  if (protocol === "all") return "every port";
  if (protocol.startsWith("icmp")) return protocol;
  if (from <= 1 && to === 65_535) return `every ${protocol} port`;
  const names = Object.entries(NAMED).filter(([port]) => from <= Number(port) && Number(port) <= to);
  const named = names.map(([, name]) => name).join(", ");
  if (from === to) return `${protocol} ${from}${named && ` (${named})`}`;
  return `${protocol} ${from} to ${to}${named && ` (${named} among them)`}`;
}
