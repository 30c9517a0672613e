import type { ChainableCommander, Cluster, Redis } from "ioredis";

/**
 * A visitor's data in one Redis hash that expires after ten seconds. Each write sets the expiry again in the same transaction, so no key
 * is ever without one.
 */
export class SessionStore {
  readonly #key: string;
  readonly #redis: Redis | Cluster;
  readonly #ttlSeconds: number;

  /**
   * @param token - name of the visitor's hash. It is random, so an attacker cannot guess it, and no two visitors share one.
   * @param redis - a connected client, not a URL. The app creates a store for each request, and a connection for each request would
   *   cost more than all of its commands. All stores then share the app's TLS, password and timeouts.
   */
  constructor(token: string, redis: Redis | Cluster, ttlSeconds = 10, prefix = "session:example:") {
    this.#key = prefix + token;
    this.#redis = redis;
    this.#ttlSeconds = ttlSeconds;
  }

  /** HSET */
  async set(key: string, value: string): Promise<void> {
    await this.#write(this.#redis.multi().hset(this.#key, key, value));
  }

  /** HGET */
  get(key: string): Promise<string | null> {
    return this.#redis.hget(this.#key, key);
  }

  /** HINCRBY: Redis counts, so two requests at once both count. */
  async incr(key: string): Promise<number> {
    return Number(await this.#write(this.#redis.multi().hincrby(this.#key, key, 1)));
  }

  /** EXPIRE: ten more seconds, for a request that only reads. False if the hash no longer exists. */
  async refresh(): Promise<boolean> {
    return (await this.#redis.expire(this.#key, this.#ttlSeconds)) === 1;
  }

  /** DEL */
  async end(): Promise<void> {
    await this.#redis.del(this.#key);
  }

  /** MULTI, the write, EXPIRE, EXEC: both or neither. EXPIRE comes after the write, because it needs an existing key. */
  async #write(write: ChainableCommander): Promise<unknown> {
    const replies = (await write.expire(this.#key, this.#ttlSeconds).exec()) ?? [];
    for (const [error] of replies) if (error) throw error;
    return replies[0]?.[1];
  }
}
