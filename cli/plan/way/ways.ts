import type { Moment, Plan } from "../plan";
import { type App, findApps } from "./apps";
import { CacheIndex } from "./cache-index";
import { findCaches, logsIn } from "./caches";
import { findEntrances, findPlace } from "./entrances";
import type { Link } from "./link";
import { Network } from "./network";
import { Permissions } from "./permissions";
import type { Entrance } from "./place";

/** An app with the ways that lead to it, and those that lead on to its sessions. */
export interface Walked {
  readonly app: App;
  readonly entrances: readonly Entrance[];
  /** Whether the plan tells which caches it uses. */
  readonly isTold: boolean;
  /** Addresses of the caches that the plan tells it; where it tells none, of those whose rules may let it in. */
  listCaches(): readonly string[];
  /** The way to a cache; undefined where the cache is not there, or where the plan tells the app others. */
  linksTo(cache: string): readonly Link[] | undefined;
}

/** Walks from visitors to each app of a plan, and from there to its caches, at one moment. */
export function walk(plan: Plan, moment: Moment): ReadonlyMap<string, Walked> {
  const apps = findApps(plan, moment);
  if (apps.length === 0) return new Map();
  const network = new Network(plan, moment);
  const place = findPlace(plan, moment, network);
  const caches = new CacheIndex(findCaches(plan, moment), network);
  const permissions = new Permissions(plan, moment);
  return new Map(
    apps.map((app) => {
      const told = caches.findTold(app);
      const walked: Walked = {
        app,
        entrances: findEntrances(app, place),
        isTold: told.length > 0,
        listCaches: () => (told.length > 0 ? told : caches.findReachable(app)).map(({ address }) => address),
        linksTo: (address) => {
          const cache = caches.at(address);
          if (cache === undefined || (told.length > 0 && !told.includes(cache))) return undefined;
          return [network.connects(app, cache, cache.port), logsIn(plan, { app, cache, moment, permissions })];
        },
      };
      return [app.address, walked];
    }),
  );
}
