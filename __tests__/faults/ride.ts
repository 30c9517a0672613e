import { until } from "../harness/poll";
import { type AppProcess, startApp } from "../programs/app-process";
import { type Ride, rideOut, type Steps } from "../programs/ride";
import { addRow } from "./table";

export { lasting, moreVisits, type Ride, VISITORS } from "../programs/ride";

/** A busy machine of two cores: what is promised within 2 s is asserted with this much more. Milliseconds. */
export const SLACK_MS = 2000;
/** The app's promise: back within two seconds of Redis. Milliseconds. */
export const BACK_WITHIN_MS = 2000 + SLACK_MS;
/** No answer takes longer than one command may (1.5 s). Milliseconds. */
export const ANSWER_WITHIN_MS = 1500 + SLACK_MS / 2;
/** Answers that wait for nothing, on a busy machine; a command that waits for its timeout takes longer. Milliseconds. */
export const AT_ONCE_MS = 1000;

/** The built app, with as many logins as a test needs; ready. */
export async function startFaultedApp(variables: Readonly<Record<string, string>>): Promise<AppProcess> {
  const app = await startApp({ LOG_LEVEL: "warn", LOGINS_PER_MINUTE: "1000000", ...variables });
  try {
    await until(async () => (await fetch(`${app.url}/readyz`)).ok, "the app to be ready");
  } catch (error) {
    await app.stop();
    throw error;
  }
  return app;
}

/** A fault that strikes the app, and what it is called. */
interface Fault extends Omit<Steps, "url" | "load"> {
  /** Name of the row. */
  readonly fault: string;
  /** How the app is afterwards, in words; measured values speak for the rest. */
  readonly afterwards: string;
  readonly app: AppProcess;
  /** Where every second visitor goes. @default - to `app` as well */
  readonly other?: AppProcess;
}

/** Strikes the app under load with a fault, and rides it out until all is clean; adds the row to the table. */
export async function ride({ fault, afterwards, app, other, ...steps }: Fault): Promise<Ride> {
  const result = await rideOut({ url: app.url, ...(other && { load: { other: other.url } }), ...steps });
  const { visits, failed, longestMs, cleanMs } = result;
  addRow({ fault, afterwards, failed: failed.length, requests: visits.length, longestMs, cleanMs });
  return result;
}

/**
 * Checks that hold in every fault of Redis: a failure is a 503 with Retry-After, no visitor sees another's session
 * or a stack trace, pages without a session and `/healthz` are served, and no request waits longer than a command may.
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
