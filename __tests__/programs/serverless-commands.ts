/**
 * The commands that ElastiCache Serverless takes, and those that it refuses, by AWS' list. A subcommand is `client|setname`.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SupportedCommands.html
 */
const TAKEN = `
bitcount bitfield bitfield_ro bitop bitpos getbit setbit
cluster|countkeysinslot cluster|getkeysinslot cluster|info cluster|keyslot cluster|myid cluster|nodes cluster|replicas
cluster|shards cluster|slots cluster|slot-stats readonly readwrite script|show
auth client|getname client|reply client|setname echo hello ping quit reset select
copy del dump exists expire expireat expiretime persist pexpire pexpireat pexpiretime pttl randomkey rename renamenx restore
scan sort sort_ro touch ttl type unlink
geoadd geodist geohash geopos georadius georadius_ro georadiusbymember georadiusbymember_ro geosearch geosearchstore
hdel hexists hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hrandfield hscan hset hsetnx hstrlen hvals
pfadd pfcount pfmerge
blmove blmpop blpop brpop brpoplpush lindex linsert llen lmove lmpop lpop lpos lpush lpushx lrange lrem lset ltrim rpop
rpoplpush rpush rpushx
publish pubsub|channels pubsub|numsub pubsub|shardchannels pubsub|shardnumsub spublish ssubscribe subscribe sunsubscribe
unsubscribe
eval eval_ro evalsha evalsha_ro script|exists script|flush script|load
acl|cat acl|genpass acl|getuser acl|list acl|users acl|whoami dbsize command command|count command|docs command|getkeys
command|getkeysandflags command|info command|list flushall flushdb info lolwut role time
sadd scard sdiff sdiffstore sinter sintercard sinterstore sismember smembers smismember smove spop srandmember srem sscan
sunion sunionstore
bzmpop bzpopmax bzpopmin zadd zcard zcount zdiff zdiffstore zincrby zinter zintercard zinterstore zlexcount zmpop zmscore
zpopmax zpopmin zrandmember zrange zrangebylex zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank
zremrangebyscore zrevrange zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore
xack xadd xautoclaim xclaim xdel xgroup|create xgroup|createconsumer xgroup|delconsumer xgroup|destroy xgroup|setid
xinfo|consumers xinfo|groups xinfo|stream xlen xpending xrange xread xreadgroup xrevrange xtrim
append decr decrby get getdel getex getrange getset incr incrby incrbyfloat lcs mget mset msetnx psetex set setex setnx
setrange strlen substr
discard exec multi`;

/** AWS lists `commandlog` among both: it is refused here. */
const REFUSED = `
acl|setuser acl|load acl|save acl|deluser acl|log bgrewriteaof bgsave
cluster|addslots cluster|addslotsrange cluster|bumpepoch cluster|delslots cluster|delslotsrange cluster|failover
cluster|flushslots cluster|forget cluster|links cluster|meet cluster|setslot cluster|count-failure-reports
config debug migrate psync replicaof save slaveof shutdown sync
client|caching client|getredir client|id client|info client|kill client|list client|no-evict client|pause client|tracking
client|trackinginfo client|unblock client|unpause
commandlog fcall fcall_ro function keys lastsave latency memory monitor move object pfdebug pfselftest psubscribe
pubsub|numpat punsubscribe script|kill slowlog swapdb wait`;

const listWords = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Commands that a serverless cache takes. */
export const SERVERLESS_COMMANDS: ReadonlySet<string> = new Set(listWords(TAKEN));

/** Commands that AWS lists as unavailable. A command that is in neither list is refused as well. */
export const UNAVAILABLE_COMMANDS: ReadonlySet<string> = new Set(listWords(REFUSED));

/** Commands with subcommands of which some are taken. */
const CONTAINERS = new Set(
  [...SERVERLESS_COMMANDS].flatMap((name) => (name.includes("|") ? [name.split("|")[0]] : [])),
);

/**
 * A command as redis-server gets it, so that it answers in the place of a serverless cache. The zero byte makes a name that it does not
 * know, and ends the name in its error: `ERR unknown command 'keys', with args beginning with: ...`, as AWS answers
 * (https://github.com/chatwoot/chatwoot/issues/11659).
 */
export function withoutUnavailable(words: readonly string[]): readonly string[] {
  const [name = "", sub = ""] = words.map((word) => word.toLowerCase());
  const isContainer = CONTAINERS.has(name) && words.length > 1;
  if (SERVERLESS_COMMANDS.has(isContainer ? `${name}|${sub}` : name)) return words;
  const place = isContainer ? 1 : 0;
  return words.with(place, `${words[place]}\0`);
}

/**
 * Access rules that take the unavailable commands from a user, in scripts too.
 *
 * @param known - the server's own commands, from COMMAND LIST
 */
export function withoutUnavailableRules(known: readonly string[]): string[] {
  return known.filter((name) => !SERVERLESS_COMMANDS.has(name) && !CONTAINERS.has(name)).map((name) => `-${name}`);
}
