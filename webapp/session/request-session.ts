import { type Entries, readUser, USER } from "./attributes";
import { continueAttributes, findChanges } from "./continue-attributes";
import { refusedCount } from "./counter";
import { type CurrentSession, findCookieExpiry } from "./current-session";
import type { SessionEventName } from "./events";
import type { Layer } from "./layer";
import { pickTerms } from "./lifetimes";
import { SessionDataError } from "./session-data-error";
import { hashId, newId } from "./session-id";
import type { SessionData, SessionState } from "./session-state";
import { DamagedSessionError, type LoadedSession, type SessionTerms, type TakenSession } from "./store";

/**
 * One request's session in the store: remembers what was loaded, so that only what changed is written, and only to the
 * session that was loaded. `load` comes once before the handlers, `save` when something changed, `end` at a logout and
 * `retire` before each new id.
 */
export class RequestSession implements SessionState {
  readonly #layer: Layer;
  /** Defaults that the handlers were shown, as JSON. */
  #defaults: ReadonlyMap<string, string> = new Map();
  #current: CurrentSession | undefined;
  /** Key of the cookie's session, when the store does not have that session any more. */
  #endedKey: string | undefined;
  /** The session of the retired id, as the store handed it out. */
  #retired: TakenSession | undefined;
  /** The session this request came with has ended meanwhile. */
  #lost = false;
  #stage: "open" | "committing" | "sealed" = "open";
  #refusal: Error | undefined;
  #nextId: string | undefined;
  #login: { readonly user: string; readonly terms: SessionTerms } | undefined;
  /** All the store holds after a `create`, what others wrote in between included. */
  #created: ReadonlyMap<string, string> | undefined;

  constructor(layer: Layer) {
    this.#layer = layer;
  }

  /** Key of the session this request uses; undefined when it has none in the store. */
  get key(): string | undefined {
    return this.#current?.key;
  }

