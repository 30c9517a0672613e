import { Token } from "cdktf";

/** The most connections of a node of most types, and of memcached nodes of every type. */
export const MOST_CONNECTIONS = 65_000;
/** The most connections of the smallest nodes. */
const FEWEST_CONNECTIONS = 20_000;
/** Share of a node's connections above which an alarm goes off. It also limits the concurrency of functions. */
export const BUSY_CONNECTIONS = 0.8;

/**
 * The most connections of a node of a small type: the default of Redis' and Valkey's parameter `maxclients`, which no
 * parameter group can change. The table has no other type.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const SMALL_TYPES: Readonly<Record<string, number>> = {
  "cache.t2.micro": FEWEST_CONNECTIONS,
  "cache.t2.small": FEWEST_CONNECTIONS,
  "cache.t2.medium": FEWEST_CONNECTIONS,
  "cache.t3.micro": FEWEST_CONNECTIONS,
  "cache.t3.small": 46_000,
  "cache.t3.medium": 46_000,
  "cache.t4g.micro": FEWEST_CONNECTIONS,
};

/**
 * The most client connections of a node of Redis or Valkey.
 * @param nodeType - as in `cache.t4g.micro`; of one that is known only after apply, the limit is the lowest.
 */
export function connectionLimit(nodeType: string): number {
  if (Token.isUnresolved(nodeType)) return FEWEST_CONNECTIONS;
  return SMALL_TYPES[nodeType] ?? MOST_CONNECTIONS;
}
