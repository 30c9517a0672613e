import type { Deadline } from "../deadline";
import type { Cache, CacheReport } from "./cache";
import { buildCheckKey } from "./keys";
import type { Photos } from "./photos";

/** Number of photos to scan, as in the source document. */
const SCANNED = 20;

type Step = "scan" | "set" | "get" | "compare";

/** Result of a check of all dependencies of the function. */
export interface CheckReport extends CacheReport {
  readonly works: boolean;
  readonly engine: Cache["engine"];
  /** Number of scanned photos. */
  readonly photos: number;
  /** Time of each completed step, in milliseconds. */
  readonly timings: Readonly<Partial<Record<Step, number>>>;
  /** The failed step and its error, if a step failed. */
  readonly failure?: { readonly step: Step; readonly message: string };
}

/** Dependencies and limits of a check. */
export interface CheckOptions {
  readonly cache: Cache;
  readonly photos: Photos;
  readonly ttlSeconds: number;
  readonly cacheTimeoutMs: number;
}

/** The check of the source document: writes photos from DynamoDB into the cache as JSON, reads them again, and compares. Never throws. */
export async function check(options: CheckOptions, deadline: Deadline): Promise<CheckReport> {
  const { cache, photos, ttlSeconds, cacheTimeoutMs } = options;
  const key = buildCheckKey(cache.engine);
  const timings: Partial<Record<Step, number>> = {};
  let step: Step = "scan";
  let scanned = 0;
  const timed = async <T>(next: Step, work: () => Promise<T> | T): Promise<T> => {
    step = next;
    const start = performance.now();
    try {
      return await work();
    } finally {
      timings[next] = Math.round((performance.now() - start) * 100) / 100;
    }
  };
  const report = (failure?: CheckReport["failure"]): CheckReport => ({
    works: failure === undefined,
    engine: cache.engine,
    photos: scanned,
    timings,
    ...cache.report(),
    ...(failure && { failure }),
  });
  try {
    const found = await timed("scan", () => photos.scan(SCANNED, deadline));
    scanned = found.length;
    const json = JSON.stringify(found);
    await timed("set", () => cache.set(key, json, ttlSeconds, deadline.within(cacheTimeoutMs)));
    const cached = await timed("get", () => cache.get(key, deadline.within(cacheTimeoutMs)));
    await timed("compare", () => {
      if (cached !== json)
        throw new Error(cached === undefined ? "the cache has nothing" : "the cache has something else");
    });
    return report();
  } catch (error) {
    return report({ step, message: error instanceof Error ? error.message : String(error) });
  }
}
