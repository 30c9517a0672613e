import { withRedis } from "./inspection";
import { OtherKeys } from "./other-keys";
import { Progress } from "./progress";
import { plural, printable } from "./report";
import { scanKeys } from "./scan-keys";
import { SessionList } from "./session-list";
import { readSessions, type SessionRow } from "./session-rows";

/** Rows that are printed at once. */
const ROWS_AT_ONCE = 500;

/** Which sessions are listed, and how. */
export interface ListOptions {
  readonly isJson: boolean;
  /** Stop after so many. @default - all */
  readonly limit?: number;
  /** Only so many, those last seen, newest first. Found by a look at all of them. @default - as Redis has them */
  readonly newest?: number;
}

/** `inspect`: sessions under the prefix, printed as they are found. */
export function listSessions({ isJson, limit, newest }: ListOptions): Promise<void> {
  if (limit !== undefined && newest !== undefined)
    throw new Error("got both of --limit and --newest, takes one of them");
  return withRedis(async (inspection) => {
    const list = new SessionList(process.stdout, isJson);
    const others = new OtherKeys(inspection.prefix);
    const progress = new Progress();
    const best = newest === undefined ? undefined : new Newest(newest);
    let found = 0;
    let isCut = false;
    for await (const rows of scan()) {
      const left = (limit ?? Number.POSITIVE_INFINITY) - found;
      isCut = rows.length >= left;
      const taken = isCut ? rows.slice(0, left) : rows;
      found += taken.length;
      if (best === undefined) await list.add(taken, inspection.now);
      else best.add(taken);
      if (isCut) break;
    }
    progress.clear();
    for (const rows of best?.pages() ?? []) await list.add(rows, inspection.now);
    const isStopped = inspection.interrupted.aborted;
    const more = isCut || isStopped ? ", and perhaps more" : "";
    await list.end(`${describeCount(list.count, best && found)} under ${inspection.prefix}${more}`);
    process.stderr.write(describeDamaged(list.damaged) + others.describe());
    if (isStopped) process.exitCode = INTERRUPTED;

    async function* scan(): AsyncGenerator<readonly SessionRow[]> {
      // Rows that run over a terminal are progress enough.
      const isShown = best !== undefined || !process.stdout.isTTY;
      const soFar = () => `${plural(found, "session")} found`;
      for await (const keys of scanKeys(inspection, isShown ? { progress, soFar } : {})) {
        for (const key of keys) others.add(key);
        yield await readSessions(inspection, keys);
      }
    }
  });
}

/** `inspect user <name>`: a user's sessions, by their index. Takes dead entries out of it on its way. */
export function listUserSessions(user: string, isJson: boolean): Promise<void> {
  return withRedis(async (inspection) => {
    const list = new SessionList(process.stdout, isJson);
    const sessions = await inspection.users.list(user);
    const keys = sessions.map(({ key }) => inspection.store.nameOf(key));
    for (let i = 0; i < keys.length; i += ROWS_AT_ONCE)
      await list.add(await readSessions(inspection, keys.slice(i, i + ROWS_AT_ONCE)), inspection.now);
    await list.end(`${describeCount(list.count)} of user "${printable(user)}"`);
  });
}

/** Exit code of a command that Ctrl-C has ended, as shells count: 128 and the signal's number. */
const INTERRUPTED = 130;

function describeCount(count: number, ofAll?: number): string {
  if (count === 0) return "No sessions";
  return ofAll === undefined || ofAll === count
    ? plural(count, "session")
    : `The ${count.toLocaleString("en-US")} last seen of ${plural(ofAll, "session")}`;
}

function describeDamaged(count: number): string {
  if (count === 0) return "";
  return `${count.toLocaleString("en-US")} damaged: inspect <key> shows one, inspect end --key <key> --yes ends it\n`;
}

/** The sessions last seen. Holds about twice as many as are wanted, however many there are. */
class Newest {
  readonly #wanted: number;
  #rows = new Map<string, SessionRow>();

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  add(rows: readonly SessionRow[]): void {
    for (const row of rows) this.#rows.set(row.key, row);
    if (this.#rows.size > this.#wanted * 2 + ROWS_AT_ONCE)
      this.#rows = new Map(this.#sorted().map((row) => [row.key, row]));
  }

  *pages(): Generator<readonly SessionRow[]> {
    const rows = this.#sorted();
    for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) yield rows.slice(i, i + ROWS_AT_ONCE);
  }

  #sorted(): readonly SessionRow[] {
    return [...this.#rows.values()].sort((a, b) => (b.lastSeenAt ?? 0) - (a.lastSeenAt ?? 0)).slice(0, this.#wanted);
  }
}
