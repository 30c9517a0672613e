import type { SessionEvent, SessionEventListener, SessionNames } from "./events";
import { deriveReference } from "./session-id";
import { DamagedSessionError, type IndexEntry, type PeekedSession, type Standing, type Store } from "./store";

/** A session of a user, as their page or an administrator sees it. Times are milliseconds since 1970. */
export interface UserSession {
  /** Its key in the store; not for pages. */
  readonly key: string;
  /** Its reference for pages. */
  readonly reference: string;
  /** When it began. */
  readonly createdAt: number;
  /** When it was last used, to a tenth of the idle limit. */
  readonly lastSeenAt: number;
  /** Milliseconds until it ends if it is not used. */
  readonly ttlMs: number;
}

/** The effect of a login beyond the limit: it ends the oldest session, or it is refused. */
export type OnLimit = "end-oldest" | "refuse";

/** The user has as many sessions as allowed and the app chose to refuse a further one. */
export class SessionLimitError extends Error {
  /** Tells it from other errors. */
  override readonly name = "SessionLimitError";
  /** Status of the answer. */
  readonly status = 409;
  /** Whether the visitor sees the message. */
  readonly expose = true;
  /** How many sessions the user may have. */
  readonly limit: number;

  /** @param limit - how many the user may have. */
  constructor(limit: number) {
    super(`You are logged in ${limit} times already: log out elsewhere first.`);
    this.limit = limit;
  }
}

/** A dead entry younger than this may belong to a login on its way: the index is written before the session. */
const YOUNG_MS = 10_000;
/** An "end all" looks again after each round; logins that keep coming don't hold it for ever. */
const ROUNDS = 10;

/**
 * A user's sessions as a whole (ASVS 5.0 7.1.2, 7.4.3, 7.4.5, 7.5.2).
 *
 * A session and the index are in different slots of Redis, so the two are never written in one step. The order makes
 * up for it: a session is in the index *before* it exists and checks that it still is *after*. A command that ends
 * sessions takes them out of the index first. A crash leaves an entry without a session, which listing removes, or a
 * session without an entry, which its next touch puts back.
 */
export class UserSessions {
  readonly #store: Store;
  readonly #names: SessionNames;
  readonly #emit: SessionEventListener;

  constructor(store: Store, names: SessionNames, emit: SessionEventListener) {
    this.#store = store;
    this.#names = names;
    this.#emit = emit;
  }

  /** A user's sessions, oldest first. Heals the index on its way. */
  async list(user: string): Promise<UserSession[]> {
    return this.#living(user, await this.#store.enlisted(user));
  }

  /** Ends one of a user's sessions by what a page calls it; false when there is none. */
  async end(user: string, reference: string): Promise<boolean> {
    const entries = await this.#store.enlisted(user);
    const found = entries.filter(({ key }) => deriveReference(key) === reference);
    return (await this.#end(user, found, "ended by the user elsewhere")) > 0;
  }

  /** Takes a session that has ended out of its user's index. A failure heals when the user's list is read. */
  async forget(user: string, key: string): Promise<void> {
    try {
      await this.#store.delist(user, [key]);
    } catch (error) {
      this.#emit({ event: "index not written", session: this.#names.ofKey(key), user, error });
    }
  }

  /** Puts a session back into its user's index, which may lack it after a crash or a failover. */
  async keepListed(user: string, key: string, createdAt: number): Promise<void> {
    try {
      await this.#store.enlist(user, key, createdAt);
    } catch (error) {
      this.#emit({ event: "index not written", session: this.#names.ofKey(key), user, error });
    }
  }

  /** Ends all of a user's sessions but the one named; says how many. */
  async endAll(user: string, { except, detail }: { except?: string; detail: string }): Promise<number> {
    let ended = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const entries = (await this.#store.enlisted(user)).filter(({ key }) => key !== except);
      if (entries.length === 0) break;
      ended += await this.#end(user, entries, detail);
    }
    return ended;
  }

  /**
   * Refuses a login beyond the limit.
   *
   * @param own - the session the user is about to leave, which does not count.
   * @throws {SessionLimitError} when the user has `limit` living sessions.
   */
  async refuseAbove(limit: number, user: string, own: string | undefined): Promise<void> {
    const others = (await this.list(user)).filter(({ key }) => key !== own);
    if (others.length >= limit) throw new SessionLimitError(limit);
  }

  /** Ends the oldest sessions beyond the limit. */
  async endSurplus(user: string, own: string, limit: number, { surplus, oldest }: Standing): Promise<void> {
    if (surplus === 0) return;
    const others = oldest.filter(({ key }) => key !== own);
    // Far too many is a burst: its oldest go without a look, so that each login's work stays bounded.
    const living = surplus > limit ? others : await this.#living(user, others);
    const tooMany = surplus > limit ? surplus : living.length - (limit - 1);
    const leaving = new Set(living.slice(0, Math.max(0, tooMany)).map(({ key }) => key));
    const entries = others.filter(({ key }) => leaving.has(key));
    if (entries.length > 0) await this.#end(user, entries, `more than ${limit} sessions`);
  }

  async #living(user: string, entries: readonly IndexEntry[]): Promise<UserSession[]> {
    const found = await Promise.all(entries.map(({ key }) => this.peek(key)));
    const living: UserSession[] = [];
    const dead: string[] = [];
    const young = Date.now() - YOUNG_MS;
    entries.forEach(({ key, createdAt: enlistedAt }, i) => {
      const session = found[i];
      if (session !== undefined) {
        const { createdAt, lastSeenAt, ttlMs } = session;
        living.push({ key, reference: deriveReference(key), createdAt, lastSeenAt, ttlMs });
      } else if (enlistedAt < young) dead.push(key);
    });
    await this.#store.delist(user, dead);
    return living;
  }

  /** A session as it is, not marked as seen; undefined when there is none. A damaged one has ended, and hides no other one of its user. */
  async peek(key: string): Promise<PeekedSession | undefined> {
    try {
      return await this.#store.peek(key);
    } catch (error) {
      if (!(error instanceof DamagedSessionError)) throw error;
      this.#emit({ event: "damaged", session: this.#names.ofKey(key), detail: error.detail });
      return undefined;
    }
  }

  async #end(user: string, entries: readonly IndexEntry[], detail: string): Promise<number> {
    const keys = entries.map(({ key }) => key);
    await this.#store.delist(user, keys);
    const ended = await Promise.all(keys.map((key) => this.#endOne(user, key, detail)));
    return ended.filter(Boolean).length;
  }

  /** Ends one session and emits the event; false, and no event, when it has ended already. */
  async #endOne(user: string, key: string, detail: string): Promise<boolean> {
    const isEnded = (await this.#store.destroy([key])) === 1;
    if (isEnded) this.#emit({ event: "ended", session: this.#names.ofKey(key), user, detail } satisfies SessionEvent);
    return isEnded;
  }
}
