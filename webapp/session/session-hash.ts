import { DamagedSessionError, type SessionRecord } from "./store";

/** The latest moment JavaScript can name; milliseconds since 1970 (ECMA-262, Time Values). */
const LAST_TIME = 8.64e15;

/** A stored time; undefined when the text is none. */
export function parseTime(text: string | null | undefined): number | undefined {
  const time = /^\d{1,16}$/.test(text ?? "") ? Number(text) : Number.NaN;
  return time <= LAST_TIME ? time : undefined;
}

/** A stored idle limit in seconds; undefined when the text is none, or one that would end or keep a session at once or for good. */
export function parseIdleSeconds(text: string | null | undefined): number | undefined {
  const seconds = /^\d{1,9}(\.\d+)?$/.test(text ?? "") ? Number(text) : 0;
  return seconds > 0 ? seconds : undefined;
}

/**
 * Reads the session in a hash; undefined without a hash, and for one that is kept for a repeated login form.
 *
 * @param name - of the key, for the error.
 * @throws {DamagedSessionError} when the hash is no session.
 */
export function parseRecord(name: string, fields: Readonly<Record<string, string>>): SessionRecord | undefined {
  const { createdAt, lastSeenAt, idleSeconds, handedTo, ...attributes } = fields;
  if (Object.keys(fields).length === 0) return undefined;
  if (createdAt === undefined && handedTo !== undefined) return undefined;
  return {
    createdAt: parseTime(createdAt) ?? damaged(name, "createdAt"),
    lastSeenAt: parseTime(lastSeenAt) ?? damaged(name, "lastSeenAt"),
    idleSeconds: parseIdleSeconds(idleSeconds) ?? damaged(name, "idleSeconds"),
    attributes: new Map(Object.entries(attributes)),
  };
}

function damaged(name: string, field: string): never {
  throw new DamagedSessionError(name, field);
}
