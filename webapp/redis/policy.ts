import type { RedisOptions } from "ioredis";
import { REDIS_OPTIONS } from "../session/redis-options";

/**
 * One connection policy. With ioredis' own defaults a command against a dead Redis hangs for over a minute, and the
 * offline queue has no bound: here a request fails within the command timeout, and at once while there is no link.
 * docs/reliability.md shows what each fault does to the app with these numbers. All in milliseconds.
 */
export const POLICY = {
  // `SingleNode` turns the queue on for `HOLD_MS`, and sends a command again when a node has refused it and so has not run it.
  ...REDIS_OPTIONS,
  replyMapping: "legacy",
  // CLIENT SETINFO is younger than Redis OSS 7.1 on ElastiCache: an access string that names it could not be set there.
  disableClientInfo: true,
} as const satisfies RedisOptions;

/** The policy with where Redis is. */
export type Options = Omit<RedisOptions, "replyMapping"> & { readonly replyMapping: "legacy" };

/** While a link that was fine is replaced, commands wait so long: a failover's new link costs no visitor a thing. */
export const HOLD_MS = 250;

/** A password that is not there by then is not coming: the connection goes on without. */
export const PASSWORD_MS = 5000;

/** ElastiCache cuts a link that logged in by IAM after 12 hours, unless it logs in again: two more tries fit in. */
export const REAUTH_MS = 4 * 3_600_000;

/** In cluster mode links open by themselves at any time, with a token made before: one lives 15 minutes. */
export const RENEW_MS = 5 * 60_000;

const BACKOFF_BASE_MS = 50;
/** Back within two seconds of Redis. */
const BACKOFF_MAX_MS = 1000;

/** Exponential backoff with full jitter: many processes that lost one node don't come back in step. */
export function backoff(attempt: number): number {
  return Math.ceil(Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** attempt));
}

/**
 * After a failover the old primary answers READONLY, a new one LOADING; NOAUTH, when the link's login was taken away.
 * The command has not run: connect again (with the current name and password), and send it again. Not on NOPERM: rights
 * hold for open links too, so a new one would not have more.
 */
export function reconnectOnError({ message }: Error): false | 2 {
  return /\b(READONLY|LOADING|NOAUTH)\b/.test(message) ? 2 : false;
}
