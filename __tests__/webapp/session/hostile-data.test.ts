import fc from "fast-check";
import { Redis } from "ioredis";
import { RedisStore } from "../../../webapp/session";
import { hashId, newId } from "../../../webapp/session/session-id";
import { FUZZ, FUZZ_MS, hostileText } from "../../harness/fuzz";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { asUser, data, LONG, logout, type Route, serve, who } from "./session-app";

const count: Route = async (ctx, sessions) => {
  const session = sessions.of(ctx);
  return session.key === undefined ? "none" : `${await session.increment("visits")}`;
};
const list: Route = (ctx, sessions) => sessions.of(ctx).list();
const ROUTES = { "/login": asUser, "/who": who, "/data": data, "/count": count, "/list": list, "/logout": logout };
/** A counter that holds no whole number is an error by name; all else is answered. */
const ANSWERS = [200, 500];

const times = fc.oneof(
  hostileText,
  fc.constantFrom("0", "-1", "1764000000000", "99999999999999999999"),
  fc.nat().map(String),
);
const fields = fc.dictionary(
  fc.constantFrom("createdAt", "lastSeenAt", "idleSeconds", "user", "visits", "colour", "cart", "__proto__", "unknown"),
  fc.oneof(times, hostileText, fc.json()),
  { minKeys: 1, maxKeys: 9, noNullPrototype: false },
);

describeWith(["redis-server"], "a session hash with any fields in it", () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it(
    "is read, or ends with its damage named; another user's session goes on",
    async () => {
      const store = new RedisStore(redis, { prefix: "hostile:", ...LONG });
      const { visitor, errors } = await serve(ROUTES, store);
      const other = visitor();
      await other.get("/login?user=bob");
      await fc.assert(
        fc.asyncProperty(
          fields,
          fc.shuffledSubarray(["/who", "/data", "/count", "/list", "/logout"]),
          async (hash, paths) => {
            const id = newId();
            const name = store.nameOf(hashId(id));
            for (const [field, value] of Object.entries(hash)) await redis.hset(name, field, value);
            await redis.zadd(store.userKey("ann"), Date.now() + 60_000, hashId(id));
            const reader = visitor();
            reader.cookies.set("id", id);
            for (const path of paths) {
              const { status, body } = await reader.get(path);
              expect(ANSWERS).toContain(status);
              expect(body).not.toMatch(/\n\s+at /);
            }
            for (const { message } of errors.splice(0)) expect(message).toMatch(/^session data: visits: /);
            if ((await redis.exists(name)) === 1) await redis.del(name);
            expect((await other.get("/who")).body).toBe("bob");
          },
        ),
        FUZZ,
      );
    },
    FUZZ_MS,
  );
});
