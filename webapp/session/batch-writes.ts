import type { Writable } from "node:stream";

/** One node's client of ioredis or iovalkey, as far as {@link batchWrites} uses it. */
export interface BatchedClient {
  /** Its socket, once it connects. */
  stream: Pick<Writable, "writableCorked" | "cork" | "uncork">;
  /** Sends each command of the client. */
  sendCommand(...args: never[]): unknown;
}

/** A client of ioredis or iovalkey in cluster mode, as far as {@link batchWrites} uses it. */
export interface BatchedCluster {
  /** The clients of its nodes. */
  nodes(role: "all"): BatchedClient[];
  /** Hears of a node that joins. */
  on(event: "+node", listener: (node: BatchedClient) => void): unknown;
}

/**
 * So many commands at the most in one write: Redis answers the first while the rest of a busy turn is still being made,
 * where two processes that wait for each other's whole batch would use half of their cores.
 */
const MOST_COMMANDS = 16;

/**
 * Has a client hand its socket the commands of one turn of the event loop together: one system call for a busy server's
 * many requests, where each command would cost one of its own. That is a fifth of a request's time. Commands, answers and
 * errors stay the same: the client's public `sendCommand` is wrapped to cork the socket (`stream.Writable.cork`).
 *
 * Use it in place of ioredis' automatic pipelines, which cost more than they save here: a pipeline object a turn, no MOVED and
 * ASK in cluster mode, and no deadline for what waits behind one.
 *
 * @param redis - any client of ioredis 5 or 6 or of iovalkey, connected or not; all nodes of a cluster, those that join later too.
 */
export function batchWrites(redis: BatchedClient | BatchedCluster): void {
  if ("nodes" in redis) {
    redis.nodes("all").forEach(batchNode);
    redis.on("+node", batchNode);
  } else {
    batchNode(redis);
  }
}

function batchNode(redis: BatchedClient): void {
  const send = redis.sendCommand;
  let waiting = 0;
  redis.sendCommand = function (this: BatchedClient, ...args) {
    const { stream } = this;
    if (stream?.writableCorked === 0) {
      waiting = 0;
      stream.cork();
      setImmediate(() => stream.uncork());
    }
    const answer = send.apply(this, args);
    waiting++;
    if (waiting === MOST_COMMANDS && stream?.writableCorked === 1) {
      waiting = 0;
      stream.uncork();
      stream.cork();
    }
    return answer;
  };
}
