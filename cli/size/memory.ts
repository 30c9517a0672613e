/**
 * The memory of sessions in Redis, as the sum of what Redis allocates for them. The sizes are those of Redis 7.0 on 64 bits
 * (src/dict.h, src/sds.h, src/server.h, src/listpack.c of https://github.com/redis/redis/tree/7.0). Valkey 8.1 and later
 * need less for each key, so for them the result is an upper bound.
 */

/** The sessions that a cache holds at one time. */
export interface Sessions {
  readonly users: number;
  readonly sessionsPerUser: number;
  /** Number of attributes of a session, without the user's name. */
  readonly attributes: number;
  /** Bytes of the attributes of a session as JSON, together. */
  readonly bytes: number;
}

/** A part of the memory. */
export interface Allocation {
  readonly what: string;
  /** Bytes that the allocator takes for it. */
  readonly bytes: number;
}

/** Memory of a cache with sessions, and of its parts. Bytes. */
export interface Memory {
  readonly session: readonly Allocation[];
  /** The index of a user's sessions. */
  readonly index: readonly Allocation[];
  /** The tables that find keys and expiries, of all shards together. */
  readonly tables: number;
  /** All sessions, indexes and tables. */
  readonly data: number;
}

/** `session:s:` or `session:u:`, and a SHA-256 in base64url. Characters. */
const KEY_LENGTH = 53;
/** A user's name as JSON. Characters. */
const USER_LENGTH = 24;
/** Characters of the name of an attribute. */
const NAME_LENGTH = 16;
/** A time in ms since 1970. Digits. */
const TIME_LENGTH = 13;
/** An idle limit in seconds. Digits. */
const IDLE_LENGTH = 4;

/** `dictEntry`: key, value and next entry. */
const ENTRY = 24;
/** In cluster mode, an entry of a key also has the neighbours in its slot (src/cluster.h). */
const CLUSTER_ENTRY = 40;
/** `redisObject`. */
const OBJECT = 16;
/** `dict`. */
const DICT = 56;
const POINTER = 8;
/** First number of buckets of a table. A table has at least as many buckets as entries. */
const FEWEST_BUCKETS = 4;
/** A hash with a longer name or value has a table instead of a listpack: `hash-max-listpack-value`. Bytes. */
const LONGEST_IN_LISTPACK = 64;
/** A hash of more fields has a table instead of a listpack: `hash-max-listpack-entries`. */
const MOST_IN_HASH_LISTPACK = 512;
/** A sorted set of more members has a skip list and a table instead of a listpack: `zset-max-listpack-entries`. */
const MOST_IN_ZSET_LISTPACK = 128;
/** `zset`: its table and its skip list. */
const ZSET = 16;
/** `zskiplist`, and its first node, which has 32 levels. */
const SKIP_LIST = 32;
const SKIP_LIST_HEAD = 24 + 32 * 16;
/** A node of a skip list with one level: member, score, the node before, and the level. Each level above it is 16 more. */
const SKIP_LIST_NODE = 40;
const SKIP_LIST_LEVEL = 16;
/** Part of the nodes that have one more level: `ZSKIPLIST_P`. */
const SKIP_LIST_PART = 0.25;
/** Header and end of a listpack. */
const LISTPACK = 7;
/** A number of 13 digits in a listpack, and one of four digits. */
const LISTPACK_TIME = 10;
const LISTPACK_SMALL = 3;

/**
 * Bytes that jemalloc takes for an allocation: sizes in steps of 16 up to 128, then four sizes for each power of two.
 *
 * @see https://jemalloc.net/jemalloc.3.html#size_classes
 */
export function allocate(bytes: number): number {
  if (bytes <= 8) return 8;
  if (bytes <= 128) return roundUp(bytes, 16);
  return roundUp(bytes, 2 ** (Math.ceil(Math.log2(bytes)) - 3));
}

/** The memory of sessions. @param shards - number of shards; undefined without cluster mode */
export function predictMemory(sessions: Sessions, shards?: number): Memory {
  const entry = shards === undefined ? ENTRY : CLUSTER_ENTRY;
  const session = [...listKeyAllocations(entry), ...listHashAllocations(sessions)];
  const index = [...listKeyAllocations(entry), ...listIndexAllocations(sessions)];
  const count = sessions.users * sessions.sessionsPerUser;
  const keys = (count + sessions.users) / (shards ?? 1);
  // One table of keys and one of expiries: each session and each index expires.
  const tables = 2 * countBuckets(keys) * POINTER * (shards ?? 1);
  return { session, index, tables, data: count * sum(session) + sessions.users * sum(index) + tables };
}

