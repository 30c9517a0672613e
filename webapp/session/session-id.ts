import { hash, randomBytes } from "node:crypto";

const ID_BYTES = 32;
const ID_FORMAT = /^[A-Za-z0-9_-]{43}$/;

/** A new session id: 256 bits from the CSPRNG, base64url (ASVS 5.0 7.2.3 asks for 128). */
export function newId(): string {
  return randomBytes(ID_BYTES).toString("base64url");
}

/** Whether a cookie's value can be one of our ids; anything else never reaches the store. */
export function isId(value: string | undefined): value is string {
  return value !== undefined && ID_FORMAT.test(value);
}

/**
 * The store's key of a session: the id's SHA-256, base64url. A reader of the store, its traces or its backups
 * learns no id that could be put into a cookie.
 */
export function hashId(id: string): string {
  return hash("sha256", id, "base64url");
}

/** A reference to a session for pages: it leads back to neither id nor key. */
export function deriveReference(key: string): string {
  return hash("sha256", `reference:${key}`, "base64url").slice(0, 16);
}
