/** Stryker's report, as far as the score needs it (mutation-testing-report-schema). */
export interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

/** How many planted faults the tests found. */
export interface Score {
  readonly found: number;
  readonly planted: number;
  readonly percent: number;
}

const FOUND: ReadonlySet<string> = new Set(["Killed", "Timeout"]);
/** Faults that a test can miss. Those that do not compile and those that a comment leaves out, with its reason, do not count. */
const MISSED: ReadonlySet<string> = new Set(["Survived", "NoCoverage"]);

/** Counts as Stryker's own mutation score does: a fault that no test reaches counts as missed. */
export function score({ files }: Report): Score {
  const statuses = Object.values(files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const found = statuses.filter((status) => FOUND.has(status)).length;
  const planted = found + statuses.filter((status) => MISSED.has(status)).length;
  return { found, planted, percent: planted === 0 ? 100 : (100 * found) / planted };
}
