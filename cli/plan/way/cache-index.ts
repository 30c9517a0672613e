import { groupBy } from "../group-by";
import type { App } from "./apps";
import type { Cache } from "./caches";
import type { Network } from "./network";

/** Caches of a plan at one moment by what leads apps to them. */
export class CacheIndex {
  readonly #byAddress: ReadonlyMap<string, Cache>;
  readonly #byHost: ReadonlyMap<string, readonly Entry[]>;
  /** By the groups that their rules let in, and under `undefined` those that let networks in. */
  readonly #byPeer: ReadonlyMap<string | undefined, readonly Entry[]>;

  constructor(caches: readonly Cache[], network: Network) {
    this.#byAddress = new Map(caches.map((cache) => [cache.address, cache]));
    const hosts = caches.flatMap((cache) => cache.hosts.map((host) => ({ cache, key: host.toLowerCase() })));
    this.#byHost = groupBy(hosts, ({ key }) => key);
    const peers = caches.flatMap((cache) => {
      const visitors = network.findVisitors(cache, cache.port);
      return [...new Set(visitors.map(nameGroup))].map((key) => ({ cache, key }));
    });
    this.#byPeer = groupBy(peers, ({ key }) => key);
  }

  at(address: string): Cache | undefined {
    return this.#byAddress.get(address);
  }

  /** Caches whose host names are in the environment or the user data of an app. */
  findTold(app: App): readonly Cache[] {
    return list([...readHostNames(app.told)].map((host) => this.#byHost.get(host)));
  }

  /** Caches whose rules may let an app in. */
  findReachable({ groups }: App): readonly Cache[] {
    return list([...groups, undefined].map((peer) => this.#byPeer.get(peer)));
  }
}

/** The group that a rule lets in; undefined where it lets in a network. */
function nameGroup(peer: string): string | undefined {
  return peer.includes("/") ? undefined : peer;
}

interface Entry {
  readonly cache: Cache;
}

function list(entries: readonly (readonly Entry[] | undefined)[]): readonly Cache[] {
  return [...new Set(entries.flatMap((some) => some ?? []).map(({ cache }) => cache))];
}

/**
 * Words of a text that may be host names, in lower case. JSON in the text has line breaks as `\\n`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4343#section-3
 */
function readHostNames(text: string): ReadonlySet<string> {
  return new Set(
    text
      .toLowerCase()
      .split(/\\[bfnrt]|[^a-z0-9.-]+/)
      .map((word) => word.replaceAll(/^[.-]+|[.-]+$/g, "")),
  );
}
