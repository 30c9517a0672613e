import type { Moment, Plan } from "../plan";
import { findGrants } from "../policies/grant";
import { type App, findApps } from "./apps";
import { type Cache, findCaches, logsIn } from "./caches";
import { type Entrance, findEntrances, findForwarders, type Place } from "./entrances";
import type { Link } from "./link";
import { Network } from "./network";

/** An app with the ways that lead to it, and those that lead on to its sessions. */
export interface Walked {
  readonly app: App;
  readonly entrances: readonly Entrance[];
  readonly caches: ReadonlyMap<string, readonly Link[]>;
  /** Whether the plan tells which caches it uses; otherwise these are all of them. */
  readonly isTold: boolean;
}

/** Walks from visitors to each app of a plan, and from there to each cache, at one moment. */
export function walk(plan: Plan, moment: Moment): ReadonlyMap<string, Walked> {
  const apps = findApps(plan, moment);
  if (apps.length === 0) return new Map();
  const network = new Network(plan, moment);
  const place: Place = { plan, moment, network, forwarders: findForwarders(plan, moment) };
  const caches = findCaches(plan, moment);
  const grants = caches.length === 0 ? [] : findGrants(plan, moment);
  return new Map(
    apps.map((app) => {
      const links = (cache: Cache) => [
        network.connects(app, cache, cache.port),
        logsIn(plan, app, cache, moment, grants),
      ];
      const told = caches.filter(({ hosts }) => hosts.some((host) => app.told.includes(host)));
      const walked: Walked = {
        app,
        entrances: findEntrances(app, place),
        caches: new Map((told.length > 0 ? told : caches).map((cache) => [cache.address, links(cache)])),
        isTold: told.length > 0,
      };
      return [app.address, walked];
    }),
  );
}
