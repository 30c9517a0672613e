import { appendFileSync } from "node:fs";

/** One fault, and what a load of visitors met. */
export interface Row {
  readonly fault: string;
  readonly failed: number;
  readonly requests: number;
  readonly longestMs: number;
  readonly cleanMs: number;
  readonly afterwards: string;
  /** Set where sessions were counted. */
  readonly kind?: "rotation" | "drill";
  readonly lost?: number;
  readonly loggedOut?: number;
}

/** Keeps a row for the tables that `run.ts` prints; without it, in a run of jest alone, nobody asks for one. */
export function addRow(row: Row): void {
  const file = process.env.FAULT_ROWS;
  if (file === undefined) return;
  appendFileSync(file, `${JSON.stringify(row)}\n`);
}

interface Column {
  readonly head: string;
  /** As measured, for a terminal. */
  measured(row: Row): string;
  /** For a page: rounded up, so that it changes only when the app does. */
  rounded(row: Row): string;
}

const text = (head: string, cell: (row: Row) => string): Column => ({ head, measured: cell, rounded: cell });
const ms = (value: number) => `${Math.round(value)} ms`;

const AFTERWARDS = text("the app then", ({ afterwards }) => afterwards);
const FAILED: Column = {
  head: "requests failed",
  measured: ({ failed, requests }) => `${failed} of ${requests}`,
  rounded: share,
};
const LONGEST: Column = {
  head: "longest answer",
  measured: ({ longestMs }) => ms(longestMs),
  rounded: ({ longestMs }) => seconds(longestMs),
};
const CLEAN: Column = {
  head: "clean after",
  measured: ({ cleanMs }) => ms(cleanMs),
  rounded: ({ cleanMs }) => seconds(cleanMs),
};

const FAULTS = [text("fault", ({ fault }) => fault), FAILED, LONGEST, CLEAN, AFTERWARDS];
const COUNTED = [
  text("rotation or drill", ({ fault }) => fault),
  FAILED,
  {
    head: "sessions lost",
    measured: ({ lost = 0 }) => String(lost),
    // How many depends on how much is too much.
    rounded: ({ lost = 0 }) => (lost === 0 ? "0" : "unused ones"),
  },
  text("visitors logged out", ({ loggedOut = 0 }) => String(loggedOut)),
  LONGEST,
  CLEAN,
  AFTERWARDS,
];

const columnsOf = (rows: readonly Row[]) => (rows[0]?.kind === undefined ? FAULTS : COUNTED);

/** The table as measured, for a terminal; all rows of one kind. */
export function measuredTable(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const heads = columns.map(({ head }) => head);
  const cells = rows.map((row) => columns.map(({ measured }) => measured(row)));
  const widths = heads.map((head, i) => Math.max(head.length, ...cells.map((row) => row[i]?.length ?? 0)));
  return [heads, ...cells].map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")).join("\n");
}

/** The table for a page; all rows of one kind. */
export function markdownTable(rows: readonly Row[]): string {
  const columns = columnsOf(rows);
  const heads = columns.map(({ head }) => head);
  const cells = rows.map((row) => columns.map(({ rounded }) => rounded(row)));
  return [heads, heads.map(() => "---"), ...cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Steps a measured time is rounded up to. Seconds. */
const STEPS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10];

function seconds(milliseconds: number): string {
  if (milliseconds === 0) return "at once";
  const step = STEPS.find((limit) => milliseconds / 1000 <= limit);
  return step === undefined ? `over ${STEPS.at(-1)} s` : `within ${step} s`;
}

function share({ failed, requests }: Row): string {
  if (failed === 0) return "none";
  if (failed < requests / 20) return "under 5 %";
  return failed < requests / 2 ? "under half" : "most while it lasts";
}
