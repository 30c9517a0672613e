import type { Context } from "koa";
import { type Attributes, USER } from "./attributes";
import { refusedCount } from "./counter";
import type { SessionEventListener, SessionEventName, SessionNames } from "./events";
import { SessionDataError } from "./session-data-error";
import { keyOf, newId } from "./session-id";
import { DamagedSessionError, type LoadedSession, type SessionRecord, type SessionVersion, type Store } from "./store";
import type { UserSessions } from "./user-sessions";

/** What every request of one session layer uses. */
export interface Layer {
  readonly store: Store;
  readonly attributes: Attributes;
  readonly users: UserSessions;
  readonly names: SessionNames;
  readonly emit: SessionEventListener;
  readonly limit: number;
}

/** What the store is known to hold of this request's session. */
interface Held {
  readonly id: string;
  /** The id's hash, worked out once a request. */
  readonly key: string;
  readonly version: SessionVersion;
  /** The attributes shown to the handlers, as JSON; others (of another version's schema) stay as they are. */
  readonly shown: Map<string, string>;
}

const REQUEST_SESSION = Symbol("request session");

/** The state of a request that went through the session middleware; undefined before it. */
export function requestSessionOf(ctx: object): RequestSession | undefined {
  return (ctx as { [REQUEST_SESSION]?: RequestSession })[REQUEST_SESSION];
}

/**
 * koa-session's ContextStore for one request: remembers what was loaded, so that only what changed is written, and
 * only to the session that was loaded. koa-session calls `get` once before the handlers, `set` when something changed
 * and `destroy` on logout (`ctx.session = null`) and before each new id.
 */
export class RequestSession {
  readonly #layer: Layer;
  readonly #ctx: Context;
  #held: Held | undefined;
  /** What a `destroy` on the way to a new id took out of the store. */
  #taken: SessionRecord | undefined;
  /** The session this request came with has ended meanwhile. */
  #lost = false;
  #sealed = false;
  #refusal: Error | undefined;
  #nextId: string | undefined;
  #login: { readonly user: string } | undefined;
  /** All the store holds after a `create`, what others wrote in between included. */
  #created: ReadonlyMap<string, string> | undefined;

  constructor(layer: Layer, ctx: Context) {
    this.#layer = layer;
    this.#ctx = ctx;
    (ctx as { [REQUEST_SESSION]?: RequestSession })[REQUEST_SESSION] = this;
  }

