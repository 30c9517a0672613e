/** How long sessions live. Both limits are enforced by the store, by its own clock. */
export interface Lifetimes {
  /** A session not used for this long ends (ASVS 5.0 7.3.1). Seconds. */
  readonly idleSeconds: number;
  /** A session ends this long after login, used or not (ASVS 5.0 7.3.2). Seconds. */
  readonly maxAgeSeconds: number;
}

/** The lifetimes of a store. */
export interface StoreLifetimes extends Lifetimes {
  /** The longest lifetimes that a login may give its session. @default - the store's own */
  readonly longest?: Lifetimes;
}

/** How long one session lives, and its cookie. */
export interface SessionTerms {
  /** Its idle limit, in seconds. @default - the store's */
  readonly idleSeconds?: number;
  /** Its absolute limit, in seconds. @default - the store's */
  readonly maxAgeSeconds?: number;
  /** Whether its cookie outlives the browser's windows, until the absolute limit. @default - as the layer's cookie */
  readonly persistent?: boolean;
}

/** The session a write is meant for: as it was loaded, or by its creation alone. */
export interface SessionVersion {
  /** When it was created: another session under the same key has another time. */
  readonly createdAt: number;
  /**
   * When it was last marked as seen, as far as the writer knows.
   * @default - unknown: the write marks it
   */
  readonly lastSeenAt?: number;
  /**
   * Its idle limit, in seconds.
   * @default - the store's
   */
  readonly idleSeconds?: number;
  /**
   * Its absolute limit, in seconds.
   * @default - the store's
   */
  readonly maxAgeSeconds?: number;
}

