import { Token } from "cdktf";
import { FEWEST_CONNECTIONS, findNodeType, MOST_CONNECTIONS } from "./node-types";

/**
 * The most client connections of a node of Redis or Valkey.
 * @param nodeType - as in `cache.t4g.micro`; of one that is known only after apply, the limit is the lowest.
 */
export function connectionLimit(nodeType: string): number {
  if (Token.isUnresolved(nodeType)) return FEWEST_CONNECTIONS;
  return findNodeType(nodeType)?.connections ?? MOST_CONNECTIONS;
}
