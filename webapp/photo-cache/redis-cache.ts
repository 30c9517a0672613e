import type { Cluster, Redis } from "ioredis";
import type { Logger } from "pino";
import type { RedisConnection } from "../../environment";
import { CircuitBreaker } from "../circuit-breaker";
import { type Deadline, inTime } from "../deadline";
import { connectTo } from "../redis/connect";
import { type Cache, CacheRefusal, type CacheReport, isAway, STALE_MS } from "./cache";

/** Redis by the policy of the session app's client; nothing waits longer than a function may. */
export class RedisCache implements Cache {
  readonly engine = "redis";
  readonly #connection: RedisConnection;
  readonly #client: Redis | Cluster;
  readonly #breaker = new CircuitBreaker(isAway);
  /** Was there once: from then on the client holds or refuses commands by itself while a link is replaced. */
  readonly #ready: Promise<unknown>;
  #answeredAt = 0;

  /** @throws when the CA file can't be read. */
  constructor(connection: RedisConnection, log: Logger) {
    this.#connection = connection;
    this.#client = connectTo(connection, log);
    this.#ready = new Promise((resolve) => {
      this.#client.once("ready", resolve);
    });
  }

  async get(key: string, deadline: Deadline): Promise<string | undefined> {
    return (await this.#ask(() => this.#client.get(key), deadline)) ?? undefined;
  }

  async set(key: string, value: string, ttlSeconds: number, deadline: Deadline): Promise<void> {
    await this.#ask(() => this.#client.set(key, value, "EX", ttlSeconds), deadline);
  }

  report(): CacheReport {
    const { host, port } = this.#connection;
    return { nodes: [{ host, ip: "", port }] };
  }

  close(): void {
    this.#client.disconnect();
  }

  /** Once more when the link was lost, as one is that died while the function was frozen: both commands may run twice. */
  #ask<T>(command: () => Promise<T>, deadline: Deadline): Promise<T> {
    const { host, port } = this.#connection;
    const who = `Redis at ${host}:${port}`;
    return this.#breaker.run(async () => {
      await inTime(this.#ready, deadline, who);
      const stale = Date.now() - this.#answeredAt > STALE_MS;
      try {
        return await this.#try(command, stale ? deadline.half() : deadline, who);
      } catch (error) {
        if (error instanceof CacheRefusal || deadline.leftMs === 0) throw error;
        // Silent links are given up by the client itself, but later than a function can wait.
        if (this.#client.status === "ready") this.#client.disconnect(true);
        return await this.#try(command, deadline, who);
      }
    });
  }

  async #try<T>(command: () => Promise<T>, deadline: Deadline, who: string): Promise<T> {
    try {
      const answer = await inTime(command(), deadline, who);
      this.#answeredAt = Date.now();
      return answer;
    } catch (error) {
      const { name, message } = error as Error;
      if (name === "ReplyError") throw new CacheRefusal(`${who}: ${message}`);
      throw message.startsWith(who) ? error : new Error(`${who}: ${message}`, { cause: error });
    }
  }
}
