import { hash } from "node:crypto";
import type { Cluster, Redis } from "ioredis";
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../refusal";
import { StoreError } from "../session";
import { normalizeAddress } from "./address";

/** Seconds a count lasts. */
const WINDOW_SECONDS = 60;

/**
 * The limit of one user name, in limits of one address. The throttle stops an attacker at one address long before it refuses the user
 * at another one. An attacker needs this many addresses, all the time, to lock a user out (ASVS 5.0 6.1.1).
 */
const ADDRESSES_TO_LOCK_A_USER = 5;

/** The limits of a {@link LoginThrottle}. */
export interface LoginLimits {
  /** Logins of one address a minute, accepted and refused. */
  readonly perMinute: number;
  /** Refused logins of one address a minute, for all user names together. The limit of one user name, for all addresses together, is five times this. */
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
  readonly #refusedByUser: RateLimiterAbstract;

  /** @param redis - undefined counts in this process. */
  constructor(redis: Redis | Cluster | undefined, prefix: string, limits: LoginLimits) {
    const limiter = (name: string, points: number) => {
      const options = { points, duration: WINDOW_SECONDS, keyPrefix: `${prefix}t:${name}` };
      return redis ? new RateLimiterRedis({ ...options, storeClient: redis }) : new RateLimiterMemory(options);
    };
    this.#logins = limiter("login", limits.perMinute);
    this.#refused = limiter("refused", limits.refusedPerMinute);
    this.#refusedByUser = limiter("refused-user", limits.refusedPerMinute * ADDRESSES_TO_LOCK_A_USER);
  }

  /** Counts a login that is about to be tried. @param user - only where a login can fail. */
  async admit(address: string, user: string | undefined): Promise<void> {
    const counts = this.#counts(address, user).map(({ limiter, key }) => limiter.get(key));
    for (const count of await this.#ask(Promise.all(counts))) {
      if (count !== null && count.remainingPoints <= 0) throw buildThrottleError(count);
    }
    await this.#ask(this.#logins.consume(buildKey("address", normalizeAddress(address))));
  }

  /** Counts a login that was refused. */
  async refuse(address: string, user: string | undefined): Promise<void> {
    // Beyond the limit `consume` rejects with the count: that is for the next `admit` to say.
    const counted = this.#counts(address, user).map(({ limiter, key }) => limiter.penalty(key));
    await this.#ask(Promise.all(counted));
  }

  /** The counts that a refused login belongs to. */
  #counts(address: string, user: string | undefined): { limiter: RateLimiterAbstract; key: string }[] {
    const place = normalizeAddress(address);
    const byAddress = { limiter: this.#refused, key: buildKey("address", place) };
    // The count of the address already limits each user name at that address, so a pair of both needs no count.
    return user === undefined
      ? [byAddress]
      : [byAddress, { limiter: this.#refusedByUser, key: buildKey("user", user) }];
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

/** A key in Redis. Traces show keys, so addresses and user names are hashed. */
function buildKey(kind: string, value: string): string {
  return hash("sha256", `${kind} ${value}`, "base64url");
}
