import { SessionDataError } from "./session-data-error";
import type { Lifetimes, SessionTerms, StoreLifetimes } from "./store";

/** Redis counts expiries in milliseconds: a shorter limit would end a session in the step that creates it. */
const LEAST_SECONDS = 0.001;
/** Browsers keep no cookie for longer (RFC 6265bis, 5.5). 400 days. */
const MOST: Lifetimes = { idleSeconds: 400 * 24 * 3600, maxAgeSeconds: 400 * 24 * 3600 };

const LIMITS = ["idleSeconds", "maxAgeSeconds"] as const;

/**
 * The lifetimes of a store, checked.
 *
 * @throws {SessionDataError} for a limit that is no number of seconds, or out of bounds: a session would never end, or at once.
 */
export function checkLifetimes({ idleSeconds, maxAgeSeconds, longest }: StoreLifetimes): Required<StoreLifetimes> {
  const own = { idleSeconds, maxAgeSeconds };
  for (const name of LIMITS) check(`session store: ${name}`, own[name], LEAST_SECONDS, MOST[name]);
  if (longest === undefined) return { ...own, longest: own };
  for (const name of LIMITS) check(`session store: longest.${name}`, longest[name], own[name], MOST[name]);
  return { ...own, longest: { idleSeconds: longest.idleSeconds, maxAgeSeconds: longest.maxAgeSeconds } };
}

/**
 * The lifetimes that a login asks for, checked.
 *
 * @param longest - the longest lifetimes of the store.
 * @throws {SessionDataError} for a limit beyond the store's longest, and for values that are no limits.
 */
export function checkTerms(terms: SessionTerms, longest: Lifetimes): void {
  for (const name of LIMITS) {
    if (terms[name] !== undefined) check(`session: login: ${name}`, terms[name], LEAST_SECONDS, longest[name]);
  }
  const { persistent } = terms;
  if (persistent === undefined || typeof persistent === "boolean") return;
  throw new SessionDataError(`session: login: persistent: got ${String(persistent)}, allowed: true or false`);
}

/** The terms alone, of a session that another one continues. */
export function pickTerms({ idleSeconds, maxAgeSeconds, persistent }: SessionTerms): SessionTerms {
  return {
    ...(idleSeconds !== undefined && { idleSeconds }),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    ...(persistent !== undefined && { persistent }),
  };
}

function check(what: string, got: unknown, least: number, most: number): void {
  if (typeof got === "number" && got >= least && got <= most) return;
  throw new SessionDataError(`${what}: got ${String(got)}, allowed: seconds, ${least} to ${most}`);
}
