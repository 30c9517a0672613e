import { USER } from "./attributes";
import type { ContextSession } from "./context-session";
import { checkTerms } from "./lifetimes";
import type { RequestSession } from "./request-session";
import { SessionDataError } from "./session-data-error";
import { deriveReference } from "./session-id";
import type { Lifetimes, SessionTerms } from "./store";
import type { OnLimit, UserSession, UserSessions } from "./user-sessions";

/** Names of the attributes that are numbers. */
type CounterOf<T> = { [K in keyof T]-?: T[K] extends number | undefined ? K : never }[keyof T] & string;

interface Rules {
  readonly users: UserSessions;
  readonly limit: number;
  readonly onLimit: OnLimit;
  readonly longest: Lifetimes;
}

/**
 * A visitor's session, as a handler uses it.
 *
 * @typeParam T - the app's attributes, from its schema.
 */
export class VisitorSession<T extends object> {
  readonly #session: ContextSession<RequestSession>;
  readonly #request: RequestSession;
  readonly #rules: Rules;

  constructor(session: ContextSession<RequestSession>, rules: Rules) {
    this.#session = session;
    this.#request = session.state;
    this.#rules = rules;
  }

  /**
   * The attributes, to read and to assign; what changed is stored when the handler is done. The same object as
   * `ctx.session`, for the whole request. A change after the response has left throws. Use `increment` for numbers that parallel
   * requests count together.
   *
   * @throws {SessionDataError} after logout in the same request.
   */
  get data(): Partial<T> {
    return this.#session.data as Partial<T>;
  }

  /** The user who is logged in; undefined for an anonymous visitor. */
  get user(): string | undefined {
    return this.#session.ended || this.#request.lost ? undefined : this.#request.user;
  }

  /** The reference of this session for pages; undefined when the visitor has none. */
  get reference(): string | undefined {
    const { key } = this;
    return key === undefined ? undefined : deriveReference(key);
  }

  /**
   * The `reference` of the cookie's session, when that session has ended: a form that is still open may be bound to it. Undefined for
   * a living session and without a cookie.
   */
  get endedReference(): string | undefined {
    const { endedKey } = this.#request;
    return endedKey === undefined ? undefined : deriveReference(endedKey);
  }

  /** The key of this session in the store; undefined when the visitor has none. */
  get key(): string | undefined {
    return this.#session.ended ? undefined : this.#request.key;
  }

  /**
   * Makes this session `user`'s: it gets a new id, the old id ends at once, and the absolute limit starts again (ASVS 5.0
   * 7.2.4). The data of an anonymous visitor stays; the data of another user does not.
   *
   * @param terms - lifetimes of this session within the store's `longest`, and whether its cookie is persistent: "remember me".
   *   @default - the store's lifetimes, and the layer's cookie
   * @throws {SessionDataError} for lifetimes beyond the store's `longest`.
   * @throws {SessionLimitError} when the user has too many sessions and the layer refuses rather than ends the oldest.
   */
  async login(user: string, terms: SessionTerms = {}): Promise<void> {
    const { users, limit, onLimit, longest } = this.#rules;
    checkTerms(terms, longest);
    if (onLimit === "refuse") await users.refuseAbove(limit, user, this.#request.key);
    const before = this.#session.ended || this.#request.lost ? {} : this.#session.attributes;
    const kept = before[USER] === undefined || before[USER] === user ? before : {};
    await this.#request.beginLogin(user, terms);
    this.#session.replace({ ...kept, [USER]: user });
    await this.#renewId();
  }

  /** Ends this session at the store before the response leaves; the cookie goes with it (ASVS 5.0 7.4.1). */
  logout(): void {
    this.#session.end();
  }

  /** New id, same data, same lifetimes, same absolute limit; the old id is dead at once. */
  async renew(): Promise<void> {
    if (this.key === undefined) return;
    await this.#renewId();
  }

  /**
   * Adds to a whole number in the store itself: parallel requests all count. The session must exist.
   *
   * @returns the new value; undefined when the session has ended meanwhile.
   * @throws {SessionDataError} when the visitor has no session, or `by` is no whole number.
   */
  async increment(name: CounterOf<T>, by = 1): Promise<number | undefined> {
    if (!Number.isSafeInteger(by)) throw new SessionDataError(`session: increment by ${by}, allowed: whole numbers`);
    if (this.#session.ended) return undefined;
    if (this.#request.key === undefined) throw new SessionDataError("session: increment without a session");
    const value = await this.#request.increment(name, by);
    // A handler that does not await the increment gets the value after the commit, where nothing may be assigned.
    if (value !== undefined && this.#request.isOpen && !this.#session.ended)
      (this.data as Record<string, unknown>)[name] = value;
    return value;
  }

  /** The user's sessions, oldest first; an empty list for an anonymous visitor. */
  async list(): Promise<UserSession[]> {
    return this.user === undefined ? [] : this.#rules.users.list(this.user);
  }

  /** Ends another session of the same user; false when there is none of that reference. Its own: use `logout`. */
  async end(reference: string): Promise<boolean> {
    if (this.user === undefined || reference === this.reference || !(await this.#request.isAlive())) return false;
    return this.#rules.users.end(this.user, reference);
  }

  /** Ends all other sessions of the same user (ASVS 5.0 7.4.3); says how many. */
  async endOthers(): Promise<number> {
    const { user, key } = this;
    if (user === undefined || key === undefined || !(await this.#request.isAlive())) return 0;
    return this.#rules.users.endAll(user, { except: key, detail: "ended by the user elsewhere" });
  }

  /** Without a new id nothing of this request is stored: the old id must not get what is meant for the new one, a user above all. */
  async #renewId(): Promise<void> {
    try {
      await this.#session.renewId();
    } catch (error) {
      this.#request.refuse(error as Error);
      throw error;
    }
    // The handlers' object still has the data it was created with: they see the new session's.
    if (!this.#session.ended && !this.#request.lost) this.#session.show(this.#request.showCreated());
  }
}
