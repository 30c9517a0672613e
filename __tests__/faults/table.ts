import { appendFileSync } from "node:fs";

/** One fault, and what a load of visitors met. */
export interface Row {
  readonly fault: string;
  readonly failed: number;
  readonly requests: number;
  readonly longestMs: number;
  readonly cleanMs: number;
  readonly afterwards: string;
}

/** Adds a row to the table that `run.ts` prints; does nothing in a run of jest alone. */
export function addRow({ fault, failed, requests, longestMs, cleanMs, afterwards }: Row): void {
  const file = process.env.FAULT_ROWS;
  if (file === undefined) return;
  appendFileSync(file, `${JSON.stringify({ fault, failed, requests, longestMs, cleanMs, afterwards })}\n`);
}

const HEAD = ["fault", "requests failed", "longest answer", "clean after", "the app then"];

/** The table as measured, for a terminal. */
export function measuredTable(rows: readonly Row[]): string {
  const ms = (value: number) => `${Math.round(value)} ms`;
  const cells = rows.map(({ fault, failed, requests, longestMs, cleanMs, afterwards }) => [
    fault,
    `${failed} of ${requests}`,
    ms(longestMs),
    ms(cleanMs),
    afterwards,
  ]);
  const widths = HEAD.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i]?.length ?? 0)));
  return [HEAD, ...cells].map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")).join("\n");
}

/** Steps a measured time is rounded up to, so that a page changes only when the app does. Seconds. */
const STEPS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10];

/** The table for a page: rounded up. */
export function markdownTable(rows: readonly Row[]): string {
  const seconds = (ms: number) => {
    if (ms === 0) return "at once";
    const step = STEPS.find((limit) => ms / 1000 <= limit);
    return step === undefined ? `over ${STEPS.at(-1)} s` : `within ${step} s`;
  };
  const share = ({ failed, requests }: Row) => {
    if (failed === 0) return "none";
    if (failed < requests / 20) return "under 5 %";
    return failed < requests / 2 ? "under half" : "most while it lasts";
  };
  const cells = rows.map((row) => [
    row.fault,
    share(row),
    seconds(row.longestMs),
    seconds(row.cleanMs),
    row.afterwards,
  ]);
  return [HEAD, HEAD.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
