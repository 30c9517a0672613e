import { type Inspection, sessionKeys, withRedis } from "./inspection";
import { printable, type Report } from "./report";
import { readSessions, type SessionRow } from "./session-rows";

/** Whose sessions end. */
export interface EndOptions {
  readonly user: string | undefined;
  readonly all: boolean;
  readonly yes: boolean;
}

/** A session that got a new id while SCAN went by may have been missed: looks again until nothing is left. */
const ROUNDS = 10;

/** The clocks of a cluster's nodes differ by less; milliseconds. */
const CLOCK_SLACK_MS = 1000;

/** `inspect end`: ends a user's sessions, or everybody's (ASVS 5.0 7.4.5), and says how many there were. */
export function endSessions({ user, all, yes }: EndOptions): Promise<Report> {
  if (all === (user !== undefined)) {
    throw new Error(`end: got ${all ? "a user and --all" : "nothing"}, takes a user or --all`);
  }
  return withRedis(async (inspection) => {
    const whose = user === undefined ? "everybody" : `user "${printable(user)}"`;
    if (!yes) {
      const sessions = await count(inspection, user);
      throw new Error(`end: got no --yes, takes it to log ${whose} out: ${plural(sessions)}`);
    }
    const ended = await end(inspection, user);
    return { data: { ended }, text: `Ended ${plural(ended)} of ${whose}\n` };
  });
}

async function end(inspection: Inspection, user: string | undefined): Promise<number> {
  let ended = user === undefined ? 0 : await endUsers(inspection, [user]);
  for (let round = 1; ; round++) {
    let found = 0;
    for await (const rows of living(inspection, user)) {
      found += rows.length;
      ended += await endUsers(inspection, new Set(rows.map((row) => row.user)));
      // Sessions of nobody, and one that a crash left without an entry in its user's index.
      const { store } = inspection;
      ended += await store.destroy(rows.map(({ key }) => key.slice(store.nameOf("").length)));
    }
    if (found === 0) return ended;
    if (round === ROUNDS)
      throw new Error(`end: got sessions left after ${ROUNDS} looks, takes another run: ${plural(ended)} ended so far`);
  }
}

async function endUsers({ users }: Inspection, names: Iterable<string | null>): Promise<number> {
  const owners = [...names].filter((name) => name !== null);
  const ended = await Promise.all(owners.map((user) => users.endAll(user, { detail: "ended by an administrator" })));
  return ended.reduce((sum, n) => sum + n, 0);
}

async function count(inspection: Inspection, user: string | undefined): Promise<number> {
  const keys = new Set<string>();
  for await (const rows of living(inspection, user)) for (const { key } of rows) keys.add(key);
  return keys.size;
}

/**
 * Sessions that were there when the command began; a login after that is another matter. For everybody, damaged ones and
 * keys that are no session too: a time that is missing or yet to come, by a clock that went back, keeps none alive.
 */
async function* living(inspection: Inspection, user: string | undefined): AsyncGenerator<readonly SessionRow[]> {
  const began = performance.now();
  for await (const keys of sessionKeys(inspection)) {
    const rows = await readSessions(inspection, keys);
    const now = inspection.now + performance.now() - began + CLOCK_SLACK_MS;
    const isNew = (createdAt: number | null) => createdAt !== null && createdAt > inspection.now && createdAt <= now;
    const wanted = ({ createdAt, user: owner }: SessionRow) =>
      !isNew(createdAt) && (user === undefined || owner === user);
    const found = rows.filter(wanted);
    if (found.length > 0) yield found;
  }
}

function plural(sessions: number): string {
  return `${sessions} session${sessions === 1 ? "" : "s"}`;
}
