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
  /**
   * Refused logins of one address a minute, for all user names together, with those that are being tried. The limit of one user name, for
   * all addresses together, is five times this.
   */
  readonly refusedPerMinute: number;
}

/** Too many logins; the answer is 429 with Retry-After. */
class ThrottleError extends Refusal {
  override readonly name = "ThrottleError";

  constructor(seconds: number) {
    super(429, ({ refusals }) => refusals.tryAgain(seconds), { "retry-after": String(seconds) });
  }
}

/** A login that is about to be tried. It counts as refused until it is released. */
export interface LoginAttempt {
  /** Takes it out of the counts of refused logins: the credentials were right, or the app could not check them. */
  release(): Promise<void>;
}

/** A key of a limiter. */
interface Count {
  readonly limiter: RateLimiterAbstract;
  readonly key: string;
}

/**
 * Slows down guessing (ASVS 5.0 6.3.1): generous to logins that succeed, since many visitors share one address, and
 * strict on refused ones. A login is counted before it is tried, so parallel guesses do not go beyond a limit. Counts in Redis, so
 * that all processes count together; keys hold hashes.
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

  /** Counts a new session that no credentials are checked for, which is as cheap to ask for as a login. */
  async admitSession(address: string): Promise<void> {
    await this.#count([{ limiter: this.#logins, key: buildAddressKey(address) }]);
  }

  /** Counts a login whose credentials are about to be checked. @param user - undefined for a form without a user name. */
  async admit(address: string, user: string | undefined): Promise<LoginAttempt> {
    const key = buildAddressKey(address);
    const [login, refused] = [this.#logins, this.#refused].map((limiter) => ({ limiter, key })) as [Count, Count];
    await this.#count([login, refused]);
    // The count of the address limits each user name at that address, so a pair of both needs no count. It comes first: an address
    // beyond its limit must lock out no user.
    const byUser = user === undefined ? [] : [{ limiter: this.#refusedByUser, key: buildKey("user", user) }];
    try {
      await this.#count(byUser);
    } catch (error) {
      await this.#giveBack([login, refused]);
      throw error;
    }
    return { release: () => this.#giveBack([refused, ...byUser]) };
  }

  /** Adds one to each count. If one of them is at its limit, takes all back. */
  async #count(counts: readonly Count[]): Promise<void> {
    const answers = await Promise.allSettled(counts.map(({ limiter, key }) => limiter.consume(key)));
    const refusals = answers.filter((answer) => answer.status === "rejected").map(({ reason }) => reason as unknown);
    if (refusals.length === 0) return;
    const failure = refusals.find((reason) => !(reason instanceof RateLimiterRes));
    if (failure !== undefined) throw new StoreError("throttle", failure);
    await this.#giveBack(counts);
    throw buildThrottleError(refusals as RateLimiterRes[]);
  }

  async #giveBack(counts: readonly Count[]): Promise<void> {
    try {
      await Promise.all(counts.map(takeOne));
    } catch (error) {
      throw new StoreError("throttle", error);
    }
  }
}

/** A window that ended meanwhile has nothing to take from: the next one must not begin below 0, with more guesses than its limit. */
async function takeOne({ limiter, key }: Count): Promise<void> {
  const { consumedPoints } = await limiter.reward(key);
  if (consumedPoints < 0) await limiter.penalty(key);
}

function buildThrottleError(refusals: readonly RateLimiterRes[]): ThrottleError {
  const longestMs = Math.max(...refusals.map(({ msBeforeNext }) => msBeforeNext));
  return new ThrottleError(Math.max(1, Math.ceil(longestMs / 1000)));
}

function buildAddressKey(address: string): string {
  return buildKey("address", normalizeAddress(address));
}

/** A key in Redis. Traces show keys, so addresses and user names are hashed. */
function buildKey(kind: string, value: string): string {
  return hash("sha256", `${kind} ${value}`, "base64url");
}
