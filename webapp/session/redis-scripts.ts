import { hash } from "node:crypto";
import type { RedisClient } from "./redis-client";

/** A Lua script, and the hash that identifies it in Redis. */
export interface Script {
  readonly source: string;
  readonly sha1: string;
}

function script(source: string): Script {
  return { source, sha1: hash("sha1", source, "hex") };
}

/**
 * Runs a script by its hash, or by its text if Redis does not have it (first use, restart, failover). It takes one round trip, pipelined
 * with the other commands of the same tick.
 */
export function run(
  redis: RedisClient,
  { sha1, source }: Script,
  keys: string | readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const all = [keys].flat();
  return redis.evalsha(sha1, all.length, ...all, ...args).catch((error: unknown) => {
    if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error;
    return redis.eval(source, all.length, ...all, ...args);
  });
}

/** Pairs up names and values, which a script returns in a row. */
export function pairUp(answer: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < answer.length; i += 2) found.push([answer[i] as string, answer[i + 1] as string]);
  return found;
}

// Lua prints a large number as 1.7e+12: `%.0f` keeps every digit.
const NOW = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function int(n) return string.format('%.0f', n) end
`;

/**
 * Guard of every write: the session must be there, as it was created; Redis has ended it when a limit has passed.
 * KEYS[1] session; ARGV[1] creation time. The scripts are as short as they are because one core of a primary runs them all.
 */
const ALIVE = "if redis.call('HMGET', KEYS[1], 'createdAt')[1] ~= ARGV[1] then return false end";

/**
 * After the guard, where the client found the mark due: starts the idle limit again, within the absolute one, and ends a
 * session that is over or whose idle limit is damaged. ARGV[2] absolute limit in ms, or '' where the mark is not due.
 * The mark is a `pcall`: when memory is full (OOM) a read still reads and stays logged in. An expiry of 0 ms would delete the
 * key, and the write after it would create it again without an expiry: limits below 1 ms end the session here.
 */
const MARK = `
if ARGV[2] ~= '' then
  ${NOW}
  local idle = tonumber(redis.call('HMGET', KEYS[1], 'idleSeconds')[1])
  local left = ARGV[1] + ARGV[2] - now
  if not (idle and idle >= 0.001 and left > 0) then redis.call('DEL', KEYS[1]) return false end
  redis.pcall('HSET', KEYS[1], 'lastSeenAt', int(now))
  redis.call('PEXPIRE', KEYS[1], int(math.min(idle * 1000, left)))
end
`;

/** KEYS[1] any key. Its name as Redis has it: a client may put a prefix of its own before it. */
export const NAME = script("return KEYS[1]");

/** KEYS[1] any key of the node whose clock is asked. */
export const TIME = script("return redis.call('TIME')");

/** ALIVE, MARK. */
export const TOUCH = script(`${ALIVE}
${MARK}
return 1
`);

/** KEYS[1] session; ARGV[1] creation time or '', ARGV[2] absolute and ARGV[3] idle limit in ms; then name, JSON, … */
export const CREATE = script(`${NOW}
if redis.call('EXISTS', KEYS[1]) == 1 then return redis.error_reply('SESSION a session is there already') end
local createdAt = ARGV[1] ~= '' and tonumber(ARGV[1]) or now
local left = createdAt + ARGV[2] - now
if left <= 0 then return false end
redis.call('HSET', KEYS[1], 'createdAt', int(createdAt), 'lastSeenAt', int(now), 'idleSeconds', ARGV[3] / 1000,
  unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], int(math.min(tonumber(ARGV[3]), left)))
