import { type AppProcess, startApp } from "../programs/app-process";
import { type Load, type Sample, startLoad } from "../programs/load";
import { until } from "../programs/poll";
import { addRow } from "./table";

/** Enough that requests meet each other. */
export const VISITORS = 8;
/** Requests that must have gone well before a fault strikes. */
const BEFORE = 50;
/** So long without a failure counts as clean. Milliseconds. */
const CLEAN_MS = 500;

/** A busy machine of two cores: what is promised within 2 s is asserted with this much more. Milliseconds. */
export const SLACK_MS = 2000;
/** The app's promise: back within two seconds of Redis. Milliseconds. */
export const BACK_WITHIN_MS = 2000 + SLACK_MS;
/** No answer takes longer than one command may (1.5 s). Milliseconds. */
export const ANSWER_WITHIN_MS = 1500 + SLACK_MS / 2;
/** Answers that wait for nothing, on a busy machine; a command that waits for its timeout takes longer. Milliseconds. */
export const AT_ONCE_MS = 1000;

/** The built app, with as many logins as a test needs; ready. */
export async function startFaultedApp(
  variables: Readonly<Record<string, string>>,
  bundle?: string,
): Promise<AppProcess> {
  const app = await startApp({ LOG_LEVEL: "warn", LOGINS_PER_MINUTE: "1000000", ...variables }, bundle);
  try {
    await until(async () => (await fetch(`${app.url}/readyz`)).ok, "the app to be ready");
  } catch (error) {
    await app.stop();
    throw error;
  }
  return app;
}

export interface Steps {
  /** Name of the row. */
  readonly fault: string;
  /** How the app is afterwards, in words; measured values speak for the rest. */
  readonly afterwards: string;
  readonly app: AppProcess;
  /** What of docs/upgrades.md it is: then sessions are counted too. @default - a fault of docs/reliability.md */
  readonly counted?: Counted;
  /** Where every second visitor goes. @default - to `app` as well */
  readonly other?: AppProcess;
  strike(load: Load): Promise<void> | void;
  /** While the fault lasts. */
  during?(load: Load): Promise<void>;
  /** Ends the fault; from when it is done the time until clean counts. @default - the fault is over at once */
  heal?(load: Load): Promise<void> | void;
}

/** A rotation or a drill: visitors send forms, and sessions are counted before and after. */
export interface Counted {
  readonly kind: "rotation" | "drill";
  /** Keys of all sessions there are. */
  sessions(): Promise<readonly string[]>;
}

/** What a load of visitors met from the moment the fault struck. */
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
  /** Sessions that were there before, and are not afterwards; none where nobody counts. */
  readonly lost: number;
  /** Answers of `/readyz` while the fault lasted. */
  readonly readyDuring: readonly number[];
}

/** Strikes the app under load with a fault, and rides it out until all is clean; adds the row to the table. */
export async function ride(steps: Steps): Promise<Ride> {
  const { app, other, fault, afterwards, counted, strike, during, heal } = steps;
  const forms = counted !== undefined;
  const load = await startLoad(app.url, { visitors: VISITORS, forms, ...(other ? { other: other.url } : {}) });
  try {
    await until(() => load.visits.filter(isFine).length >= BEFORE, "a steady load");
    expect(load.visits.filter((sample) => !isFine(sample))).toEqual([]);
    const sessions = (await counted?.sessions()) ?? [];
    if (counted !== undefined) expect(sessions.length).toBeGreaterThanOrEqual(VISITORS);
    const struck = performance.now();
    await strike(load);
    // A strike has steps that take their time (a replica is promoted, say): what follows counts from its end.
    const done = performance.now();
    await during?.(load);
    const healing = performance.now();
    await heal?.(load);
    const healed = heal ? performance.now() : done;
    await until(() => isClean(load, healed), "no more failures");
    await load.stop();
    const left = new Set(await counted?.sessions());
    const visits = load.visits.filter(({ end }) => end >= struck);
    const probes = load.probes.filter(({ end }) => end >= struck);
    const failed = visits.filter((sample) => !isFine(sample));
    const last = Math.max(struck, ...failed.map(({ end }) => end));
    const result: Ride = {
      visits,
      probes,
      failed,
      longestMs: Math.max(...visits.map(({ start, end }) => end - start)),
      cleanMs: Math.max(0, last - healed),
      failingMs: Math.max(0, last - done),
      loggedOut: visits.filter(({ loggedOut }) => loggedOut).length,
      lost: sessions.filter((key) => !left.has(key)).length,
      readyDuring: probes.filter(({ who, end }) => who === "/readyz" && end < healing).map(({ status }) => status),
    };
    const { longestMs, cleanMs, lost, loggedOut } = result;
    const counts = counted && { kind: counted.kind, lost, loggedOut };
    addRow({ fault, afterwards, failed: failed.length, requests: visits.length, longestMs, cleanMs, ...counts });
    return result;
  } finally {
    await load.stop();
  }
}

function isFine({ status, problem }: Sample): boolean {
  return problem === undefined && (status === 200 || status === 303);
}

/** Everybody has come again since, `/readyz` too, and nothing has failed for a while. */
function isClean({ visits, probes }: Load, since: number): boolean {
  const now = performance.now();
  const later = visits.filter(({ start }) => start > since);
  const quiet = visits.every((sample) => isFine(sample) || now - sample.end > CLEAN_MS);
  const everybody = new Set(later.filter(isFine).map(({ who }) => who)).size === VISITORS;
  const ready = probes.findLast(({ who }) => who === "/readyz");
  return now - since > CLEAN_MS && quiet && everybody && ready?.status === 200 && ready.start > since;
}

/**
 * What holds whatever happens to Redis: a failure is a 503 that says when to come back, nobody sees another's session
 * or a stack trace, pages that need no session and `/healthz` are served, nobody waits longer than a command may.
 */
export function expectHonest(
  app: AppProcess,
  { visits, probes, failed, longestMs }: Ride,
  withinMs = ANSWER_WITHIN_MS,
): void {
  expect(visits.filter(({ problem }) => problem !== undefined)).toEqual([]);
  expect([...new Set(failed.map(({ status, retryAfter }) => `${status} ${retryAfter}`))]).toEqual(
    failed.length === 0 ? [] : ["503 2"],
  );
  expect(longestMs).toBeLessThan(withinMs);
  const unhurt = probes.filter(({ who }) => who !== "/readyz");
  expect(unhurt.filter(({ status, problem }) => status !== 200 || problem !== undefined)).toEqual([]);
  expect(Math.max(...unhurt.map(({ start, end }) => end - start))).toBeLessThan(SLACK_MS);
  expect([app.process.exitCode, app.process.signalCode]).toEqual([null, null]);
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
