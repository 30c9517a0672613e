import { hash } from "node:crypto";
import type { Cluster, Redis } from "ioredis";
import { RedisClock } from "./redis-clock";
import { CREATE, ENLIST, INCREMENT, run, type Script, STANDING, TAKE, TIME, TOUCH, UPDATE } from "./redis-scripts";
import {
  type Changes,
  type IndexEntry,
  type Lifetimes,
  type LoadedSession,
  MOST_SURPLUS,
  type PeekedSession,
  type SessionRecord,
  type Standing,
  type Store,
  StoreError,
  TOUCH_SHARE,
} from "./store";

/** Properties of a {@link RedisStore}. */
export interface RedisStoreOptions extends Lifetimes {
  /** First part of every key; ends with a colon by custom. */
  readonly prefix: string;
}

/**
 * Sessions in Redis, one hash each. Right in cluster mode: a step touches one key only. A session and its user's index
 * lie in different slots, so nothing between the two is atomic; `UserSessions` writes down and heals what that leaves.
 */
export class RedisStore implements Store {
  readonly lifetimes: Lifetimes;
  readonly #redis: Redis | Cluster;
  readonly #prefix: string;
  readonly #idleMs: number;
  readonly #maxAgeMs: number;
  readonly #clock: RedisClock;

  constructor(redis: Redis | Cluster, { prefix, idleSeconds, maxAgeSeconds }: RedisStoreOptions) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.lifetimes = { idleSeconds, maxAgeSeconds };
    this.#idleMs = idleSeconds * 1000;
    this.#maxAgeMs = maxAgeSeconds * 1000;
    this.#clock = new RedisClock((key) => run(redis, TIME, key, []));
  }

  nameOf(key: string): string {
    return `${this.#prefix}s:${key}`;
  }

  /** The Redis key of a user's index. A user's name may be anything and is nobody's business in a trace: hashed. */
  userKey(user: string): string {
    return `${this.#prefix}u:${hash("sha256", user, "base64url")}`;
  }

  /** One plain read. Only when the session looks due by Redis' clock is Redis asked to mark, or to end, it. */
  async load(key: string): Promise<LoadedSession | undefined> {
    const name = this.nameOf(key);
    const record = await this.#ask("load", this.#clock.with(name, this.#read(name)));
    if (record === undefined) return undefined;
    if (!this.#isDue(record)) return Object.assign(record, { touched: false });
    const isAlive = (await this.#run("touch", TOUCH, name, [record.createdAt, this.#maxAgeMs])) === 1;
    return isAlive ? Object.assign(record, { touched: true }) : undefined;
  }

  #isDue({ createdAt, lastSeenAt, idleSeconds }: SessionRecord): boolean {
    const now = this.#clock.now();
    return now - lastSeenAt >= idleSeconds * 1000 * TOUCH_SHARE || now >= createdAt + this.#maxAgeMs;
  }

  async peek(key: string): Promise<PeekedSession | undefined> {
    const name = this.nameOf(key);
    const answers = Promise.all([this.#read(name), this.#redis.pttl(name)]);
    const [record, ttlMs] = await this.#ask("peek", this.#clock.with(name, answers));
    return record && { ...record, ttlMs, now: this.#clock.now() };
  }

  async create(key: string, attributes: ReadonlyMap<string, string>, createdAt?: number): Promise<number | undefined> {
    const args = [createdAt ?? "", this.#maxAgeMs, this.#idleMs, ...[...attributes].flat()];
    const created = await this.#run("create", CREATE, this.nameOf(key), args);
    return created === null ? undefined : Number(created);
  }

  async update(key: string, createdAt: number, { set, remove }: Changes): Promise<boolean> {
    const args = [createdAt, this.#maxAgeMs, set.size * 2, ...[...set].flat(), ...remove];
    return (await this.#run("update", UPDATE, this.nameOf(key), args)) === 1;
  }

  async increment(key: string, createdAt: number, attribute: string, by: number): Promise<number | undefined> {
    const args = [createdAt, this.#maxAgeMs, attribute, by];
    const value = await this.#run("increment", INCREMENT, this.nameOf(key), args);
    return value === null ? undefined : Number(value);
  }

  async take(key: string): Promise<SessionRecord | undefined> {
    return parseRecord(Object.fromEntries(pairUp((await this.#run("take", TAKE, this.nameOf(key), [])) as string[])));
  }

  async destroy(keys: readonly string[]): Promise<number> {
    const ended = await this.#ask("destroy", Promise.all(keys.map((key) => this.#redis.del(this.nameOf(key)))));
    return ended.reduce((sum, n) => sum + n, 0);
  }

  async enlist(user: string, key: string, createdAt?: number): Promise<void> {
    await this.#run("enlist", ENLIST, this.userKey(user), [key, createdAt ?? "", this.#maxAgeMs]);
  }

  async standing(user: string, key: string, limit: number): Promise<Standing> {
    const answer = await this.#run("standing", STANDING, this.userKey(user), [key, limit, MOST_SURPLUS]);
    const [isEnlisted, surplus, oldest] = answer as [number, number, string[]];
    return { isEnlisted: isEnlisted === 1, surplus, oldest: parseEntries(oldest) };
  }

  async delist(user: string, keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#ask("delist", this.#redis.zrem(this.userKey(user), ...keys));
  }

  async enlisted(user: string): Promise<readonly IndexEntry[]> {
    const answer = await this.#ask("enlisted", this.#redis.zrange(this.userKey(user), "0", "-1", "WITHSCORES"));
    // RESP3 answers with pairs, where RESP2 has members and scores in a row.
    return parseEntries(answer.flat());
  }

  async ping(): Promise<void> {
    await this.#ask("ping", this.#redis.ping());
  }

  async #read(name: string): Promise<SessionRecord | undefined> {
    return parseRecord(await this.#redis.hgetall(name));
  }

  #run(operation: string, script: Script, key: string, args: readonly (string | number)[]): Promise<unknown> {
    return this.#ask(operation, run(this.#redis, script, key, args));
  }

  #ask<T>(operation: string, answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      throw new StoreError(operation, error);
    });
  }
}

/** The session that a hash holds; undefined when the hash is empty or is no session. */
function parseRecord(fields: Readonly<Record<string, string>>): SessionRecord | undefined {
  const { createdAt, lastSeenAt = 0, idleSeconds = 0, ...attributes } = fields;
  if (createdAt === undefined) return undefined;
  return {
    createdAt: Number(createdAt),
    lastSeenAt: Number(lastSeenAt),
    idleSeconds: Number(idleSeconds),
    attributes: new Map(Object.entries(attributes)),
  };
}

function parseEntries(answer: readonly string[]): IndexEntry[] {
  return pairUp(answer).map(([key, score]) => ({ key, expiresAt: Number(score) }));
}

/** A script answers with names and values in a row. */
function pairUp(answer: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < answer.length; i += 2) found.push([answer[i] as string, answer[i + 1] as string]);
  return found;
}
