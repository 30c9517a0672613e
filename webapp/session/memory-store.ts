import { checkLifetimes } from "./lifetimes";
import {
  type Changes,
  type Counter,
  HANDOVER_MS,
  type IndexEntry,
  isMarkDue,
  type Lifetimes,
  type LoadedSession,
  MOST_SURPLUS,
  type PeekedSession,
  type RefusedCount,
  type SessionTerms,
  type SessionVersion,
  type Standing,
  type Store,
  type StoreLifetimes,
  type TakenSession,
} from "./store";

/** Properties of a {@link MemoryStore}. */
export interface MemoryStoreOptions extends StoreLifetimes {
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
}

interface StoredSession {
  readonly createdAt: number;
  readonly idleSeconds: number;
  readonly maxAgeSeconds: number;
  readonly persistent?: boolean;
  readonly attributes: Map<string, string>;
  lastSeenAt: number;
  expiresAt: number;
}

/** The attributes of a session that ended with a login of `user`. */
interface HandedOver {
  readonly user: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly until: number;
}

/** Sweeps the whole map once in so many new sessions, so that abandoned ones don't pile up. */
const SWEEP_EVERY = 1000;

/** Sessions in this process: for a laptop and for tests. The same contract as Redis, and gone with the process. */
export class MemoryStore implements Store {
  readonly lifetimes: Lifetimes;
  readonly longest: Lifetimes;
  readonly #now: () => number;
  readonly #sessions = new Map<string, StoredSession>();
  readonly #users = new Map<string, Map<string, number>>();
  /** Sessions that ended with a login, by key. A repeated login form continues them. */
  readonly #handedOver = new Map<string, HandedOver>();
  /** When the store forgets that a key has been adopted. */
  readonly #adopted = new Map<string, number>();
  #created = 0;

  constructor({ now = Date.now, ...lifetimes }: MemoryStoreOptions) {
    const { longest, ...own } = checkLifetimes(lifetimes);
    this.lifetimes = own;
    this.longest = longest;
    this.#now = now;
  }

  nameOf(key: string): string {
    return `memory:${key}`;
  }

  async load(key: string): Promise<LoadedSession | undefined> {
    const session = this.#alive(key);
    if (session === undefined) return undefined;
    const touched = this.#markSeenWhenDue(session, session);
    return { ...session, attributes: new Map(session.attributes), touched };
  }

  async peek(key: string): Promise<PeekedSession | undefined> {
    const session = this.#alive(key);
    if (session === undefined) return undefined;
    const now = this.#now();
    return { ...session, attributes: new Map(session.attributes), ttlMs: session.expiresAt - now, now };
  }

