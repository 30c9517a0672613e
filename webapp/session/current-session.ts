import type { Layer } from "./layer";
import type { SessionVersion } from "./store";

/** The state of this request's session in the store, as far as it is known. */
export interface CurrentSession {
  readonly id: string;
  /** The id's hash, worked out once a request. */
  readonly key: string;
  readonly version: SessionVersion;
  /** Whether its login said that its cookie outlives the browser's windows. */
  readonly persistent: boolean | undefined;
  /** The attributes shown to the handlers, as JSON; others (of another version's schema) stay as they are. */
  readonly shown: Map<string, string>;
}

/** When the browser forgets the session's cookie: at the absolute limit. Undefined where it ends with the browser. */
export function findCookieExpiry({ version, persistent }: CurrentSession, layer: Layer): Date | undefined {
  if (!(persistent ?? layer.persistent)) return undefined;
  const maxAgeSeconds = version.maxAgeSeconds ?? layer.store.lifetimes.maxAgeSeconds;
  return new Date(version.createdAt + maxAgeSeconds * 1000);
}
