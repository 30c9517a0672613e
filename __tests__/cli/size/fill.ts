import { createHash, randomBytes } from "node:crypto";
import { Redis } from "ioredis";
import { predictMemory, type Sessions } from "../../../cli/size/memory";
import { RedisStore } from "../../../webapp/session";
import { startRedis } from "../../programs/redis-server";

/** Sessions that are created at the same time. */
const AT_ONCE = 500;

/** Memory of the sessions in a real redis-server, and what was predicted. Bytes. */
export interface Filled {
  readonly measured: number;
  readonly predicted: number;
}

/** Fills a redis-server through the session layer's own store, as logins do: a session and its entry in the user's index. */
export async function fill(sessions: Sessions): Promise<Filled> {
  const server = await startRedis();
  const redis = new Redis(server.port, { enableAutoPipelining: true });
  try {
    const store = new RedisStore(redis, { prefix: "session:", idleSeconds: 43_200, maxAgeSeconds: 43_200 });
    const attributes = describeAttributes(sessions);
    const logIn = async (user: string) => {
      for (let n = 0; n < sessions.sessionsPerUser; n++) {
        const key = randomBytes(32).toString("base64url");
        await store.enlist(user, key);
        await store.create(key, new Map([["user", JSON.stringify(user)], ...attributes]));
      }
    };
    await logIn("first");
    const before = await readMemory(redis);
    for (let first = 0; first < sessions.users; first += AT_ONCE) {
      const users = Array.from({ length: Math.min(AT_ONCE, sessions.users - first) }, (_, n) => nameUser(first + n));
      await Promise.all(users.map(logIn));
    }
    const measured = (await readMemory(redis)) - before;
    return { measured, predicted: predictMemory(sessions).data };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

/** A name of 22 characters, 24 as JSON. */
function nameUser(n: number): string {
  return createHash("sha256").update(String(n)).digest("hex").slice(0, 22);
}

function describeAttributes({ attributes, bytes }: Sessions): [string, string][] {
  const each = Math.ceil(bytes / attributes);
  return Array.from({ length: attributes }, (_, n) => [`attribute-${String(n).padStart(6, "0")}`, "x".repeat(each)]);
}

async function readMemory(redis: Redis): Promise<number> {
  const info = await redis.info("memory");
  const [, used] = /used_memory:(\d+)/.exec(info) ?? [];
  // Buffers of the client that fills are no part of the sessions.
  const [, clients] = /mem_clients_normal:(\d+)/.exec(info) ?? [];
  return Number(used) - Number(clients);
}
