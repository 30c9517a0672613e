import { DamagedSessionError, OWN_FIELDS, type SessionRecord, type Store } from "./store";

/** The latest moment JavaScript can name; milliseconds since 1970 (ECMA-262, Time Values). */
const LAST_TIME = 8.64e15;

/** A stored time; undefined when the text is none. */
export function parseTime(text: string | null | undefined): number | undefined {
  const time = /^\d{1,16}$/.test(text ?? "") ? Number(text) : Number.NaN;
  return time <= LAST_TIME ? time : undefined;
}

/** A stored limit in seconds; undefined when the text is none, or one that would end or keep a session at once or for good. */
export function parseSeconds(text: string | null | undefined): number | undefined {
  const seconds = /^\d{1,9}(\.\d+)?$/.test(text ?? "") ? Number(text) : 0;
  return seconds > 0 ? seconds : undefined;
}

/**
 * Reads the session in a hash; undefined without a hash, and for one that is kept for a repeated login form.
 *
 * @param name - of the key, for the error.
 * @param store - its absolute limit is that of a session without one of its own, and none is beyond its longest one.
 * @throws {DamagedSessionError} when the hash is no session.
 */
export function parseRecord(
  name: string,
  fields: Readonly<Record<string, string>>,
  { lifetimes, longest }: Pick<Store, "lifetimes" | "longest">,
): SessionRecord | undefined {
  const { createdAt, lastSeenAt, idleSeconds, persistent, handedTo } = fields;
  const { maxAgeSeconds = String(lifetimes.maxAgeSeconds) } = fields;
  if (Object.keys(fields).length === 0) return undefined;
  if (createdAt === undefined && handedTo !== undefined) return undefined;
  return {
    createdAt: parseTime(createdAt) ?? damaged(name, "createdAt"),
    lastSeenAt: parseTime(lastSeenAt) ?? damaged(name, "lastSeenAt"),
    idleSeconds: parseSeconds(idleSeconds) ?? damaged(name, "idleSeconds"),
    maxAgeSeconds: Math.min(parseSeconds(maxAgeSeconds) ?? damaged(name, "maxAgeSeconds"), longest.maxAgeSeconds),
    ...(persistent !== undefined && { persistent: persistent === "true" }),
    attributes: readAttributes(fields),
  };
}

/** The attributes in a hash: all fields but the layer's own. */
export function readAttributes(fields: Readonly<Record<string, string>>): Map<string, string> {
  const attributes = new Map(Object.entries(fields));
  for (const name of OWN_FIELDS) attributes.delete(name);
  return attributes;
}

function damaged(name: string, field: string): never {
  throw new DamagedSessionError(name, field);
}
