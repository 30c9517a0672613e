import { resolveKey } from "./describe-key";
import { type Inspection, withRedis } from "./inspection";
import { Progress } from "./progress";
import { plural, printable, type Report } from "./report";
import { scanKeys } from "./scan-keys";
import { parseUser, readSessions, type SessionRow } from "./session-rows";

/** Which sessions end: a user's, all, or the one under a key. */
export interface EndOptions {
  readonly user: string | undefined;
  readonly key: string | undefined;
  readonly all: boolean;
  readonly yes: boolean;
}

/** A session that got a new id while SCAN went by may have been missed: looks again until nothing is left. */
const ROUNDS = 10;

/** The clocks of a cluster's nodes differ by less; milliseconds. */
const CLOCK_SLACK_MS = 1000;

/** `inspect end`: ends a user's sessions, everybody's (ASVS 5.0 7.4.5) or one, and says how many there were. */
export function endSessions({ user, key, all, yes }: EndOptions): Promise<Report> {
  const given = [
    ...(user === undefined ? [] : ["a user"]),
    ...(key === undefined ? [] : ["--key"]),
    ...(all ? ["--all"] : []),
  ];
  if (given.length !== 1)
    throw new Error(`end: got ${given.join(" and ") || "nothing"}, takes one of a user, --key and --all`);
  return withRedis((inspection) => (key === undefined ? endMany(inspection, user, yes) : endOne(inspection, key, yes)));
}

async function endMany(inspection: Inspection, user: string | undefined, yes: boolean): Promise<Report> {
  const whose = user === undefined ? "everybody" : `user "${printable(user)}"`;
  const progress = new Progress();
  const isStopped = () => inspection.interrupted.aborted;
  if (!yes) {
    const sessions = await count(inspection, user, progress);
    const more = isStopped() ? ", counted until Ctrl-C" : "";
    throw new Error(`end: got no --yes; with it, the command ends ${plural(sessions, "session")} of ${whose}${more}`);
  }
  const ended = await end(inspection, user, progress);
  progress.clear();
  if (isStopped())
    throw new Error(`end: stopped, takes another run for the rest: ${plural(ended, "session")} ended so far`);
  return { data: { ended }, text: `Ended ${plural(ended, "session")} of ${whose}\n` };
}

/** A damaged session too, or a key of another type under a session's name: the app would refuse both. */
async function endOne(inspection: Inspection, keyOrId: string, yes: boolean): Promise<Report> {
  const { redis, store } = inspection;
  const key = resolveKey(inspection, keyOrId);
  const first = store.nameOf("");
  if (!key.startsWith(first))
    throw new Error(`--key: got ${JSON.stringify(keyOrId)}, takes a session's key, which begins with ${first}`);
  const type = await redis.type(key);
  if (type === "none")
    throw new Error(`--key: got ${JSON.stringify(keyOrId)}, takes one that exists: inspect lists them`);
  const user = type === "hash" ? parseUser((await redis.hmget(key, "user"))[0]) : null;
  const what = `${printable(key)}${user === null ? "" : ` of user "${printable(user)}"`}`;
  if (!yes) throw new Error(`end: got no --yes; with it, the command ends ${what}`);
  const id = key.slice(first.length);
  // In this order a crash leaves a session that its next touch lists again, and no entry without a session.
  if (user !== null) await store.delist(user, [id]);
  const ended = await store.destroy([id]);
  return { data: { ended }, text: ended === 1 ? `Ended ${what}\n` : `${what} has ended meanwhile\n` };
}

async function end(inspection: Inspection, user: string | undefined, progress: Progress): Promise<number> {
  const { store, interrupted } = inspection;
  let ended = user === undefined ? 0 : await endUsers(inspection, [user]);
  const soFar = () => `${plural(ended, "session")} ended`;
  for (let round = 1; ; round++) {
    let found = 0;
    for await (const rows of living(inspection, user, progress, soFar)) {
      found += rows.length;
      ended += await endUsers(inspection, new Set(rows.map((row) => row.user)));
      // Sessions without a user, and one that a crash left without an entry in its user's index.
      ended += await store.destroy(rows.map(({ key }) => key.slice(store.nameOf("").length)));
    }
    if (found === 0 || interrupted.aborted) return ended;
    if (round === ROUNDS)
      throw new Error(
        `end: got sessions left after ${ROUNDS} looks, takes another run: ${plural(ended, "session")} ended so far`,
      );
  }
}

async function endUsers({ users }: Inspection, names: Iterable<string | null>): Promise<number> {
  const owners = [...names].filter((name) => name !== null);
  const ended = await Promise.all(owners.map((user) => users.endAll(user, { detail: "ended by an administrator" })));
  return ended.reduce((sum, n) => sum + n, 0);
}

/** A session that SCAN finds twice counts twice: to know each one would take memory for all of them. */
async function count(inspection: Inspection, user: string | undefined, progress: Progress): Promise<number> {
  let found = 0;
  const soFar = () => `${plural(found, "session")} found`;
  for await (const rows of living(inspection, user, progress, soFar)) found += rows.length;
  progress.clear();
  return found;
}

/**
 * Sessions that were there when the command began; a login after that is not ended. For everybody, damaged ones and keys that
 * are no session too: a time that is missing or yet to come, by a clock that went back, keeps none alive.
 */
async function* living(
  inspection: Inspection,
  user: string | undefined,
  progress: Progress,
  soFar: () => string,
): AsyncGenerator<readonly SessionRow[]> {
  const began = performance.now();
  for await (const keys of scanKeys(inspection, { progress, soFar })) {
    const rows = await readSessions(inspection, keys);
    const now = inspection.now + performance.now() - began + CLOCK_SLACK_MS;
    const isNew = (createdAt: number | null) => createdAt !== null && createdAt > inspection.now && createdAt <= now;
    const wanted = ({ createdAt, user: owner }: SessionRow) =>
      !isNew(createdAt) && (user === undefined || owner === user);
    const found = rows.filter(wanted);
    if (found.length > 0) yield found;
  }
}
