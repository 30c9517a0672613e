import { once } from "node:events";
import type { Cluster, Redis } from "ioredis";
import type { RedisConnection } from "../../environment";
import { createLog } from "../log";
import { connectTo } from "./connect";

/** Longer than a handshake that can still succeed. Milliseconds. */
const READY_WITHIN_MS = 5000;

/**
 * A client that is connected, for a command that ends without Redis; a server uses `connectTo` and goes on trying.
 *
 * @param commandTimeout - milliseconds after which a command without an answer fails. @default the app's
 * @throws at the first failure, with where Redis should be and why it is not there, in one line.
 */
export async function openRedis(connection: RedisConnection, commandTimeout?: number): Promise<Redis | Cluster> {
  // A socket gives up first, as in the policy.
  const redisOptions = commandTimeout === undefined ? {} : { commandTimeout, socketTimeout: commandTimeout - 100 };
  const client = connectTo(connection, createLog("silent"), { redisOptions });
  try {
    await once(client, "ready", { signal: AbortSignal.timeout(READY_WITHIN_MS) });
    return client;
  } catch (error) {
    client.disconnect();
    throw new Error(`Redis at ${connection.host}:${connection.port}: ${describeError(error)}`, { cause: error });
  }
}

/** Resolves when the client's first link stands, or without one after so long. */
export async function waitForFirstLink(client: Redis | Cluster, withinMs: number): Promise<void> {
  if (client.status === "ready") return;
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, withinMs);
    client.once("ready", () => {
      clearTimeout(late);
      resolve();
    });
  });
}

/** A cluster's error holds its last node's; a host of several addresses fails with one error for each. */
function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { lastNodeError, errors } = error as { lastNodeError?: unknown; errors?: readonly unknown[] };
  if (lastNodeError !== undefined) return describeError(lastNodeError);
  if (error.name === "AbortError") return `no answer within ${READY_WITHIN_MS / 1000} s`;
  return errors?.map(describeError).join(", ") || error.message;
}