  async create(
    key: string,
    attributes: ReadonlyMap<string, string>,
    createdAt?: number,
    terms: SessionTerms = {},
  ): Promise<number | undefined> {
    if (this.#alive(key) !== undefined) throw new Error("a session is there already");
    if (++this.#created % SWEEP_EVERY === 0) this.#sweep();
    const now = this.#now();
    const times = { createdAt: createdAt ?? now, lastSeenAt: now, expiresAt: 0 };
    const stored: StoredSession = { ...this.lifetimes, ...terms, ...times, attributes: new Map(attributes) };
    this.#markSeen(stored);
    if (stored.expiresAt <= now) return undefined;
    this.#sessions.set(key, stored);
    return stored.createdAt;
  }

  async adopt(
    key: string,
    attributes: ReadonlyMap<string, string>,
    terms: SessionTerms,
    keptMs: number,
  ): Promise<number | undefined> {
    if ((this.#adopted.get(key) ?? 0) > this.#now() || this.#alive(key) !== undefined) return undefined;
    this.#adopted.set(key, this.#now() + keptMs);
    return this.create(key, attributes, undefined, terms);
  }

  async update(key: string, version: SessionVersion, { set, remove }: Changes): Promise<boolean> {
    const session = this.#alive(key);
    if (session?.createdAt !== version.createdAt) return false;
    for (const [name, json] of set) session.attributes.set(name, json);
    for (const name of remove) session.attributes.delete(name);
    this.#markSeenWhenDue(session, version);
    return true;
  }

  async increment(
    key: string,
    version: SessionVersion,
    attribute: string,
    by: number,
    { start, min, max }: Counter,
  ): Promise<number | undefined | RefusedCount> {
    const session = this.#alive(key);
    if (session?.createdAt !== version.createdAt) return undefined;
    this.#markSeenWhenDue(session, version);
    const stored = session.attributes.get(attribute);
    const value = Number(stored ?? start) + by;
    if (!/^-?\d+$/.test(stored ?? "0") || value < min || value > max) return { stored };
    session.attributes.set(attribute, String(value));
    return value;
  }

  async take(key: string, user?: string): Promise<TakenSession | undefined> {
    const session = this.#alive(key);
    this.#sessions.delete(key);
    if (user === undefined) {
      this.#handedOver.delete(key);
      return session;
    }
    if (session !== undefined) {
      const until = Math.min(this.#now() + HANDOVER_MS, session.expiresAt);
      this.#handedOver.set(key, { user, attributes: session.attributes, until });
      return session;
    }
    const found = this.#handedOver.get(key);
    return found?.user === user && found.until > this.#now() ? { attributes: found.attributes } : undefined;
  }

  async destroy(keys: readonly string[]): Promise<number> {
    return keys.filter((key) => this.#alive(key) !== undefined && this.#sessions.delete(key)).length;
  }

  async enlist(user: string, key: string, createdAt?: number): Promise<void> {
    const index = this.#users.get(user) ?? new Map<string, number>();
    this.#users.set(user, index.set(key, createdAt ?? this.#now()));
    this.#prune(user, index);
  }

  async standing(user: string, key: string, limit: number): Promise<Standing> {
    const entries = await this.enlisted(user);
    const surplus = Math.max(0, entries.length - limit);
    const shown = entries.length <= 2 * limit ? entries.length : Math.min(surplus, MOST_SURPLUS);
    const isEnlisted = this.#users.get(user)?.has(key) ?? false;
    return { isEnlisted, surplus, oldest: surplus === 0 ? [] : entries.slice(0, shown) };
  }

  async delist(user: string, keys: readonly string[]): Promise<void> {
    const index = this.#users.get(user);
    for (const key of keys) index?.delete(key);
    if (index?.size === 0) this.#users.delete(user);
  }

  async enlisted(user: string): Promise<readonly IndexEntry[]> {
    return [...(this.#users.get(user) ?? [])]
      .map(([key, createdAt]) => ({ key, createdAt }))
      .sort((a, b) => a.createdAt - b.createdAt || a.key.localeCompare(b.key));
  }

  async ping(): Promise<void> {}

  /** How many sessions are held, ended ones included until they are swept. */
  get size(): number {
    return this.#sessions.size;
  }

  #alive(key: string): StoredSession | undefined {
    const session = this.#sessions.get(key);
    if (session === undefined || session.expiresAt > this.#now()) return session;
    this.#sessions.delete(key);
    return undefined;
  }

  #markSeenWhenDue(session: StoredSession, version: SessionVersion): boolean {
    const isDue = isMarkDue(version, this.#now(), this.lifetimes);
    if (isDue) this.#markSeen(session);
    return isDue;
  }

  #markSeen(session: StoredSession): void {
    const now = this.#now();
    session.lastSeenAt = now;
    const absoluteEnd = session.createdAt + session.maxAgeSeconds * 1000;
    session.expiresAt = Math.min(now + session.idleSeconds * 1000, absoluteEnd);
  }

  #prune(user: string, index: Map<string, number>): void {
    const oldest = this.#now() - this.longest.maxAgeSeconds * 1000;
    for (const [key, createdAt] of index) if (createdAt <= oldest) index.delete(key);
    if (index.size === 0) this.#users.delete(user);
  }

  #sweep(): void {
    for (const key of this.#sessions.keys()) this.#alive(key);
    for (const [user, index] of this.#users) this.#prune(user, index);
    for (const [key, { until }] of this.#handedOver) if (until <= this.#now()) this.#handedOver.delete(key);
    for (const [key, until] of this.#adopted) if (until <= this.#now()) this.#adopted.delete(key);
  }
}