/** Bytes of all parts. */
export function sum(allocations: readonly Allocation[]): number {
  return allocations.reduce((total, { bytes }) => total + bytes, 0);
}

function listKeyAllocations(entry: number): Allocation[] {
  return [
    { what: `key of ${KEY_LENGTH} characters`, bytes: allocateText(KEY_LENGTH) },
    { what: "entry in the table of keys", bytes: allocate(entry) },
    { what: "entry in the table of expiries", bytes: allocate(ENTRY) },
    { what: "object", bytes: allocate(OBJECT) },
  ];
}

/** A session is a hash: three fields of the layer, the user, and the attributes. */
function listHashAllocations({ attributes, bytes }: Sessions): Allocation[] {
  const each = Math.ceil(bytes / Math.max(1, attributes));
  const fields = 4 + attributes;
  if (each <= LONGEST_IN_LISTPACK && fields <= MOST_IN_HASH_LISTPACK) {
    const own = 2 * LISTPACK_TIME + LISTPACK_SMALL + sumTexts("createdAt", "lastSeenAt", "idleSeconds", "user");
    const rest = listpackText(USER_LENGTH) + attributes * (listpackText(NAME_LENGTH) + listpackText(each));
    return [{ what: "its fields, in a listpack", bytes: allocate(LISTPACK + own + rest) }];
  }
  const own = [
    ["createdAt", TIME_LENGTH],
    ["lastSeenAt", TIME_LENGTH],
    ["idleSeconds", IDLE_LENGTH],
    ["user", USER_LENGTH],
  ] as const;
  const entries = own.reduce(
    (total, [name, length]) => total + allocate(ENTRY) + allocateText(name.length) + allocateText(length),
    0,
  );
  return [
    { what: "hash, and its table", bytes: allocate(DICT) + allocate(countBuckets(fields) * POINTER) },
    { what: "createdAt, lastSeenAt, idleSeconds, user", bytes: entries },
    {
      what: `${attributes} attribute${attributes === 1 ? "" : "s"} of ${each} bytes`,
      bytes: attributes * (allocate(ENTRY) + allocateText(NAME_LENGTH) + allocateText(each)),
    },
  ];
}

/** The index is a sorted set of session keys by time of creation. */
function listIndexAllocations({ sessionsPerUser }: Sessions): Allocation[] {
  const length = KEY_LENGTH - "session:s:".length;
  if (sessionsPerUser > MOST_IN_ZSET_LISTPACK) {
    const table = allocate(DICT) + allocate(countBuckets(sessionsPerUser) * POINTER);
    const member = allocate(ENTRY) + allocateText(length) + averageSkipListNode();
    return [
      {
        what: "sorted set, its table and its skip list",
        bytes: allocate(ZSET) + table + allocate(SKIP_LIST) + allocate(SKIP_LIST_HEAD),
      },
      { what: `${sessionsPerUser} session keys with their times`, bytes: Math.round(sessionsPerUser * member) },
    ];
  }
  const entries = sessionsPerUser * (listpackText(length) + LISTPACK_TIME);
  return [
    { what: `${sessionsPerUser} session keys with their times, in a listpack`, bytes: allocate(LISTPACK + entries) },
  ];
}

/** Redis draws the number of levels of each node. Bytes of an average one. */
function averageSkipListNode(): number {
  const levels = Array.from({ length: 32 }, (_, above) => above);
  return levels.reduce((total, above) => {
    const share = (1 - SKIP_LIST_PART) * SKIP_LIST_PART ** above;
    return total + share * allocate(SKIP_LIST_NODE + above * SKIP_LIST_LEVEL);
  }, 0);
}

/** A text (`sds`): a header by its length, the text, and a zero byte. */
function allocateText(length: number): number {
  const header = length < 32 ? 1 : length < 256 ? 3 : length < 65_536 ? 5 : 9;
  return allocate(header + length + 1);
}

/** A text of up to 64 bytes in a listpack: its length before and behind it. */
function listpackText(length: number): number {
  return length + (length < 64 ? 2 : 3);
}

function sumTexts(...texts: readonly string[]): number {
  return texts.reduce((total, text) => total + listpackText(text.length), 0);
}

function countBuckets(entries: number): number {
  return Math.max(FEWEST_BUCKETS, 2 ** Math.ceil(Math.log2(entries)));
}

function roundUp(bytes: number, step: number): number {
  return Math.ceil(bytes / step) * step;
}
