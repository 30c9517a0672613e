import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { RedisStore } from "../../../webapp/session";
import { makeCertificate } from "../../programs/certificate";
import { startRedis } from "../../programs/redis-server";

/** Microseconds of Redis' main thread for each kind of work, over TLS, and for a SET of a short value. */
export interface Measured {
  readonly read: number;
  readonly write: number;
  readonly login: number;
  readonly set: number;
}

const CONNECTIONS = 8;
const LIMITS = { idleSeconds: 1800, maxAgeSeconds: 43_200 };

/**
 * Measures the work of a session store for Redis, as INFO counts it. Each connection sends its next command after the answer, which
 * costs Redis more than commands that arrive together.
 *
 * @param bytes - size of the one attribute
 * @param times - how often each connection does each kind of work
 */
export async function measure(bytes: number, times: number): Promise<Measured> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "certificate-"));
  const certificate = makeCertificate(folder);
  const server = await startRedis({ tls: certificate });
  const tls = { ca: readFileSync(certificate.ca) };
  const clients = Array.from({ length: CONNECTIONS }, () => new Redis({ port: server.port, host: "localhost", tls }));
  const [redis] = clients as [Redis];
  const stores = clients.map((client) => new RedisStore(client, { prefix: "session:", ...LIMITS }));
  const value = JSON.stringify("x".repeat(bytes));
  const keys = stores.map(() => randomBytes(32).toString("base64url"));
  const created = await Promise.all(stores.map((store, n) => store.create(keys[n] as string, new Map([["a", value]]))));
  const micros = async (work: (store: RedisStore, n: number) => Promise<unknown>) => {
    await Promise.all(stores.map(work));
    const before = await readCpu(redis);
    await Promise.all(
      stores.map(async (store, n) => {
        for (let i = 0; i < times; i++) await work(store, n);
      }),
    );
    return ((await readCpu(redis)) - before) / (times * CONNECTIONS);
  };
  try {
    return {
      set: await micros((_, n) => (clients[n] as Redis).set(`plain:${n}`, "x")),
      read: await micros((store, n) => store.load(keys[n] as string)),
      write: await micros((store, n) => {
        const session = { createdAt: created[n] ?? 0, lastSeenAt: Date.now(), idleSeconds: LIMITS.idleSeconds };
        return store.update(keys[n] as string, session, { set: new Map([["a", value]]), remove: [] });
      }),
      login: await micros(async (store) => {
        const key = randomBytes(32).toString("base64url");
        const user = key.slice(0, 22);
        await store.enlist(user, key);
        await store.create(
          key,
          new Map([
            ["user", JSON.stringify(user)],
            ["a", value],
          ]),
        );
        await store.standing(user, key, 10);
      }),
    };
  } finally {
    for (const client of clients) client.disconnect();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Microseconds of processor time of Redis' main thread. @see https://redis.io/docs/latest/commands/info/ */
async function readCpu(redis: Redis): Promise<number> {
  const info = await redis.info("cpu");
  const read = (name: string) => Number(new RegExp(`used_cpu_${name}_main_thread:([\\d.]+)`).exec(info)?.[1]);
  return (read("user") + read("sys")) * 1e6;
}
