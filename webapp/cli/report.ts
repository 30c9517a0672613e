/** What a command found. */
export interface Report {
  /** For machines, as JSON. */
  readonly data: unknown;
  /** For people. */
  readonly text: string;
  /** What a person at a terminal should know besides; never part of what is piped on. */
  readonly note?: string;
}

/**
 * Rows as aligned columns under their headings. The last column may hold anything: nothing stands behind it, so that
 * names in wide letters push nothing out of line.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const shown = [headings, ...rows.map((row) => row.map(printable))];
  const widths = headings.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const last = headings.length - 1;
  return shown
    .map((row) => row.map((cell, column) => (column === last ? cell : cell.padEnd(widths[column] ?? 0))).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}

/** JSON for a terminal as much as for a program: no character that moves a cursor. */
export function json(data: unknown): string {
  const escaped = (c: string) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(data, null, 2).replace(/[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escaped)}\n`;
}

/** A visitor chose this text: what could steer a terminal or turn the line around shows as its number. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`);
}
