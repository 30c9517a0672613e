import { SessionDataError } from "./session-data-error";
import type { Lifetimes } from "./store";

/** Redis counts expiries in milliseconds: a shorter limit would end a session in the step that creates it. */
const LEAST_SECONDS = 0.001;
/** Browsers keep no cookie for longer (RFC 6265bis, 5.5). 400 days. */
const MOST_SECONDS = 400 * 24 * 3600;

/**
 * The lifetimes of a store, checked.
 *
 * @throws {SessionDataError} for a limit that is no number of seconds, or out of bounds: a session would never end, or at once.
 */
export function checkLifetimes({ idleSeconds, maxAgeSeconds }: Lifetimes): Lifetimes {
  for (const [name, got] of Object.entries({ idleSeconds, maxAgeSeconds })) {
    if (typeof got !== "number" || !(got >= LEAST_SECONDS && got <= MOST_SECONDS)) {
      const allowed = `seconds, ${LEAST_SECONDS} to ${MOST_SECONDS}`;
      throw new SessionDataError(`session store: ${name}: got ${String(got)}, allowed: ${allowed}`);
    }
  }
  return { idleSeconds, maxAgeSeconds };
}
