import { parseSeconds, parseTime } from "../session/session-hash";
import type { Inspection } from "./inspection";
import { table } from "./report";
import { iso, isoAndRelative } from "./times";

/** One session as Redis holds it; null for a time that is damaged or missing. Times in ms since 1970. */
export interface SessionRow {
  readonly key: string;
  readonly type: string;
  readonly fields: number | null;
  /** -1 for a key that never expires, which no session is. */
  readonly ttlSeconds: number;
  readonly user: string | null;
  readonly createdAt: number | null;
  readonly lastSeenAt: number | null;
  /** When it ends if nobody uses it. */
  readonly idleEndsAt: number | null;
  /** When it ends in any case: by its own absolute limit, else by today's SESSION_MAX_AGE. */
  readonly absoluteEndsAt: number | null;
}

/** The fields that a row is made of. */
const READ = ["createdAt", "lastSeenAt", "idleSeconds", "maxAgeSeconds", "user", "handedTo"] as const;

/** Reads these keys, in one round trip; what has ended since they were found is left out. */
export async function readSessions(inspection: Inspection, keys: readonly string[]): Promise<SessionRow[]> {
  const rows = await Promise.all(keys.map((key) => readSession(inspection, key)));
  return rows.filter((row) => row !== undefined);
}

async function readSession({ redis, store }: Inspection, key: string): Promise<SessionRow | undefined> {
  const [type, ttlMs, fields, [createdAt, lastSeenAt, idleSeconds, maxAgeSeconds, user, handedTo]] = await Promise.all([
    redis.type(key),
    redis.pttl(key),
    redis.hlen(key).catch(unlessNoHash(null)),
    redis.hmget(key, ...READ).catch(unlessNoHash([])),
  ]);
  // The store keeps such a hash for a repeated login form: it is no session any more.
  if (type === "none" || (handedTo != null && createdAt == null)) return undefined;
  const seen = parseTime(lastSeenAt);
  const created = parseTime(createdAt);
  const idle = parseSeconds(idleSeconds);
  const maxAge = maxAgeSeconds == null ? store.lifetimes.maxAgeSeconds : parseSeconds(maxAgeSeconds);
  return {
    key,
    type,
    fields,
    ttlSeconds: ttlMs < 0 ? -1 : Math.ceil(ttlMs / 1000),
    user: parseUser(user),
    createdAt: created ?? null,
    lastSeenAt: seen ?? null,
    idleEndsAt: seen === undefined || idle === undefined ? null : seen + idle * 1000,
    absoluteEndsAt: created === undefined || maxAge === undefined ? null : created + maxAge * 1000,
  };
}

/** Whatever lies under a session's name is listed; what it is stands in its type. */
function unlessNoHash<T>(instead: T): (error: Error) => T {
  return (error) => {
    if (error.message.startsWith("WRONGTYPE")) return instead;
    throw error;
  };
}

function parseUser(json: string | null | undefined): string | null {
  try {
    const user: unknown = JSON.parse(json ?? "null");
    return typeof user === "string" ? user : null;
  } catch {
    return null;
  }
}

/** Rows for machines: times as ISO 8601. */
export function sessionData(rows: readonly SessionRow[]) {
  const time = (ms: number | null) => (ms === null ? null : iso(ms));
  return rows.map(({ createdAt, lastSeenAt, idleEndsAt, absoluteEndsAt, ...row }) => ({
    ...row,
    createdAt: time(createdAt),
    lastSeenAt: time(lastSeenAt),
    idleEndsAt: time(idleEndsAt),
    absoluteEndsAt: time(absoluteEndsAt),
  }));
}

/** Rows for people, last seen first; keys stand whole, to be copied into `inspect <key>` or redis-cli. */
export function sessionTable({ now }: Inspection, rows: readonly SessionRow[]): string {
  const time = (ms: number | null) => (ms === null ? "-" : isoAndRelative(ms, now));
  const headings = ["KEY", "TYPE", "FIELDS", "TTL", "IDLE END", "ABSOLUTE END", "USER"];
  return table(
    headings,
    [...rows]
      .sort((a, b) => (b.lastSeenAt ?? 0) - (a.lastSeenAt ?? 0))
      .map((row) => [
        row.key,
        row.type,
        row.fields === null ? "-" : String(row.fields),
        row.ttlSeconds < 0 ? "none" : `${row.ttlSeconds} s`,
        time(row.idleEndsAt),
        time(row.absoluteEndsAt),
        row.user ?? "-",
      ]),
  );
}
