import type { Sample } from "../programs/load";
import type { Ride } from "../programs/ride";
import { parseTable, readUpgrades } from "./upgrade-table";

/** The most that visitors may notice of a rotation or a drill: a row of docs/upgrades.md. */
export interface Bound {
  readonly what: string;
  /** Whether a request may fail, until all is as before. */
  readonly mayFail: boolean;
  /** Whether idle sessions may be lost. */
  readonly mayLose: boolean;
  /** From the end of the fault until nothing fails any more. Seconds; 0 where nothing may fail. */
  readonly withinSeconds: number;
}

/** The effects that visitors noticed. */
export interface Noticed extends Pick<Ride, "sessions" | "lost" | "loggedOut" | "longestMs" | "cleanMs"> {
  readonly what: string;
  readonly requests: number;
  readonly failed: number;
  /** Requests that tell of this machine and not of the stack: in neither of the two. */
  readonly uncounted: number;
  /** How it is more than the page says; nothing when it is not. */
  readonly broken: readonly string[];
}

const NONE = "none";
/** Statuses of a load balancer and an app whose backend is down; 0 is a connection that was cut. */
const HONEST = [0, 502, 503];
/** Four stacks on two cores: what is promised in two seconds is asserted with this much more. Seconds. */
const SLACK_SECONDS = 8;

/** Reads the bounds of rotations and drills from a page. */
export function parseBounds(markdown: string): readonly Bound[] {
  return parseTable(markdown, "rotation or drill").map(([what = "", failed, lost, loggedOut, asBefore = ""]) => {
    if (loggedOut !== NONE) throw new Error(`${what}: got visitors logged out ${loggedOut}, takes ${NONE}`);
    const seconds = /^within (\d+) s$/.exec(asBefore)?.[1];
    if ((failed === NONE) !== (asBefore === "at once") || (failed !== NONE && seconds === undefined)) {
      throw new Error(`${what}: got failed ${failed}, as before ${asBefore}, takes ${NONE} and at once, or within N s`);
    }
    return { what, mayFail: failed !== NONE, mayLose: lost !== NONE, withinSeconds: Number(seconds ?? 0) };
  });
}

/** @throws when docs/upgrades.md says nothing of it. */
export function findBound(what: string): Bound {
  const bound = parseBounds(readUpgrades()).find((one) => one.what === what);
  if (bound === undefined) throw new Error(`docs/upgrades.md has no row for: ${what}`);
  return bound;
}

/**
 * Counts what a load of visitors met, and holds it against its bound.
 *
 * @param counts - whether a request tells of the stack. @default all do
 */
export function noticed(bound: Bound, ride: Ride, counts: (sample: Sample) => boolean = () => true): Noticed {
  const { what, mayFail, mayLose, withinSeconds } = bound;
  const { sessions, lost, loggedOut, longestMs, cleanMs } = ride;
  const [visits, failed] = [ride.visits.filter(counts), ride.failed.filter(counts)];
  const wrong = failed.filter(({ status, problem }) => status !== 0 && problem !== undefined);
  const refused = mayFail ? failed.filter(({ status }) => !HONEST.includes(status)) : failed;
  const first = (samples: Ride["failed"]) => JSON.stringify(samples[0]);
  const checks: readonly (readonly [boolean, string])[] = [
    [refused.length === 0, `${refused.length} of ${visits.length} requests failed; the first: ${first(refused)}`],
    [wrong.length === 0, `${wrong.length} answers are wrong; the first: ${first(wrong)}`],
    [mayLose || lost === 0, `${lost} of ${sessions} sessions are lost`],
    [loggedOut === 0, `${loggedOut} visitors had to log in again`],
    [cleanMs <= (withinSeconds + SLACK_SECONDS) * 1000, `it failed for ${cleanMs} ms after the fault was over`],
  ];
  const broken = checks.flatMap(([isKept, how]) => (isKept ? [] : [`${what}: ${how}`]));
  return {
    what,
    requests: visits.length,
    failed: failed.length,
    uncounted: ride.visits.length - visits.length,
    sessions,
    lost,
    loggedOut,
    longestMs,
    cleanMs,
    broken,
  };
}
