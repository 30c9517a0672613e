import { Redis } from "ioredis";
import { contender } from "../programs";
import { serve } from "../served";
import { visit } from "../visitors";

/** Memory that one session takes in Redis. Bytes. */
export interface Bytes {
  readonly session: number;
  /** The same attribute under a key of the same length, with an expiry, set by hand. */
  readonly byHand: number;
}

/** The bytes of one session in Redis, key and expiry included. */
export async function measureBytes(redisPort: number): Promise<Readonly<Record<"layer" | "app", Bytes>>> {
  return { layer: await countBytes("layer", redisPort), app: await countBytes("app", redisPort) };
}

async function countBytes(key: "layer" | "app", redisPort: number): Promise<Bytes> {
  const redis = new Redis(redisPort);
  await redis.flushall();
  const server = await serve(contender(key), redisPort);
  try {
    await visit(server, key, 1);
    const name = (await redis.keys("*:s:*"))[0] as string;
    const { createdAt, lastSeenAt, idleSeconds, ...attributes } = await redis.hgetall(name);
    const byHand = "x".repeat(name.length);
    await redis.hset(byHand, attributes);
    await redis.expire(byHand, Number(idleSeconds));
    return { session: await memory(redis, name), byHand: await memory(redis, byHand) };
  } finally {
    await server.stop();
    redis.disconnect();
  }
}

async function memory(redis: Redis, key: string): Promise<number> {
  return (await redis.memory("USAGE", key)) as number;
}
