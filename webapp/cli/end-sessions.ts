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
  for (let round = 0; round < ROUNDS; round++) {
    let found = 0;
    for await (const rows of living(inspection, user)) {
      found += rows.length;
      ended += await endUsers(inspection, new Set(rows.map((row) => row.user)));
      // Sessions of nobody, and one that a crash left without an entry in its user's index.
      const { store } = inspection;
      ended += await store.destroy(rows.map(({ key }) => key.slice(store.nameOf("").length)));
    }
    if (found === 0) break;
  }
  return ended;
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

/** Sessions that were there when the command began; a login after that is another matter. */
async function* living(inspection: Inspection, user: string | undefined): AsyncGenerator<readonly SessionRow[]> {
  for await (const keys of sessionKeys(inspection)) {
    const rows = await readSessions(inspection, keys);
    const wanted = ({ createdAt, user: owner }: SessionRow) =>
      createdAt !== null && createdAt <= inspection.now && (user === undefined || owner === user);
    const found = rows.filter(wanted);
    if (found.length > 0) yield found;
  }
}

function plural(sessions: number): string {
  return `${sessions} session${sessions === 1 ? "" : "s"}`;
}
