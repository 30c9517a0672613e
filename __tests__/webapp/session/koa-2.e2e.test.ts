import type * as Ioredis from "ioredis";
import type Koa from "koa";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { requireOlder } from "./older";
import { SEEN, walk } from "./walk";

describeWith(["redis-server"], "an app on Koa 2 has the same sessions", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  it.each(["ioredis-5", "ioredis", "iovalkey"])("with %s", async (client) => {
    const { Redis } = jest.requireActual<typeof Ioredis>(client);
    const redis = new Redis({ port: server.port });
    try {
      await redis.flushall();
      expect(await walk(redis, requireOlder<typeof Koa>("koa"))).toEqual(SEEN);
    } finally {
      redis.disconnect();
    }
  });
});
