import { type Inspected, sessionKeys, withRedis } from "./inspected";
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
  return withRedis(async (inspected) => {
    const whose = user === undefined ? "everybody" : `user "${printable(user)}"`;
    if (!yes) {
      const sessions = await count(inspected, user);
      throw new Error(`end: got no --yes, takes it to log ${whose} out: ${plural(sessions)}`);
    }
    const ended = await end(inspected, user);
    return { data: { ended }, text: `Ended ${plural(ended)} of ${whose}\n` };
  });
}

async function end(inspected: Inspected, user: string | undefined): Promise<number> {
  let ended = user === undefined ? 0 : await endUsers(inspected, [user]);
  for (let round = 0; round < ROUNDS; round++) {
    let found = 0;
    for await (const rows of living(inspected, user)) {
      found += rows.length;
      ended += await endUsers(inspected, new Set(rows.map((row) => row.user)));
      // Sessions of nobody, and one that a crash left without an entry in its user's index.
      const { store } = inspected;
      ended += await store.destroy(rows.map(({ key }) => key.slice(store.nameOf("").length)));
    }
    if (found === 0) break;
  }
  return ended;
}

async function endUsers({ users }: Inspected, names: Iterable<string | null>): Promise<number> {
  const owners = [...names].filter((name) => name !== null);
  const ended = await Promise.all(owners.map((user) => users.endAll(user, { detail: "ended by an administrator" })));
  return ended.reduce((sum, n) => sum + n, 0);
}

async function count(inspected: Inspected, user: string | undefined): Promise<number> {
  const keys = new Set<string>();
  for await (const rows of living(inspected, user)) for (const { key } of rows) keys.add(key);
  return keys.size;
}

/** Sessions that were there when the command began; a login after that is another matter. */
async function* living(inspected: Inspected, user: string | undefined): AsyncGenerator<readonly SessionRow[]> {
  for await (const keys of sessionKeys(inspected)) {
    const rows = await readSessions(inspected, keys);
    const wanted = ({ createdAt, user: owner }: SessionRow) =>
      createdAt !== null && createdAt <= inspected.now && (user === undefined || owner === user);
    const found = rows.filter(wanted);
    if (found.length > 0) yield found;
  }
}

function plural(sessions: number): string {
  return `${sessions} session${sessions === 1 ? "" : "s"}`;
}
