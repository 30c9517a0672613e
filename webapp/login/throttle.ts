import { hash } from "node:crypto";
import type { Cluster, Redis } from "ioredis";
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../refusal";
import { StoreError } from "../session";
import { normalizeAddress } from "./address";

/** Seconds a count lasts. */
const WINDOW_SECONDS = 60;

/** The limits of a {@link LoginThrottle}. */
export interface LoginLimits {
  /** Logins of one address a minute, whatever comes of them. */
  readonly perMinute: number;
  /** Refused logins a minute, of one address and of one user name. */
  readonly refusedPerMinute: number;
}

/** Too many logins; the answer is 429 with Retry-After. */
class ThrottleError extends Refusal {
  override readonly name = "ThrottleError";

  constructor(seconds: number) {
    super(429, ({ refusals }) => refusals.tryAgain(seconds), { "retry-after": String(seconds) });
  }
}

/**
 * Slows down who guesses (ASVS 5.0 6.3.1): generous to logins that succeed, since many visitors share one address, and
 * strict on refused ones. Counts in Redis, so that all processes count together; keys hold hashes.
 *
 * @throws {ThrottleError} when a limit is exceeded.
 * @throws {StoreError} when Redis is away.
 */
export class LoginThrottle {
  readonly #logins: RateLimiterAbstract;
  readonly #refused: RateLimiterAbstract;

  /** @param redis - undefined counts in this process. */
  constructor(redis: Redis | Cluster | undefined, prefix: string, limits: LoginLimits) {
    const limiter = (name: string, points: number) => {
      const options = { points, duration: WINDOW_SECONDS, keyPrefix: `${prefix}t:${name}` };
      return redis ? new RateLimiterRedis({ ...options, storeClient: redis }) : new RateLimiterMemory(options);
    };
    this.#logins = limiter("login", limits.perMinute);
    this.#refused = limiter("refused", limits.refusedPerMinute);
  }

  /** Counts a login that is about to be tried. @param user - only where a login can fail. */
  async admit(address: string, user: string | undefined): Promise<void> {
    const [place, ...users] = buildKeys(address, user);
    const refused = await this.#ask(Promise.all([place, ...users].map((key) => this.#refused.get(key))));
    for (const count of refused) if (count !== null && count.remainingPoints <= 0) throw buildThrottleError(count);
    await this.#ask(this.#logins.consume(place));
  }

  /** Counts a login that was refused. */
  async refuse(address: string, user: string | undefined): Promise<void> {
    // Beyond the limit `consume` rejects with the count: that is for the next `admit` to say.
    const counted = buildKeys(address, user).map((key) => this.#refused.penalty(key));
    await this.#ask(Promise.all(counted));
  }

  async #ask<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof RateLimiterRes) throw buildThrottleError(error);
      throw new StoreError("throttle", error);
    }
  }
}

function buildThrottleError({ msBeforeNext }: RateLimiterRes): ThrottleError {
  return new ThrottleError(Math.max(1, Math.ceil(msBeforeNext / 1000)));
}

function buildKeys(address: string, user: string | undefined): [string, ...string[]] {
  const place = hash("sha256", `address ${normalizeAddress(address)}`, "base64url");
  return user === undefined ? [place] : [place, hash("sha256", `user ${user}`, "base64url")];
}
