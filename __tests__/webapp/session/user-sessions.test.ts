import { Redis } from "ioredis";
import { batchWrites } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { fastClient } from "../../programs/fast-client";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import type { Listening } from "../../programs/visitor";
import { cookieClient, type Lifetimes, serveUsers } from "./user-app";

describeWith(["redis-server"], "a user's sessions in Redis", () => {
  let server: RedisServer;
  let redis: Redis;
  let app: Listening | undefined;

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port });
    batchWrites(redis);
  });
  afterEach(async () => {
    await app?.stop();
    app = undefined;
    await redis.flushall();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  async function serve(lifetimes: Lifetimes, limit?: number) {
    const served = await serveUsers(redis, lifetimes, limit);
    app = served.app;
    return served;
  }
  const LONG = { idleSeconds: 60, maxAgeSeconds: 600 };

  it("lists them oldest first, and each browser sees the same", async () => {
    const { visitor, sessions } = await serve(LONG);
    const [one, two] = [visitor(), visitor()];
    await one.get("/login?user=ann");
    await until(() => Date.now() % 5 === 0, "the next moment");
    await two.get("/login?user=ann");
    await visitor().get("/login?user=bob");
    const list = await sessions.users.list("ann");
    expect(list).toHaveLength(2);
    expect(list[0]?.createdAt).toBeLessThanOrEqual(list[1]?.createdAt as number);
    for (const { ttlMs, reference } of list) {
      expect(ttlMs).toBeGreaterThan(30_000);
      expect(reference).toMatch(/^[\w-]{16}$/);
    }
  });

  it("forgets an entry whose session is gone, but not that of a login on its way", async () => {
    const { store, sessions, visitor } = await serve(LONG);
    await visitor().get("/login?user=ann");
    await store.enlist("ann", "gone", Date.now() - 60_000);
    await store.enlist("ann", "on-its-way");
    expect(await sessions.users.list("ann")).toHaveLength(1);
    expect((await store.enlisted("ann")).map(({ key }) => key)).toContain("on-its-way");
    expect((await store.enlisted("ann")).map(({ key }) => key)).not.toContain("gone");
  });

  it("puts a session back into an index that was lost, at its next mark", async () => {
    const { store, sessions, visitor } = await serve({ idleSeconds: 2, maxAgeSeconds: 600 });
    const ann = visitor();
    await ann.get("/login?user=ann");
    await redis.del(store.userKey("ann"));
    await until(async () => {
      await ann.get("/");
      return (await sessions.users.list("ann")).length === 1;
    }, "the index");
  });

  it("ends all of a user's sessions, one that is being renewed included", async () => {
    const { sessions, url } = await serve(LONG, 100);
    const request = fastClient(url);
    const look = (cookies: string[]) => Promise.all(cookies.map((cookie) => request("/", cookie)));
    for (let round = 0; round < 20; round++) {
      const before = await Promise.all(Array.from({ length: 5 }, () => request("/login?user=ann")));
      const [renewed] = await Promise.all([
        Promise.all(before.map(({ cookie }) => request("/renew", cookie))),
        sessions.users.endAll("ann", { detail: "test" }),
      ]);
      const cookies = renewed.map(({ cookie }) => cookie);
      const left = await look(cookies);
      // A renewal that began after the last look of "end all" is a session of its own; none may be there unlisted.
      const loggedIn = left.filter(({ body }) => body === "ann").length;
      expect(await sessions.users.list("ann")).toHaveLength(loggedIn);
      await sessions.users.endAll("ann", { detail: "test" });
      expect((await look(cookies)).map(({ body }) => body)).toEqual(Array(5).fill("nobody"));
    }
  });

  it("keeps to the limit when a user logs in many times at once", async () => {
    const { sessions, url } = await serve(LONG, 3);
    const request = cookieClient(url);
    await Promise.all(Array.from({ length: 300 }, () => request("/login?user=ann")));
    await request("/login?user=ann");
    expect(await sessions.users.list("ann")).toHaveLength(3);
    expect(await redis.dbsize()).toBe(4);
  });
});
