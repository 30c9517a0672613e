import { parseSeconds, parseTime } from "../session/session-hash";
import type { Inspection } from "./inspection";
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
  /** When it ends if it is not used. */
  readonly idleEndsAt: number | null;
  /** When it ends in any case: by its own absolute limit, else by today's SESSION_MAX_AGE. */
  readonly absoluteEndsAt: number | null;
}

/** The fields that a row is made of. */
const READ = ["createdAt", "lastSeenAt", "idleSeconds", "maxAgeSeconds", "user", "handedTo"] as const;

/** Whether the app would refuse it. */
export function isDamaged({ createdAt, idleEndsAt }: SessionRow): boolean {
  return createdAt === null || idleEndsAt === null;
}

/** Reads those of these keys that are sessions by name, in one round trip; a session that has ended since is left out. */
export async function readSessions(inspection: Inspection, keys: readonly string[]): Promise<SessionRow[]> {
  const first = inspection.store.nameOf("");
  const rows = await Promise.all(
    keys.filter((key) => key.startsWith(first)).map((key) => readSession(inspection, key)),
  );
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

/** A key of another type under a session's name is listed too, with its type. */
function unlessNoHash<T>(instead: T): (error: Error) => T {
  return (error) => {
    if (error.message.startsWith("WRONGTYPE")) return instead;
    throw error;
  };
}

/** The user's name in a session's field; null where there is none, or a damaged one. */
export function parseUser(json: string | null | undefined): string | null {
  try {
    const user: unknown = JSON.parse(json ?? "null");
    return typeof user === "string" ? user : null;
  } catch {
    return null;
  }
}

/** A row for machines: times as ISO 8601. */
export function sessionData({ createdAt, lastSeenAt, idleEndsAt, absoluteEndsAt, ...row }: SessionRow) {
  const time = (ms: number | null) => (ms === null ? null : iso(ms));
  return {
    ...row,
    createdAt: time(createdAt),
    lastSeenAt: time(lastSeenAt),
    idleEndsAt: time(idleEndsAt),
    absoluteEndsAt: time(absoluteEndsAt),
  };
}

/** Headings of a table of sessions, for people. */
export const SESSION_HEADINGS = ["KEY", "TYPE", "FIELDS", "TTL", "IDLE END", "ABSOLUTE END", "USER"] as const;

/** A row for people, under SESSION_HEADINGS; the key is whole, to be copied into `inspect <key>` or redis-cli. */
export function sessionCells(row: SessionRow, now: number): readonly string[] {
  const time = (ms: number | null) => (ms === null ? "-" : isoAndRelative(ms, now));
  return [
    row.key,
    row.type,
    row.fields === null ? "-" : String(row.fields),
    row.ttlSeconds < 0 ? "none" : `${row.ttlSeconds} s`,
    time(row.idleEndsAt),
    time(row.absoluteEndsAt),
    row.user ?? "-",
  ];
}
