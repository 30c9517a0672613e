import { once } from "node:events";
import type { Writable } from "node:stream";
import { Columns, json } from "./report";
import { isDamaged, SESSION_HEADINGS, type SessionRow, sessionCells, sessionData } from "./session-rows";

/** Prints sessions as they come: a table for people, an array of JSON for machines. Holds none of them. */
export class SessionList {
  readonly #out: Writable;
  readonly #isJson: boolean;
  readonly #columns = new Columns(SESSION_HEADINGS);
  #count = 0;
  #damaged = 0;

  constructor(out: Writable, isJson: boolean) {
    this.#out = out;
    this.#isJson = isJson;
  }

  /** How many it has printed. */
  get count(): number {
    return this.#count;
  }

  /** How many of them the app would refuse. */
  get damaged(): number {
    return this.#damaged;
  }

  /** Prints rows, and waits while the reader is slow. */
  async add(rows: readonly SessionRow[], now: number): Promise<void> {
    if (rows.length === 0) return;
    const isFirst = this.#count === 0;
    this.#count += rows.length;
    this.#damaged += rows.filter(isDamaged).length;
    await this.#write(this.#isJson ? this.#asJson(rows, isFirst) : this.#asTable(rows, now, isFirst));
  }

  /** Prints what follows the last row: for people, the summary. */
  async end(summary: string): Promise<void> {
    if (this.#isJson) await this.#write(this.#count === 0 ? "[]\n" : "\n]\n");
    else await this.#write(`${this.#count === 0 ? "" : "\n"}${summary}\n`);
  }

  #asJson(rows: readonly SessionRow[], isFirst: boolean): string {
    const items = rows.map((row) => json(sessionData(row)).trimEnd().replace(/^/gm, "  "));
    return `${isFirst ? "[\n" : ",\n"}${items.join(",\n")}`;
  }

  #asTable(rows: readonly SessionRow[], now: number, isFirst: boolean): string {
    const cells = rows.map((row) => sessionCells(row, now));
    return this.#columns.format(isFirst ? [SESSION_HEADINGS, ...cells] : cells);
  }

  async #write(text: string): Promise<void> {
    if (!this.#out.write(text)) await once(this.#out, "drain");
  }
}
