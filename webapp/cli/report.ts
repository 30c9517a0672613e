/** The findings of a command. */
export interface Report {
  /** For machines, as JSON. */
  readonly data: unknown;
  /** For people. */
  readonly text: string;
  /** A note for a person at a terminal; it is never part of the output that is piped on. */
  readonly note?: string;
}

/** Rows as aligned columns under their headings. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return new Columns(headings).format([headings, ...rows]);
}

/**
 * Lines of a table that is printed piece by piece. A column is as wide as its longest cell so far. The last column may hold
 * anything: nothing follows it on its line, so that names in wide letters push nothing out of line.
 */
export class Columns {
  readonly #widths: number[];

  constructor(headings: readonly string[]) {
    this.#widths = headings.map((heading) => heading.length);
  }

  /** Rows as lines. */
  format(rows: readonly (readonly string[])[]): string {
    const shown = rows.map((row) => row.map(printable));
    for (const row of shown) {
      row.forEach((cell, column) => {
        this.#widths[column] = Math.max(this.#widths[column] ?? 0, cell.length);
      });
    }
    const last = this.#widths.length - 1;
    const pad = (cell: string, column: number) => (column === last ? cell : cell.padEnd(this.#widths[column] ?? 0));
    return shown.map((row) => `${row.map(pad).join("  ").trimEnd()}\n`).join("");
  }
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

/** A count with its noun: `1 session`, `1,500 keys`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}
