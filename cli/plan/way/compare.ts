import type { Plan } from "../plan";
import type { Risk } from "../risk";
import { holds } from "../risks/opening";
import { type Answer, combineLinks, combineWays, type Link } from "./link";
import type { Entrance } from "./place";
import { isResolved } from "./resolved";
import { type Walked, walk } from "./ways";

/** Ways that a plan cuts, and ways that it gives to other visitors. */
export interface WayFindings {
  readonly cut: readonly Risk[];
  readonly opened: readonly Risk[];
}

/**
 * Compares the ways from visitors to sessions before and after a plan. A way is cut where it was open as a whole and no other
 * to the same end is open after; where the plan does not tell that, nothing is said.
 */
export function compareWays(plan: Plan): WayFindings {
  const before = walk(plan, "before");
  if (before.size === 0 || !isResolved(plan)) return { cut: [], opened: [] };
  const after = walk(plan, "after");
  const both = [...before.values()].flatMap((was) => {
    const is = after.get(was.app.address);
    return is === undefined ? [] : [{ was, is }];
  });
  return {
    cut: both.flatMap(({ was, is }) => [...cutEntrances(plan, was, is), ...cutCaches(plan, was, is)]),
    opened: both.flatMap(({ was, is }) => openedEntrances(was, is)),
  };
}

function cutEntrances(plan: Plan, { app, entrances }: Walked, is: Walked): Risk[] {
  const [open] = entrances.filter(({ links }) => combineLinks(links) === "open");
  if (open === undefined || combineEntrances(is.entrances) !== "closed") return [];
  const closed = new Set(entrances.flatMap(({ links }) => links.filter(isClosed)).map(({ what }) => what));
  const links = is.entrances.flatMap((one) => one.links).filter(({ what }) => !closed.has(what));
  return [{ address: app.address, what: `cuts visitors off ${app.name}: ${reason(plan, open.links, links)}` }];
}

/** Ways to caches of an app that visitors reach. An app that is not told its cache may use any that it reaches. */
function cutCaches(plan: Plan, { app, entrances, isTold, ...was }: Walked, is: Walked): Risk[] {
  if (combineEntrances(entrances) === "closed" && !hasOtherEntrances(plan)) return [];
  const open = was.listCaches().flatMap((address) => {
    const links = was.linksTo(address);
    return links !== undefined && combineLinks(links) === "open" ? [{ address, links }] : [];
  });
  const cut = open.flatMap(({ address, links }) => {
    const now = is.linksTo(address);
    if (now === undefined || combineLinks(now) !== "closed") return [];
    const what = `cuts ${app.name} off its sessions in ${plan.names.of(address)}: ${reason(plan, links, now)}`;
    return [{ address: app.address, what }];
  });
  return isTold || cut.length === open.length ? cut : [];
}

/** Entrances that the walk does not follow: an app behind one of these may have visitors. */
const OTHER_ENTRANCES = [
  "aws_api_gateway_rest_api",
  "aws_elb",
  "aws_service_discovery_service",
  "aws_vpclattice_service",
];

function hasOtherEntrances(plan: Plan): boolean {
  return plan.of(...OTHER_ENTRANCES).length > 0;
}

function combineEntrances(entrances: readonly Entrance[]): Answer {
  return combineWays(entrances.map(({ links }) => combineLinks(links)));
}

const isClosed = ({ answer }: Link) => answer === "closed";

/** The link that goes: one that is closed now, or whose resource ends or changes, else the first that is there no more. */
function reason(plan: Plan, was: readonly Link[], is: readonly Link[]): string {
  const closed = is.find(({ why }) => why !== undefined);
  if (closed !== undefined) return `${closed.what}: ${closed.why}`;
  const kept = new Set(is.map(({ what }) => what));
  const gone = was.filter(({ what }) => !kept.has(what));
  const changes = gone.filter(({ by }) => by !== undefined && plan.at(by)?.action !== "none");
  const ended = changes.filter(({ by = "" }) => plan.at(by)?.after === undefined);
  const [link] = [...ended, ...changes.slice(-1), ...gone, ...was];
  return `no more ${link?.what}`;
}

/** Visitors who come in first; where one way of before is not told, they may have come by that. */
function openedEntrances({ app, entrances }: Walked, is: Walked): Risk[] {
  if (entrances.some(({ links }) => combineLinks(links) === "unknown")) return [];
  const known = visitors(entrances);
  const more = [...new Set(visitors(is.entrances))].filter((one) => !known.some((other) => holds(other, one)));
  return more.map((one) => ({ address: app.address, what: `opens ${app.name} to ${one}` }));
}

function visitors(entrances: readonly Entrance[]): string[] {
  return entrances.filter(({ links }) => combineLinks(links) === "open").flatMap((one) => one.visitors);
}
