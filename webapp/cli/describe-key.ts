import { type Inspection, withRedis } from "./inspection";
import { type Report, table } from "./report";
import { isoAndRelative } from "./times";

const HASHED_ID = /^[A-Za-z0-9_-]{43}$/;

/** `inspect <key or hashed id>`: type, expiry and content of one key under the prefix. */
export function describeKey(keyOrId: string): Promise<Report> {
  return withRedis(async (inspection) => {
    const { redis, now } = inspection;
    const key = resolveKey(inspection, keyOrId);
    const [type, ttlMs] = await Promise.all([redis.type(key), redis.pttl(key)]);
    if (type === "none")
      throw new Error(`key: got ${JSON.stringify(keyOrId)}, takes one that exists: inspect lists them`);
    const content = await readContent(inspection, key, type);
    const ttlSeconds = ttlMs < 0 ? -1 : Math.ceil(ttlMs / 1000);
    const ttl =
      ttlMs < 0 ? "none: it stays until it is deleted" : `${ttlSeconds} s, until ${isoAndRelative(now + ttlMs, now)}`;
    const facts = table(
      ["KEY", key],
      [
        ["TYPE", type],
        ["TTL", ttl],
      ],
    );
    return {
      data: { key, type, ttlSeconds, ...content.data },
      text: content.text === "" ? facts : `${facts}\n${content.text}`,
    };
  });
}

/** A key as it was typed, or the key of a session by its hashed id. @throws where it is neither. */
export function resolveKey({ prefix, store }: Inspection, keyOrId: string): string {
  if (keyOrId.startsWith(prefix)) return keyOrId;
  if (HASHED_ID.test(keyOrId)) return store.nameOf(keyOrId);
  throw new Error(
    `key: got ${JSON.stringify(keyOrId)}, takes a key that begins with ${prefix}, or a session's hashed id (43 characters)`,
  );
}

/** A hash's fields, a user's index, a text. The app's user may read no other type. */
async function readContent(
  { redis, now }: Inspection,
  key: string,
  type: string,
): Promise<{ data: object; text: string }> {
  if (type === "hash") {
    const fields = await redis.hgetall(key);
    return { data: { fields }, text: table(["FIELD", "VALUE"], Object.entries(fields)) };
  }
  if (type === "zset") {
    const pairs = await redis.zrange(key, "0", "-1", "WITHSCORES");
    const members = pairs.filter((_, i) => i % 2 === 0);
    const scores = pairs.filter((_, i) => i % 2 === 1).map(Number);
    const rows = members.map((member, i) => [member, isoAndRelative(scores[i] ?? 0, now)]);
    return { data: { members }, text: table(["SESSION", "CREATED"], rows) };
  }
  if (type === "string") {
    const value = await redis.get(key);
    return { data: { value }, text: table(["VALUE"], [[value ?? ""]]) };
  }
  return { data: {}, text: `the value of a ${type} is not shown\n` };
}
