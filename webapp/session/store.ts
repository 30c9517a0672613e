/** How long sessions live. Both limits are enforced by the store, by its own clock. */
export interface Lifetimes {
  /** A session not used for this long ends (ASVS 5.0 7.3.1). Seconds. */
  readonly idleSeconds: number;
  /** A session ends this long after login, used or not (ASVS 5.0 7.3.2). Seconds. */
  readonly maxAgeSeconds: number;
}

/** A session as the store holds it. Times are milliseconds since 1970 by the store's clock. */
export interface SessionRecord {
  /** When the login, or what made it, was. */
  readonly createdAt: number;
  /** When it was last marked as seen. */
  readonly lastSeenAt: number;
  /** Its idle limit, in seconds. */
  readonly idleSeconds: number;
  /** Attribute by name, each as JSON. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** What a request found when it came. */
export interface LoadedSession extends SessionRecord {
  /** This load moved the idle limit; at most one load in a tenth of the limit does. */
  readonly touched: boolean;
}

/** What somebody who looks at a session finds. */
export interface PeekedSession extends SessionRecord {
  /** What is left until the store ends it, unless it is used. Milliseconds. */
  readonly ttlMs: number;
  /** When it was looked at, by the store's clock, as far as it is known here. */
  readonly now: number;
}

/** The attributes a request changed. */
export interface Changes {
  /** Attribute by name, each as JSON. */
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** A session's place in its user's index. */
export interface IndexEntry {
  readonly key: string;
  /** When the absolute limit ends it; milliseconds since 1970. */
  readonly expiresAt: number;
}

/** A session's standing among its user's. */
export interface Standing {
  /** It is in the index; if not, somebody has ended all of the user's sessions meanwhile. */
  readonly isEnlisted: boolean;
  /** How many sessions beyond the limit the index holds; ended ones that nobody has noticed yet count too. */
  readonly surplus: number;
  /** Oldest first: all of them up to twice the limit, else as many as there are too many, at most a hundred. */
  readonly oldest: readonly IndexEntry[];
}

/** What one login looks at when there are far too many, so that ten thousand at once stay ten thousand small answers. */
export const MOST_SURPLUS = 100;

/**
 * Where sessions live, each under the hash of its id. Every method is one atomic step at the store, and none ever
 * brings back a session that has ended.
 *
 * @throws {StoreError} from every method when the store can't be reached or refuses.
 */
export interface Store {
  /** How long sessions live here. */
  readonly lifetimes: Lifetimes;
  /** What somebody who looks into the store finds a session under. */
  nameOf(key: string): string;
  /** The session, marked as seen (throttled); undefined when there is none or a limit has ended it. */
  load(key: string): Promise<LoadedSession | undefined>;
  /** The session as it is, not marked as seen. */
  peek(key: string): Promise<PeekedSession | undefined>;
  /**
   * A new session with all its attributes and its expiry.
   *
   * @param createdAt - of the session it continues; without it the absolute limit starts now.
   * @returns its creation time; undefined when the absolute limit of the session it continues is over.
   */
  create(key: string, attributes: ReadonlyMap<string, string>, createdAt?: number): Promise<number | undefined>;
  /** Writes what changed and moves the expiry; false, and nothing written, when that session has ended. */
  update(key: string, createdAt: number, changes: Changes): Promise<boolean>;
  /** Adds to a whole number; undefined, and nothing written, when that session has ended. */
  increment(key: string, createdAt: number, attribute: string, by: number): Promise<number | undefined>;
  /** Ends the session and hands out what it held. */
  take(key: string): Promise<SessionRecord | undefined>;
  /** Ends the sessions; says how many there were. */
  destroy(keys: readonly string[]): Promise<number>;
  /**
   * Puts a session into its user's index and drops what the absolute limit has ended.
   *
   * @param createdAt - of the session; without it now.
   */
  enlist(user: string, key: string, createdAt?: number): Promise<void>;
  /** How a session stands in its user's index. */
  standing(user: string, key: string, limit: number): Promise<Standing>;
  /** Takes sessions out of their user's index. */
  delist(user: string, keys: readonly string[]): Promise<void>;
  /** A user's index, oldest first. May name sessions that have ended: `UserSessions` heals it. */
  enlisted(user: string): Promise<readonly IndexEntry[]>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
}

/** The store can't be reached or refused. The visitor gets 503, at once, with Retry-After. */
export class StoreError extends Error {
  /** Tells it from other errors. */
  override readonly name = "StoreError";
  /** Status of the answer. */
  readonly status = 503;
  /** Whether the visitor sees the message. */
  readonly expose = false;

  constructor(operation: string, cause: unknown) {
    super(`session store: ${operation} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Fields of a session that are the layer's own; no attribute may be named like one. */
export const OWN_FIELDS = ["createdAt", "lastSeenAt", "idleSeconds"] as const;

/** A load marks the session as seen when this share of the idle limit has passed since the last mark. */
export const TOUCH_SHARE = 0.1;