/** A session as the store holds it. Times are milliseconds since 1970 by the store's clock. */
export interface SessionRecord {
  /** When the login, or what made it, was. */
  readonly createdAt: number;
  /** When it was last marked as seen. */
  readonly lastSeenAt: number;
  /** Its idle limit, in seconds. */
  readonly idleSeconds: number;
  /** Its absolute limit, in seconds: its own, or else the store's. */
  readonly maxAgeSeconds: number;
  /** Whether its cookie outlives the browser's windows. @default - its login did not say */
  readonly persistent?: boolean;
  /** Attribute by name, each as JSON. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** A session as a request found it when it came. */
export interface LoadedSession extends SessionRecord {
  /** This load moved the idle limit; at most one load in a tenth of the limit does. */
  readonly touched: boolean;
}

/** The contents of a session that `take` has ended. */
export interface TakenSession extends SessionTerms {
  /** When it was created; undefined when an earlier login of the same user has ended it. */
  readonly createdAt?: number;
  /** Attribute by name, each as JSON. */
  readonly attributes: ReadonlyMap<string, string>;
}

/** A session as `peek` finds it, without using it. */
export interface PeekedSession extends SessionRecord {
  /** Time until the store ends it, unless it is used. Milliseconds. */
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

/** The whole numbers that an attribute may count through. */
export interface Counter {
  /** The value before the first increment. */
  readonly start: number;
  /** The least value allowed. */
  readonly min: number;
  /** The greatest value allowed. */
  readonly max: number;
}

/** An increment that was not done: the attribute holds no whole number, or the result is out of bounds. */
export interface RefusedCount {
  /** The value as it is stored, JSON; undefined when the session has no such attribute. */
  readonly stored: string | undefined;
}

/** A session's place in its user's index. */
export interface IndexEntry {
  readonly key: string;
  /** When it was created; milliseconds since 1970. */
  readonly createdAt: number;
}

/** A session's standing among its user's. */
export interface Standing {
  /** Whether it is in the index. If not, all of the user's sessions have been ended meanwhile. */
  readonly isEnlisted: boolean;
  /** Number of sessions beyond the limit in the index, with ended ones that are still in it. */
  readonly surplus: number;
  /** Oldest first: all of them up to twice the limit, else as many as there are too many, at most a hundred. */
  readonly oldest: readonly IndexEntry[];
}

/** The most sessions beyond the limit that one login ends, so that ten thousand logins at once get small answers. */
export const MOST_SURPLUS = 100;

/** How long the store keeps a session that ended with a login, for a repeated login form. Milliseconds. */
export const HANDOVER_MS = 10_000;

/**
 * Where sessions live, each under the hash of its id. Every method is one atomic step at the store, and none ever
 * brings back a session that has ended.
 *
 * @throws {StoreError} from every method when the store can't be reached or refuses.
 */
export interface Store {
  /** How long sessions live here, where their login does not say. */
  readonly lifetimes: Lifetimes;
  /** The longest that a login may say. */
  readonly longest: Lifetimes;
  /** The name of a session in the store. */
  nameOf(key: string): string;
  /**
   * The session, marked as seen (throttled); undefined when there is none or a limit has ended it.
   *
   * @throws {DamagedSessionError} when the stored data is no session; it has been ended.
   */
  load(key: string): Promise<LoadedSession | undefined>;
  /**
   * The session as it is, not marked as seen.
   *
   * @throws {DamagedSessionError} when the stored data is no session; it has been ended.
   */
  peek(key: string): Promise<PeekedSession | undefined>;
  /**
   * A new session with all its attributes and its expiry.
   *
   * @param createdAt - of the session it continues; without it the absolute limit starts now.
   * @param terms - lifetimes of this session, within `longest`. @default - the store's
   * @returns its creation time; undefined when the absolute limit of the session it continues is over.
   */
  create(
    key: string,
    attributes: ReadonlyMap<string, string>,
    createdAt?: number,
    terms?: SessionTerms,
  ): Promise<number | undefined>;
  /**
   * A new session for a visitor of another session layer, whose key is made of the cookie of that layer.
   *
   * @param keptMs - how long the store remembers that this key has been adopted, also after the session has ended. Milliseconds.
   * @returns its creation time; undefined, and nothing written, when this key has been adopted before.
   */
  adopt(
    key: string,
    attributes: ReadonlyMap<string, string>,
    terms: SessionTerms,
    keptMs: number,
  ): Promise<number | undefined>;
  /** Writes what changed and marks the session as seen (throttled); false, and nothing written, when that session has ended. */
  update(key: string, session: SessionVersion, changes: Changes): Promise<boolean>;
  /**
   * Adds to a whole number and marks the session as seen (throttled).
   *
   * @returns the new value; undefined, and nothing written, when that session has ended; the stored value, left as it is,
   *   when it is no whole number or the result is out of the counter's bounds.
   */
  increment(
    key: string,
    session: SessionVersion,
    attribute: string,
    by: number,
    counter: Counter,
  ): Promise<number | undefined | RefusedCount>;
  /**
   * Ends the session and returns its contents.
   *
   * @param user - the user who logs in. A login form may be sent twice, so for 10 seconds another `take` for the same user returns the
   *   attributes again. @default - the contents are not kept
   */
  take(key: string, user?: string): Promise<TakenSession | undefined>;
  /** Ends the sessions; says how many there were. */
  destroy(keys: readonly string[]): Promise<number>;
  /**
   * Puts a session into its user's index and drops those that the longest absolute limit has ended.
   *
   * @param createdAt - of the session; without it now.
   */
  enlist(user: string, key: string, createdAt?: number): Promise<void>;
  /** Looks a session up in its user's index. */
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

/** The data under a session's key is no session. The store has ended it; other sessions are as they were. */
export class DamagedSessionError extends Error {
  /** Tells it from other errors. */
  override readonly name = "DamagedSessionError";

  /**
   * @param key - what the store knows the session by.
   * @param detail - what is wrong with it.
   */
  constructor(
    key: string,
    readonly detail: string,
  ) {
    super(`session store: ${key}: damaged: ${detail}`);
  }
}

/** Fields of a session that are the layer's own; no attribute may be named like one. */
export const OWN_FIELDS: readonly string[] = [
  ...["createdAt", "lastSeenAt", "idleSeconds", "maxAgeSeconds", "persistent", "handedTo"],
];

/** A load or a write marks the session as seen when this share of the idle limit has passed since the last mark. */
const TOUCH_SHARE = 0.1;

/**
 * Whether the idle limit is due to start again. A mark in the future, set before a clock went back, is replaced too: else
 * a session in use would not be marked until the clock is there.
 */
export function isMarkDue({ lastSeenAt, idleSeconds }: SessionVersion, now: number, lifetimes: Lifetimes): boolean {
  if (lastSeenAt === undefined) return true;
  return Math.abs(now - lastSeenAt) >= (idleSeconds ?? lifetimes.idleSeconds) * 1000 * TOUCH_SHARE;
}