return int(createdAt)
`);

/**
 * KEYS[1] session, KEYS[2] its mark of adoption; ARGV[1] time in ms for which the mark is kept, ARGV[2] absolute and ARGV[3] idle limit in ms;
 * then name, JSON, … The mark outlives the session, so that the cookie of another session layer makes one session, once.
 */
export const ADOPT = script(`${NOW}
if redis.call('EXISTS', KEYS[1]) == 1 or redis.call('EXISTS', KEYS[2]) == 1 then return false end
redis.call('HSET', KEYS[2], 'adoptedAt', int(now))
redis.call('PEXPIRE', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], 'createdAt', int(now), 'lastSeenAt', int(now), 'idleSeconds', ARGV[3] / 1000, unpack(ARGV, 4))
redis.call('PEXPIRE', KEYS[1], int(math.min(tonumber(ARGV[3]), tonumber(ARGV[2]))))
return int(now)
`);

/** ALIVE, MARK, then ARGV[3] how many names and values are set; these; then names to remove. */
export const UPDATE = script(`${ALIVE}
${MARK}
local set = tonumber(ARGV[3])
if set > 0 then redis.call('HSET', KEYS[1], unpack(ARGV, 4, 3 + set)) end
if #ARGV > 3 + set then redis.call('HDEL', KEYS[1], unpack(ARGV, 4 + set)) end
return 1
`);

/**
 * ALIVE, MARK; ARGV[3] attribute, ARGV[4] number to add. A counter with a start or bounds of its own has ARGV[5] start value, ARGV[6]
 * least and ARGV[7] greatest value. Answers with the stored value, in a list, when it is no whole number or the sum is out of bounds.
 *
 * Most counters have neither. The script increments them first and looks at the sum afterwards, which is a third less work for Redis.
 * When HINCRBY refuses, or the sum is beyond the numbers that JavaScript holds exactly, the checks of the other counters follow.
 */
export const INCREMENT = script(`${ALIVE}
${MARK}
local greatest = ${Number.MAX_SAFE_INTEGER}
if not ARGV[5] then
  local n = redis.pcall('HINCRBY', KEYS[1], ARGV[3], ARGV[4])
  if type(n) == 'number' then
    if n >= -greatest and n <= greatest then return n end
    redis.call('HINCRBY', KEYS[1], ARGV[3], string.format('%.0f', -ARGV[4]))
  end
end
local stored = redis.call('HMGET', KEYS[1], ARGV[3])[1]
local before = stored or ARGV[5] or '0'
if not string.find(before, '^%-?%d+$') then return {stored} end
local n = before + ARGV[4]
if n < tonumber(ARGV[6] or -greatest) or n > tonumber(ARGV[7] or greatest) then return {stored} end
if not stored and before ~= '0' then redis.call('HSET', KEYS[1], ARGV[3], before) end
return redis.call('HINCRBY', KEYS[1], ARGV[3], ARGV[4])
`);

/** KEYS[1] session. */
export const TAKE = script(`
local h = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1])
return h
`);

/**
 * KEYS[1] session; ARGV[1] user who logs in, as JSON, ARGV[2] time in ms in which the same login may come again. A hash without
 * `createdAt` is no session to any other command. This script returns its attributes to further logins of the same user, and does not
 * extend its expiry.
 */
export const TAKE_FOR_LOGIN = script(`
local h = redis.call('HGETALL', KEYS[1])
local own = redis.call('HMGET', KEYS[1], 'createdAt', 'handedTo')
if not own[1] then return own[2] == ARGV[1] and h or {} end
redis.call('HDEL', KEYS[1], 'createdAt', 'lastSeenAt', 'idleSeconds')
redis.call('HSET', KEYS[1], 'handedTo', ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.max(1, math.min(tonumber(ARGV[2]), redis.call('PTTL', KEYS[1]))))
return h
`);

/**
 * KEYS[1] index of a user; ARGV[1] session, ARGV[2] its creation time or '', ARGV[3] longest absolute limit in ms. The index lives
 * as long as its last session can.
 */
export const ENLIST = script(`${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', int(now - ARGV[3]))
redis.call('ZADD', KEYS[1], int(ARGV[2] ~= '' and tonumber(ARGV[2]) or now), ARGV[1])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIRE', KEYS[1], int(math.max(1, last[2] + ARGV[3] - now)))
return 1
`);

/** KEYS[1] index of a user; ARGV[1] session, ARGV[2] limit, ARGV[3] how many entries the answer holds at most. */
export const STANDING = script(`
local limit = tonumber(ARGV[2])
local count = redis.call('ZCARD', KEYS[1])
local surplus = math.max(0, count - limit)
local oldest = {}
if surplus > 0 then
  local last = count <= 2 * limit and -1 or math.min(surplus, tonumber(ARGV[3])) - 1
  oldest = redis.call('ZRANGE', KEYS[1], 0, last, 'WITHSCORES')
end
return {redis.call('ZSCORE', KEYS[1], ARGV[1]) and 1 or 0, surplus, oldest}
`);

/**
 * KEYS[1] any key; ARGV[1] a command that reads it, then the command's further arguments. A client sends a script to the primary, where it
 * may send a plain read to a replica. Redis returns an error of the command as the command's own (`pcall`).
 */
export const READ = script("return redis.pcall(ARGV[1], KEYS[1], unpack(ARGV, 2))");
