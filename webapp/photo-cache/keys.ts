import { createHash } from "node:crypto";
import { PHOTO_PREFIX } from "../../environment/photo-cache";
import type { Cache } from "./cache";

/** Memcached takes keys of 250 characters. */
const LONGEST_ID = 200;

/** The source document's own key. In Redis the function's user may touch none without its prefix. */
export function buildCheckKey(engine: Cache["engine"]): string {
  return engine === "redis" ? `${PHOTO_PREFIX}example` : "example";
}

/** Readable, as far as a photo's id is: without blanks and control characters, which memcached does not take. */
export function buildPhotoKey(id: string): string {
  const readable = encodeURIComponent(id);
  if (readable.length <= LONGEST_ID) return `${PHOTO_PREFIX}id:${readable}`;
  return `${PHOTO_PREFIX}sha256:${createHash("sha256").update(id).digest("base64url")}`;
}
