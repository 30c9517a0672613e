import type { Plan } from "../plan";
import type { Risk } from "../risk";
import { holds } from "../risks/opening";
import type { Entrance } from "./entrances";
import { combineLinks, combineWays, type Link } from "./link";
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
  if (open === undefined || combineWays(is.entrances.map(({ links }) => combineLinks(links))) !== "closed") return [];
  const links = is.entrances.map((one) => one.links);
  return [{ address: app.address, what: `cuts visitors off ${app.name}: ${reason(plan, open.links, links)}` }];
}

function cutCaches(plan: Plan, { app, caches }: Walked, is: Walked): Risk[] {
  return [...caches].flatMap(([address, links]) => {
    const now = is.caches.get(address);
    if (combineLinks(links) !== "open" || now === undefined || combineLinks(now) !== "closed") return [];
    const what = `cuts ${app.name} off its sessions in ${plan.names.of(address)}: ${reason(plan, links, [now])}`;
    return [{ address: app.address, what }];
  });
}

/** The link that goes: one that is closed now, or whose resource ends or changes, else the first that is there no more. */
function reason(plan: Plan, was: readonly Link[], is: readonly (readonly Link[])[]): string {
  const closed = is.flat().find(({ why }) => why !== undefined);
  if (closed !== undefined) return `${closed.what}: ${closed.why}`;
  const kept = new Set(is.flat().map(({ what }) => what));
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
