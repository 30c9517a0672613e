import { hash } from "node:crypto";
import { checkLifetimes } from "./lifetimes";
import { checkClient, type RedisClient } from "./redis-client";
import { RedisClock } from "./redis-clock";
import {
  ADOPT,
  CREATE,
  ENLIST,
  INCREMENT,
  NAME,
  pairUp,
  run,
  type Script,
  STANDING,
  TAKE,
  TAKE_FOR_LOGIN,
  TIME,
  TOUCH,
  UPDATE,
} from "./redis-scripts";
import { SessionDataError } from "./session-data-error";
import { parseRecord, readAttributes } from "./session-hash";
import {
  type Changes,
  type Counter,
  DamagedSessionError,
  HANDOVER_MS,
  type IndexEntry,
  isMarkDue,
  type Lifetimes,
  type LoadedSession,
  MOST_SURPLUS,
  type PeekedSession,
  type RefusedCount,
  type SessionRecord,
  type SessionTerms,
  type SessionVersion,
  type Standing,
  type Store,
  StoreError,
  type StoreLifetimes,
  type TakenSession,
} from "./store";

/** Properties of a {@link RedisStore}. */
export interface RedisStoreOptions extends StoreLifetimes {
  /** First part of every key. By convention, it ends with a colon. */
  readonly prefix: string;
}

/**
 * Sessions in Redis, one hash each. It works in cluster mode, because the keys of a step are in one slot: each step uses one key, and
 * `adopt` a second one in the slot of the first. A session and its user's index are in different slots, so no step on both is atomic.
 * `UserSessions` describes and repairs the inconsistencies.
 */
export class RedisStore implements Store {
  readonly lifetimes: Lifetimes;
  readonly longest: Lifetimes;
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #clock: RedisClock;
  /** The prefix that the client itself puts before each key; undefined until the first adoption asks for it. */
  #clientPrefix: string | undefined;

  /**
   * @param redis - a client of ioredis 5 or 6 or of iovalkey, also in cluster mode; `fromNodeRedis(client)` of node-redis.
   * @throws {SessionDataError} for lifetimes, a prefix or client options that sessions do not work with.
   */
  constructor(redis: RedisClient, { prefix, ...lifetimes }: RedisStoreOptions) {
    checkClient(redis);
    if (typeof prefix !== "string") throw new SessionDataError(`session store: prefix: got ${prefix}, allowed: a text`);
    this.#redis = redis;
    this.#prefix = prefix;
    const { longest, ...own } = checkLifetimes(lifetimes);
    this.lifetimes = own;
    this.longest = longest;
    this.#clock = new RedisClock((key) => run(redis, TIME, key, []));
  }

  nameOf(key: string): string {
    return `${this.#prefix}s:${key}`;
  }

  /** The Redis key of a user's index. The name is hashed, because it can have any character, and traces must not show it. */
  userKey(user: string): string {
    return `${this.#prefix}u:${hash("sha256", user, "base64url")}`;
  }

