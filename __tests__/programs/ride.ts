import { until } from "../harness/poll";
import { type Load, type LoadOptions, type Sample, startLoad } from "./load";

/** Enough that requests meet each other. */
export const VISITORS = 8;
/** Requests that must have gone well before a fault strikes. */
const BEFORE = 50;
/** So long without a failure counts as clean. Milliseconds. */
const CLEAN_MS = 500;

export interface Steps {
  /** Where visitors go. */
  readonly url: string;
  /** @default - eight visitors, who read pages */
  readonly load?: Partial<LoadOptions>;
  /** Keys of all sessions. @default - sessions are not counted */
  sessions?(): Promise<readonly string[]>;
  strike(load: Load): Promise<void> | void;
  /** While the fault lasts. */
  during?(load: Load): Promise<void>;
  /** Ends the fault; from when it is done the time until clean counts. @default - the fault is over at once */
  heal?(load: Load): Promise<void> | void;
}

/** The results of a load of visitors, from the start of a fault. */
export interface Ride {
  /** Requests of visitors that ended after the fault struck. */
  readonly visits: readonly Sample[];
  readonly probes: readonly Sample[];
  /** Those of the visits that were not answered as they should. */
  readonly failed: readonly Sample[];
  readonly longestMs: number;
  /** From the end of the fault to the last failure. */
  readonly cleanMs: number;
  /** From the moment the fault was complete to the last failure. */
  readonly failingMs: number;
  /** Visitors who had to log in again. */
  readonly loggedOut: number;
  /** Sessions that were there before; empty where they are not counted. */
  readonly sessions: number;
  /** Those of them that are not there afterwards. */
  readonly lost: number;
  /** Answers of `/readyz` while the fault lasted. */
  readonly readyDuring: readonly number[];
}

/**
 * Strikes under load with a fault, and rides it out until all is clean.
 *
 * @throws when something failed before it struck, or it is never clean again.
 */
export async function rideOut({ url, load: options, sessions, strike, during, heal }: Steps): Promise<Ride> {
  const visitors = options?.visitors ?? VISITORS;
  const load = await startLoad(url, { visitors, ...options });
  try {
    await until(() => load.visits.filter(isFine).length >= BEFORE, "a steady load");
    const early = load.visits.filter((sample) => !isFine(sample));
    if (early.length > 0) throw new Error(`failed before anything struck: ${JSON.stringify(early)}`);
    const before = (await sessions?.()) ?? [];
    if (sessions !== undefined && before.length < visitors) {
      throw new Error(`${visitors} visitors are logged in, and there are ${before.length} sessions`);
    }
    const struck = performance.now();
    await strike(load);
    // A strike has steps that take their time (a replica is promoted, say): what follows counts from its end.
    const done = performance.now();
    await during?.(load);
    const healing = performance.now();
    await heal?.(load);
    const healed = heal ? performance.now() : done;
    await until(() => isClean(load, visitors, healed), "no more failures");
    await load.stop();
    const left = new Set(await sessions?.());
    const visits = load.visits.filter(({ end }) => end >= struck);
    const probes = load.probes.filter(({ end }) => end >= struck);
    const failed = visits.filter((sample) => !isFine(sample));
    const last = Math.max(struck, ...failed.map(({ end }) => end));
    return {
      visits,
      probes,
      failed,
      longestMs: Math.max(...visits.map(({ start, end }) => end - start)),
      cleanMs: Math.max(0, last - healed),
      failingMs: Math.max(0, last - done),
      loggedOut: visits.filter(({ loggedOut }) => loggedOut).length,
      sessions: before.length,
      lost: before.filter((key) => !left.has(key)).length,
      readyDuring: probes.filter(({ who, end }) => who === "/readyz" && end < healing).map(({ status }) => status),
    };
  } finally {
    await load.stop();
  }
}

function isFine({ status, problem }: Sample): boolean {
  return problem === undefined && (status === 200 || status === 303);
}

/** Everybody has come again since, `/readyz` too, and nothing has failed for a while. */
function isClean({ visits, probes }: Load, visitors: number, since: number): boolean {
  const now = performance.now();
  const later = visits.filter(({ start }) => start > since);
  const quiet = visits.every((sample) => isFine(sample) || now - sample.end > CLEAN_MS);
  const everybody = new Set(later.filter(isFine).map(({ who }) => who)).size === visitors;
  const ready = probes.findLast(({ who }) => who === "/readyz");
  return now - since > CLEAN_MS && quiet && everybody && ready?.status === 200 && ready.start > since;
}

/** Waits until so many requests of visitors have ended after now: the fault is felt, and is not over before it is. */
export async function moreVisits(load: Load, count: number): Promise<void> {
  const before = load.visits.length;
  await until(() => load.visits.length >= before + count, `${count} more requests`);
}

/** Waits while the fault lasts. */
export async function lasting(ms: number): Promise<void> {
  const end = performance.now() + ms;
  await until(() => performance.now() >= end, `${ms} ms`);
}
