import { findMasters, type Inspection } from "./inspection";
import type { Progress } from "./progress";

/** Keys a SCAN step looks at; Redis serves others in between. */
const SCAN_COUNT = 500;

/** How a scan reports. */
export interface ScanOptions {
  /** @default - no progress is shown */
  readonly progress?: Progress;
  /** The result so far, as the end of a line of progress. @default - none */
  readonly soFar?: () => string;
}

/**
 * All keys, step by step, from each master of a cluster, until Ctrl-C. A key may come twice where Redis resizes its table
 * meanwhile, and one that is written meanwhile may be missed.
 *
 * @see https://redis.io/docs/latest/commands/scan/#scan-guarantees
 */
export async function* scanKeys(inspection: Inspection, options: ScanOptions = {}): AsyncGenerator<readonly string[]> {
  const { progress, soFar } = options;
  const total = progress === undefined ? 0 : await readKeyCount(inspection);
  let looked = 0;
  for (const node of findMasters(inspection)) {
    let cursor = "0";
    do {
      const [next, keys] = await node.scan(cursor, "COUNT", SCAN_COUNT);
      cursor = next;
      looked += keys.length;
      if (keys.length > 0) yield [...new Set(keys)];
      if (cursor === "0") break;
      progress?.show(() => {
        const found = soFar === undefined ? "" : `, ${soFar()}`;
        return `${format(looked)} of about ${format(Math.max(total, looked))} keys looked at${found}; Ctrl-C stops`;
      });
    } while (!inspection.interrupted.aborted);
    if (inspection.interrupted.aborted) return;
  }
}

/** Keys that Redis has by its own count. The app's user may send INFO, and not DBSIZE. */
async function readKeyCount(inspection: Inspection): Promise<number> {
  const nodes = findMasters(inspection);
  const answers = await Promise.all(nodes.map((node) => node.info("keyspace")));
  const counts = answers.map((answer, i) => {
    const database = nodes[i]?.options.db ?? 0;
    return Number(new RegExp(`^db${database}:keys=(\\d+)`, "m").exec(answer)?.[1] ?? 0);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

function format(count: number): string {
  return count.toLocaleString("en-US");
}
