import { Redis } from "ioredis";
import { batchWrites } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { cookieClient, serveUsers } from "./user-app";

const TOTAL = 10_000;
const USERS = 250;
const AT_ONCE = 32;
const LIMIT = 4;

describeWith(["redis-server"], "many sessions in Redis", () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port });
    batchWrites(redis);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it("leave nothing behind when 10,000 of them came and went by every path", async () => {
    const { app, sessions, url, store } = await serveUsers(redis, { idleSeconds: 1, maxAgeSeconds: 3 }, LIMIT);
    try {
      const request = cookieClient(url);
      const paths: ((user: string) => Promise<unknown>)[] = [
        async (user) => request("/logout", await request(`/login?user=${user}`)),
        async (user) => request("/renew", await request(`/login?user=${user}`)),
        async (user) => request(`/login?user=${user}`, await request(`/login?user=${user}`)),
        async (user) => request("/end-others", await request(`/login?user=${user}`)),
        async () => request("/colour"),
        async (user) => {
          await request(`/login?user=${user}`);
          await sessions.users.endAll(user, { detail: "test" });
        },
      ];
      let next = 0;
      const worker = async () => {
        for (let i = next++; i < TOTAL; i = next++) await paths[i % paths.length]?.(`user${i % USERS}`);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      for (let user = 0; user < USERS; user += 50) {
        expect((await store.enlisted(`user${user}`)).length).toBeLessThanOrEqual(2 * LIMIT + 1);
      }
      await until(async () => (await redis.dbsize()) === 0, "every limit to pass");
    } finally {
      await app.stop();
    }
  }, 180_000);
});
