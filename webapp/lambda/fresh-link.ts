import { once } from "node:events";
import type { Cluster, Redis } from "ioredis";
import { CircuitBreaker } from "../circuit-breaker";
import { Deadline, inTime } from "../deadline";

/** A link that was used so lately is alive. Lambda freezes a function between requests, and a frozen one is not told of links that close. */
const STALE_MS = 100;
/** An answer within a zone or two takes a millisecond. */
const PING_MS = 300;
/** A handshake with TLS and a login by IAM, on the small CPU of a small function. */
const CONNECT_MS = 3000;

/**
 * Makes sure of the link to Redis before a request is let in: a link that died while the function was frozen is replaced
 * with nothing sent over it, so that no command is lost and none runs twice.
 */
export class FreshLink {
  readonly #client: Redis | Cluster;
  readonly #breaker = new CircuitBreaker();
  #usedAt = Number.NEGATIVE_INFINITY;

  constructor(client: Redis | Cluster) {
    this.#client = client;
  }

  /** Waits until the link is alive, or until it is clear that Redis is away: what needs it then says so itself. */
  async check(): Promise<void> {
    if (this.#client.status === "ready" && Date.now() - this.#usedAt < STALE_MS) return;
    const link = this.#breaker.run(async () => {
      if (!(await this.#answers())) await this.#reconnect();
    });
    await link.catch(() => {
      // Each attempt to connect is in the log.
    });
  }

  /** The link has just been used, or found to be fine. */
  used(): void {
    this.#usedAt = Date.now();
  }

  async #answers(): Promise<boolean> {
    if (this.#client.status !== "ready") return false;
    const pong = inTime(this.#client.ping(), new Deadline(PING_MS), "Redis");
    return pong.then(
      () => true,
      () => false,
    );
  }

  async #reconnect(): Promise<void> {
    // The link is silent and not closed. No other part gives it up so soon.
    if (this.#client.status === "ready") this.#client.disconnect(true);
    await once(this.#client, "ready", { signal: AbortSignal.timeout(CONNECT_MS) });
  }
}