  /** Reads a session with one command. Redis marks or ends the session only if it is due by Redis' clock. */
  async load(key: string): Promise<LoadedSession | undefined> {
    const name = this.nameOf(key);
    const record = await this.#ask("load", this.#clock.with(name, this.#read(name)));
    if (record === undefined) return undefined;
    const absolute = this.#absoluteIfDue(record);
    if (absolute === "") return Object.assign(record, { touched: false });
    const isAlive = Number(await this.#run("touch", TOUCH, name, [record.createdAt, absolute])) === 1;
    return isAlive ? Object.assign(record, { touched: true, lastSeenAt: this.#clock.now() }) : undefined;
  }

  /** The absolute limit, with which a script marks the session and checks its limits; empty while the mark is not due. */
  #absoluteIfDue(session: SessionVersion): number | "" {
    const now = this.#clock.now();
    const maxAgeMs = (session.maxAgeSeconds ?? this.lifetimes.maxAgeSeconds) * 1000;
    const isDue = isMarkDue(session, now, this.lifetimes) || now >= session.createdAt + maxAgeMs;
    return isDue ? maxAgeMs : "";
  }

  async peek(key: string): Promise<PeekedSession | undefined> {
    const name = this.nameOf(key);
    const answers = Promise.all([this.#read(name), this.#redis.pttl(name)]);
    const [record, ttlMs] = await this.#ask("peek", this.#clock.with(name, answers));
    return record && { ...record, ttlMs: Number(ttlMs), now: this.#clock.now() };
  }

  async create(
    key: string,
    attributes: ReadonlyMap<string, string>,
    createdAt?: number,
    terms: SessionTerms = {},
  ): Promise<number | undefined> {
    const args = [createdAt ?? "", ...listFields(attributes, terms, this.lifetimes)];
    const created = await this.#run("create", CREATE, this.nameOf(key), args);
    return created === null ? undefined : Number(created);
  }

  async adopt(
    key: string,
    attributes: ReadonlyMap<string, string>,
    terms: SessionTerms,
    keptMs: number,
  ): Promise<number | undefined> {
    const name = this.nameOf(key);
    const args = [Math.ceil(keptMs), ...listFields(attributes, terms, this.lifetimes)];
    const names = [name, await this.#nameAdoption(name)];
    const adopted = await this.#ask("adopt", run(this.#redis, ADOPT, names, args));
    return adopted === null ? undefined : Number(adopted);
  }

  /**
   * The name of a session's mark of adoption, in the slot of the session. Redis computes the slot from the part in braces, and for a
   * session from its whole name, with the client's prefix. No option tells the prefix for every client, so Redis is asked once.
   *
   * @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
   */
  async #nameAdoption(name: string): Promise<string> {
    this.#clientPrefix ??= String(await this.#run("adopt", NAME, name, [])).slice(0, -name.length);
    return `${this.#prefix}a:{${this.#clientPrefix}${name}}`;
  }

  async update(key: string, session: SessionVersion, { set, remove }: Changes): Promise<boolean> {
    const args = [session.createdAt, this.#absoluteIfDue(session), set.size * 2, ...[...set].flat(), ...remove];
    return Number(await this.#run("update", UPDATE, this.nameOf(key), args)) === 1;
  }

  async increment(
    key: string,
    session: SessionVersion,
    attribute: string,
    by: number,
    counter: Counter,
  ): Promise<number | undefined | RefusedCount> {
    const bounds = isUnbounded(counter) ? [] : [counter.start, counter.min, counter.max];
    const args = [session.createdAt, this.#absoluteIfDue(session), attribute, by, ...bounds];
    const value = await this.#run("increment", INCREMENT, this.nameOf(key), args);
    if (value === null) return undefined;
    return Array.isArray(value) ? { stored: (value[0] as string | null | undefined) ?? undefined } : Number(value);
  }

  async take(key: string, user?: string): Promise<TakenSession | undefined> {
    const name = this.nameOf(key);
    const answer = await (user === undefined
      ? this.#run("take", TAKE, name, [])
      : this.#run("take", TAKE_FOR_LOGIN, name, [JSON.stringify(user), HANDOVER_MS]));
    const { handedTo, ...fields } = Object.fromEntries(pairUp(answer as string[]));
    if (handedTo !== undefined) return user === undefined ? undefined : { attributes: readAttributes(fields) };
    try {
      return parseRecord(name, fields, this);
    } catch {
      // The session ended in this step.
      return undefined;
    }
  }

  async destroy(keys: readonly string[]): Promise<number> {
    const ended = await this.#ask("destroy", Promise.all(keys.map((key) => this.#redis.del(this.nameOf(key)))));
    return ended.reduce((sum, n) => sum + Number(n), 0);
  }

  async enlist(user: string, key: string, createdAt?: number): Promise<void> {
    await this.#run("enlist", ENLIST, this.userKey(user), [key, createdAt ?? "", this.longest.maxAgeSeconds * 1000]);
  }

  async standing(user: string, key: string, limit: number): Promise<Standing> {
    const answer = await this.#run("standing", STANDING, this.userKey(user), [key, limit, MOST_SURPLUS]);
    const [isEnlisted, surplus, oldest] = answer as [number | string, number | string, string[]];
    return { isEnlisted: Number(isEnlisted) === 1, surplus: Number(surplus), oldest: parseEntries(oldest) };
  }

  async delist(user: string, keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#ask("delist", this.#redis.zrem(this.userKey(user), ...keys));
  }

  async enlisted(user: string): Promise<readonly IndexEntry[]> {
    const answer = await this.#ask("enlisted", this.#redis.zrange(this.userKey(user), "0", "-1", "WITHSCORES"));
    // RESP3 returns pairs; RESP2 returns members and scores in a row.
    return parseEntries(answer.flat().map(String));
  }

  async ping(): Promise<void> {
    await this.#ask("ping", this.#redis.ping());
  }

  async #read(name: string): Promise<SessionRecord | undefined> {
    try {
      return parseRecord(name, await this.#redis.hgetall(name), this);
    } catch (error) {
      const damage = findDamage(name, error);
      if (damage === undefined) throw error;
      await this.#redis.del(name);
      throw damage;
    }
  }

  #run(operation: string, script: Script, key: string, args: readonly (string | number)[]): Promise<unknown> {
    return this.#ask(operation, run(this.#redis, script, key, args));
  }

  #ask<T>(operation: string, answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      throw error instanceof DamagedSessionError ? error : new StoreError(operation, error);
    });
  }
}

/** Whether a counter starts from 0 and has no bounds. The script then needs no further arguments. */
function isUnbounded({ start, min, max }: Counter): boolean {
  return start === 0 && min === Number.MIN_SAFE_INTEGER && max === Number.MAX_SAFE_INTEGER;
}

/** The limits of a new session in ms, then its fields and their values in a row. Limits that equal the store's are not fields. */
function listFields(
  attributes: ReadonlyMap<string, string>,
  terms: SessionTerms,
  lifetimes: Lifetimes,
): (string | number)[] {
  const { idleSeconds = lifetimes.idleSeconds, maxAgeSeconds = lifetimes.maxAgeSeconds, persistent } = terms;
  return [
    maxAgeSeconds * 1000,
    idleSeconds * 1000,
    ...(maxAgeSeconds === lifetimes.maxAgeSeconds ? [] : ["maxAgeSeconds", maxAgeSeconds]),
    ...(persistent === undefined ? [] : ["persistent", String(persistent)]),
    ...[...attributes].flat(),
  ];
}

function findDamage(name: string, error: unknown): DamagedSessionError | undefined {
  if (error instanceof DamagedSessionError) return error;
  const isNoHash = error instanceof Error && error.message.startsWith("WRONGTYPE");
  return isNoHash ? new DamagedSessionError(name, "no hash") : undefined;
}

function parseEntries(answer: readonly string[]): IndexEntry[] {
  return pairUp(answer).map(([key, score]) => ({ key, createdAt: Number(score) }));
}