  /** Key of the session this request uses; undefined when it has none in the store. */
  get key(): string | undefined {
    return this.#held?.key;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Who is logged in, as the store holds it. */
  get user(): string | undefined {
    const json = this.#held?.shown.get(USER);
    return json === undefined ? undefined : (JSON.parse(json) as string);
  }

  /** The id for the next new session of this request (koa-session's `genid`). */
  nextId(): string {
    this.#nextId ??= newId();
    return this.#nextId;
  }

  /** From here on every write of this request fails with `error`: nothing of a refused change is stored. */
  refuse(error: Error): void {
    this.#refusal = error;
  }

  /** Why nothing of this request is stored; undefined when all is well. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** The response is about to leave: whoever changes the session from here on changes nothing, and is told so. */
  seal(): void {
    this.#sealed = true;
    if (this.#ctx.session) Object.freeze(this.#ctx.session);
  }

  /** @throws {SessionDataError} when the session has been committed. */
  assertOpen(): void {
    if (this.#sealed) throw new SessionDataError("session: changed after it was committed: the response is on its way");
  }

  /** Whether the handlers' session is another than the store is known to hold. */
  differs(session: object): boolean {
    return this.#layer.attributes.differ(session, this.#held?.shown);
  }

  async get(id: string): Promise<Record<string, unknown> | undefined> {
    const key = keyOf(id);
    const record = await this.#load(key);
    if (record === undefined) return undefined;
    const { data, shown } = this.#decoded(key, record.attributes);
    this.#held = { id, key, version: record, shown };
    if (record.touched) this.#keepListed(key, record.createdAt);
    return data;
  }

  async #load(key: string): Promise<LoadedSession | undefined> {
    try {
      const record = await this.#layer.store.load(key);
      if (record === undefined) this.#emit("unknown", key);
      return record;
    } catch (error) {
      if (!(error instanceof DamagedSessionError)) throw error;
      this.#emit("damaged", key, error.detail);
      return undefined;
    }
  }

  #decoded(key: string, attributes: ReadonlyMap<string, string>) {
    const data: Record<string, unknown> = {};
    const shown = new Map<string, string>();
    for (const [name, json] of attributes) {
      const value = this.#layer.attributes.decode(name, json);
      if (value === undefined) this.#emit("attribute ignored", key, name);
      else {
        data[name] = value;
        shown.set(name, json);
      }
    }
    return { data, shown };
  }

  async set(id: string, data: Record<string, unknown>): Promise<void> {
    if (this.#refusal !== undefined) throw this.#refusal;
    this.assertOpen();
    if (this.#lost) return;
    const { _expire, _maxAge, _session, ...attributes } = data;
    const wanted = this.#layer.attributes.encode(attributes);
    this.#assertUser(wanted.get(USER));
    if (this.#held?.id === id) await this.#update(this.#held, wanted);
    else await this.#create(id, wanted);
  }

  async destroy(id: string): Promise<void> {
    if (this.#refusal !== undefined) throw this.#refusal;
    this.assertOpen();
    if (this.#held?.id !== id) return;
    const { user } = this;
    const { key } = this.#held;
    if (this.#ctx.session === null) {
      await this.#layer.store.take(key);
      if (user !== undefined) await this.#layer.users.forget(user, key);
      this.#emit("logout", key, undefined, user);
      this.#held = undefined;
      return;
    }
    // A new id is on its way. The index knows the new session before the old one goes: see UserSessions.
    if (this.#login === undefined) this.#nextId = newId();
    const next = keyOf(this.nextId());
    if (this.#login === undefined && user !== undefined) {
      await this.#layer.store.enlist(user, next, this.#held.version.createdAt);
    }
    this.#taken = await this.#layer.store.take(key);
    if (user !== undefined) await this.#layer.users.forget(user, key);
    if (this.#taken === undefined && this.#login === undefined) {
      this.#lose(key, user);
      if (user !== undefined) await this.#layer.users.forget(user, next);
    }
  }

  /** The next new session belongs to `user` and starts its absolute limit anew. */
  async beginLogin(user: string): Promise<void> {
    this.assertOpen();
    this.#lost = false;
    this.#nextId = newId();
    await this.#layer.store.enlist(user, keyOf(this.#nextId));
    this.#login = { user };
  }

  /** What a new id holds, to show to the handlers in place of what they had before. */
  showCreated(): Record<string, unknown> {
    if (this.#created === undefined || this.#held === undefined) return {};
    const { data, shown } = this.#decoded(this.#held.key, this.#created);
    this.#held = { ...this.#held, shown };
    return data;
  }

  /** Whether the session this request came with is still there; if not, whatever it asks for is not done. */
  async isAlive(): Promise<boolean> {
    if (this.#held === undefined || this.#lost) return false;
    const { key } = this.#held;
    if (await this.#layer.users.isThere(key)) return true;
    this.#lose(key, this.user);
    return false;
  }

  /** Adds to a whole number in the store itself, so that parallel requests all count. */
  async increment(name: string, by: number): Promise<number | undefined> {
    this.assertOpen();
    if (this.#held === undefined || this.#lost) return undefined;
    const counter = this.#layer.attributes.counter(name);
    const { key, version, shown } = this.#held;
    const value = await this.#layer.store.increment(key, version, name, by, counter);
    if (typeof value === "object") throw refusedCount(name, value, by, counter);
    if (value === undefined) this.#lose(key, this.user);
    else shown.set(name, String(value));
    return value;
  }

  async #update(held: Held, wanted: ReadonlyMap<string, string>): Promise<void> {
    const set = new Map<string, string>();
    for (const [name, json] of wanted) if (held.shown.get(name) !== json) set.set(name, json);
    const remove: string[] = [];
    for (const name of held.shown.keys()) if (!wanted.has(name)) remove.push(name);
    if (set.size === 0 && remove.length === 0) return;
    const { key } = held;
    if (!(await this.#layer.store.update(key, held.version, { set, remove }))) {
      this.#lose(key, this.user);
      return;
    }
    for (const [name, json] of set) held.shown.set(name, json);
    for (const name of remove) held.shown.delete(name);
  }

  async #create(id: string, wanted: Map<string, string>): Promise<void> {
    const { store, users, limit } = this.#layer;
    const key = keyOf(id);
    const login = this.#login;
    const attributes = this.#attributesOfNew(wanted);
    const continued = login === undefined ? this.#taken?.createdAt : undefined;
    const renewed = this.#taken !== undefined;
    const createdAt = await store.create(key, attributes, continued);
    this.#taken = undefined;
    this.#login = undefined;
    const user = attributes.has(USER) ? (JSON.parse(attributes.get(USER) as string) as string) : undefined;
    const standing = user === undefined || createdAt === undefined ? undefined : await store.standing(user, key, limit);
    if (createdAt === undefined || standing?.isEnlisted === false) {
      await store.destroy([key]);
      this.#held = undefined;
      this.#lose(key, user);
      return;
    }
    this.#held = { id, key, version: { createdAt }, shown: wanted };
    this.#created = attributes;
    if (login !== undefined && standing !== undefined) await users.endSurplus(login.user, key, limit, standing);
    this.#emit(login ? "login" : renewed ? "renewed" : "created", key, undefined, user);
  }

  /**
   * A new id continues what the old one held, up to the moment it died. A login begins with the user alone where there
   * is nothing to continue: the session it came with has ended meanwhile, or was another user's.
   */
  #attributesOfNew(wanted: Map<string, string>): ReadonlyMap<string, string> {
    if (this.#taken === undefined && (this.#login === undefined || this.#held === undefined)) return wanted;
    const begins = this.#taken === undefined || (this.#login && belongsToAnother(this.#taken, this.#login.user));
    if (begins || this.#taken === undefined) return new Map([...wanted].filter(([name]) => name === USER));
    return this.#carriedOver(this.#taken, wanted);
  }

  /** The session as it was the moment its old id died, with this request's own changes on top. */
  #carriedOver(taken: SessionRecord, wanted: ReadonlyMap<string, string>): Map<string, string> {
    const attributes = new Map(taken.attributes);
    const before = this.#held?.shown ?? new Map<string, string>();
    for (const name of before.keys()) if (!wanted.has(name)) attributes.delete(name);
    for (const [name, json] of wanted) if (before.get(name) !== json) attributes.set(name, json);
    return attributes;
  }

  #assertUser(json: string | undefined): void {
    const expected = this.#login === undefined ? this.#held?.shown.get(USER) : JSON.stringify(this.#login.user);
    if (json !== expected) throw new SessionDataError(`session data: ${USER}: set by login() and logout() alone`);
  }

  #lose(key: string, user: string | undefined): void {
    this.#lost = true;
    this.#emit("lost", key, undefined, user);
  }

  /** Heals an index that a crash or a failover left without this session; nobody waits for it. */
  #keepListed(key: string, createdAt: number): void {
    const { user } = this;
    if (user === undefined) return;
    this.#layer.store.enlist(user, key, createdAt).catch((error: unknown) => {
      this.#layer.emit({ event: "index not written", session: this.#layer.names.ofKey(key), user, error });
    });
  }

  #emit(event: SessionEventName, key: string, detail?: string, user?: string): void {
    this.#layer.emit({ event, session: this.#layer.names.ofKey(key), user, detail });
  }
}

/** What one user left in a session is not the next one's. */
function belongsToAnother({ attributes }: SessionRecord, user: string): boolean {
  const json = attributes.get(USER);
  return json !== undefined && json !== JSON.stringify(user);
}