  /** Key of the cookie's session, when it has ended; undefined for a living session and without a cookie. */
  get endedKey(): string | undefined {
    return this.#endedKey;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** The user who is logged in, as the store holds it. */
  get user(): string | undefined {
    return this.#current && readUser(this.#current.shown);
  }

  get cookieExpires(): Date | undefined {
    return this.#current && findCookieExpiry(this.#current, this.#layer);
  }

  /** The id for the next new session of this request. */
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

  /** Refuses changes from here on: the handlers are done, and their changes are being stored. */
  beginCommit(): void {
    this.#stage = "committing";
  }

  /** Refuses every write from here on: the response is about to leave. */
  seal(): void {
    this.#stage = "sealed";
  }

  get isOpen(): boolean {
    return this.#stage === "open";
  }

  /** @throws {SessionDataError} when the session has been committed. */
  assertOpen(attribute?: string): void {
    if (this.isOpen) return;
    const changed = attribute === undefined ? "changed" : `${attribute} changed`;
    throw new SessionDataError(`session: ${changed} after it was committed: the response is on its way`);
  }

  /**
   * Whether the handlers made the session another than the store is known to hold.
   *
   * @throws {SessionDataError} for a name or a value that can't be stored; nothing of this request is stored then.
   */
  isChanged(entries: Entries): boolean {
    const { attributes } = this.#layer;
    try {
      attributes.check(entries);
    } catch (error) {
      this.refuse(error as Error);
      throw error;
    }
    return attributes.differ(entries, { stored: this.#current?.shown, defaults: this.#defaults });
  }

  showDefaults(stored?: ReadonlyMap<string, string>): SessionData {
    this.#defaults = this.#layer.attributes.defaults(stored);
    return this.#layer.attributes.decodeAll(this.#defaults).data;
  }

  async load(id: string): Promise<SessionData | undefined> {
    const key = hashId(id);
    const record = await this.#load(key);
    if (record === undefined) {
      this.#endedKey = key;
      return undefined;
    }
    const { data, shown } = this.#decoded(key, record.attributes);
    this.#current = { id, key, version: record, persistent: record.persistent, shown };
    const { user } = this;
    // The index is repaired beside the request.
    if (record.touched && user !== undefined) void this.#layer.users.keepListed(user, key, record.createdAt);
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
    const { data, shown, ignored } = this.#layer.attributes.decodeAll(attributes);
    for (const name of ignored) this.#emit("attribute ignored", key, name);
    return { data: Object.assign(data, this.showDefaults(shown)), shown };
  }

  async save(id: string, data: SessionData): Promise<void> {
    this.#assertWritable();
    if (this.#lost) return;
    const shown = { stored: this.#current?.shown, defaults: this.#defaults };
    const wanted = this.#layer.attributes.encode(data, shown);
    this.#assertUser(wanted.get(USER));
    if (this.#current?.id === id) await this.#update(this.#current, wanted);
    else await this.#create(id, wanted);
  }

  async end(id: string): Promise<void> {
    this.#assertWritable();
    if (this.#current?.id !== id) return;
    const { user } = this;
    const { key } = this.#current;
    const taken = await this.#layer.store.take(key);
    if (user !== undefined) await this.#layer.users.forget(user, key);
    if (taken !== undefined) this.#emit("logout", key, undefined, user);
    this.#current = undefined;
  }

  async retire(id: string): Promise<void> {
    this.#assertWritable();
    if (this.#login !== undefined) await this.#takeForLogin(this.#login.user);
    else if (this.#current?.id === id) await this.#renew(this.#current);
  }

  /** Takes the session of the cookie, also an ended one: a login form may come twice, and the first login has ended that session. */
  async #takeForLogin(next: string): Promise<void> {
    const { user } = this;
    const key = this.#current?.key ?? this.#endedKey;
    if (key === undefined) return;
    this.#retired = await this.#layer.store.take(key, next);
    if (user !== undefined) await this.#layer.users.forget(user, key);
  }

  async #renew({ key, version }: CurrentSession): Promise<void> {
    const { user } = this;
    this.#nextId = newId();
    const next = hashId(this.#nextId);
    // The index knows the new session before the old one goes: see UserSessions.
    if (user !== undefined) await this.#layer.store.enlist(user, next, version.createdAt);
    this.#retired = await this.#layer.store.take(key);
    if (user !== undefined) await this.#layer.users.forget(user, key);
    if (this.#retired === undefined) {
      this.#lose(key, user);
      if (user !== undefined) await this.#layer.users.forget(user, next);
    }
  }

  /** The next new session belongs to `user` and starts its absolute limit again. */
  async beginLogin(user: string, terms: SessionTerms): Promise<void> {
    this.assertOpen();
    this.#lost = false;
    this.#nextId = newId();
    await this.#layer.store.enlist(user, hashId(this.#nextId));
    this.#login = { user, terms };
  }

  /** The data of a new id, which handlers see in place of the earlier data. */
  showCreated(): SessionData {
    if (this.#created === undefined || this.#current === undefined) return {};
    const { data, shown } = this.#decoded(this.#current.key, this.#created);
    this.#current = { ...this.#current, shown };
    return data;
  }

  /** Whether the session that this request came with still exists. If not, the request changes nothing. */
  async isAlive(): Promise<boolean> {
    if (this.#current === undefined || this.#lost) return false;
    const { key } = this.#current;
    if ((await this.#layer.users.peek(key)) !== undefined) return true;
    this.#lose(key, this.user);
    return false;
  }

  /** Adds to a whole number in the store itself, so that parallel requests all count. */
  async increment(name: string, by: number): Promise<number | undefined> {
    this.assertOpen();
    if (this.#current === undefined || this.#lost) return undefined;
    const counter = this.#layer.attributes.counter(name);
    const { key, version, shown } = this.#current;
    const value = await this.#layer.store.increment(key, version, name, by, counter);
    if (typeof value === "object") throw refusedCount(name, value, by, counter);
    if (value === undefined) this.#lose(key, this.user);
    else shown.set(name, String(value));
    return value;
  }

  #assertWritable(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    if (this.#stage === "sealed") this.assertOpen();
  }

  async #update(current: CurrentSession, wanted: ReadonlyMap<string, string>): Promise<void> {
    const { set, remove } = findChanges(current.shown, wanted);
    if (set.size === 0 && remove.length === 0) return;
    const { key } = current;
    if (!(await this.#layer.store.update(key, current.version, { set, remove }))) return this.#lose(key, this.user);
    for (const [name, json] of set) current.shown.set(name, json);
    for (const name of remove) current.shown.delete(name);
  }

  async #create(id: string, wanted: Map<string, string>): Promise<void> {
    const { store, users, limit } = this.#layer;
    const key = hashId(id);
    const login = this.#login;
    const [loaded, retired] = [this.#current?.shown, this.#retired?.attributes];
    const attributes = continueAttributes({ wanted, loaded, retired, login: login?.user });
    const continued = login === undefined ? this.#retired?.createdAt : undefined;
    const renewed = this.#retired !== undefined;
    const terms = pickTerms(login?.terms ?? this.#retired ?? {});
    const createdAt = await store.create(key, attributes, continued, terms);
    this.#retired = undefined;
    this.#login = undefined;
    const user = readUser(attributes);
    const standing = user === undefined || createdAt === undefined ? undefined : await store.standing(user, key, limit);
    if (createdAt === undefined || standing?.isEnlisted === false) {
      await store.destroy([key]);
      this.#current = undefined;
      return this.#lose(key, user);
    }
    const { persistent, ...limits } = terms;
    this.#current = { id, key, version: { createdAt, ...limits }, persistent, shown: wanted };
    this.#created = attributes;
    // A new id without a login too: a login meanwhile has counted the old id, which is gone, and not the new one.
    if (user !== undefined && standing !== undefined) await users.endSurplus(user, key, limit, standing);
    this.#emit(login ? "login" : renewed ? "renewed" : "created", key, undefined, user);
  }

  #assertUser(json: string | undefined): void {
    const expected = this.#login === undefined ? this.#current?.shown.get(USER) : JSON.stringify(this.#login.user);
    if (json !== expected) throw new SessionDataError(`session data: ${USER}: set by login() and logout() alone`);
  }

  #lose(key: string, user: string | undefined): void {
    this.#lost = true;
    this.#emit("lost", key, undefined, user);
  }

  #emit(event: SessionEventName, key: string, detail?: string, user?: string): void {
    this.#layer.emit({ event, session: this.#layer.names.ofKey(key), user, detail });
  }
}
