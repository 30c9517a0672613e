import { hash } from "node:crypto";
import type { Cluster, Redis } from "ioredis";
import { CREATE, ENLIST, INCREMENT, LOAD, run, type Script, STANDING, TAKE, UPDATE } from "./redis-scripts";
import {
  type Changes,
  type IndexEntry,
  type Lifetimes,
  type LoadedSession,
  MOST_SURPLUS,
  OWN_FIELDS,
  type SessionRecord,
  type Standing,
  type Store,
  StoreError,
  TOUCH_SHARE,
} from "./store";

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

  constructor(redis: Redis | Cluster, { prefix, idleSeconds, maxAgeSeconds }: RedisStoreOptions) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.lifetimes = { idleSeconds, maxAgeSeconds };
    this.#idleMs = idleSeconds * 1000;
    this.#maxAgeMs = maxAgeSeconds * 1000;
  }

  nameOf(key: string): string {
    return `${this.#prefix}s:${key}`;
  }

  /** The Redis key of a user's index. A user's name may be anything and is nobody's business in a trace: hashed. */
  userKey(user: string): string {
    return `${this.#prefix}u:${hash("sha256", user, "base64url")}`;
  }

  async load(key: string): Promise<LoadedSession | undefined> {
    const found = await this.#run("load", LOAD, this.nameOf(key), [this.#maxAgeMs, TOUCH_SHARE]);
    if (found === null) return undefined;
    const [touched, fields] = found as [number, string[]];
    return Object.assign(recordOf(fields), { touched: touched === 1 });
  }

  async peek(key: string) {
    const name = this.nameOf(key);
    const [fields, ttlMs] = await this.#ask("peek", Promise.all([this.#redis.hgetall(name), this.#redis.pttl(name)]));
    if (fields.createdAt === undefined) return undefined;
    return { ...recordOf(Object.entries(fields).flat()), ttlMs };
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
    const fields = (await this.#run("take", TAKE, this.nameOf(key), [])) as string[];
    return fields.length === 0 ? undefined : recordOf(fields);
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
    return { isEnlisted: isEnlisted === 1, surplus, oldest: entriesOf(oldest) };
  }

  async delist(user: string, keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#ask("delist", this.#redis.zrem(this.userKey(user), ...keys));
  }

  async enlisted(user: string): Promise<readonly IndexEntry[]> {
    return entriesOf(await this.#ask("enlisted", this.#redis.zrange(this.userKey(user), "0", "-1", "WITHSCORES")));
  }

  async ping(): Promise<void> {
    await this.#ask("ping", this.#redis.ping());
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

const own: ReadonlySet<string> = new Set(OWN_FIELDS);

function recordOf(fields: readonly string[]): SessionRecord {
  const attributes = new Map<string, string>();
  const times = { createdAt: 0, lastSeenAt: 0, idleSeconds: 0 };
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i] as string;
    const value = fields[i + 1] as string;
    if (own.has(name)) times[name as (typeof OWN_FIELDS)[number]] = Number(value);
    else attributes.set(name, value);
  }
  return { ...times, attributes };
}

function entriesOf(pairs: readonly string[]): IndexEntry[] {
  const entries: IndexEntry[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    entries.push({ key: pairs[i] as string, expiresAt: Number(pairs[i + 1]) });
  }
  return entries;
}
