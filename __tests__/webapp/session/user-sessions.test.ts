import { Redis } from "ioredis";
import Koa from "koa";
import { z } from "zod";
import { batchWrites, createSessions, RedisStore } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { fastClient } from "../../programs/fast-client";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const schema = z.object({ colour: z.string().optional() });

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

  async function serve(lifetimes: { idleSeconds: number; maxAgeSeconds: number }, limit = 10) {
    const koa = new Koa();
    const store = new RedisStore(redis, { prefix: "session:", ...lifetimes });
    const sessions = createSessions(koa, { store, schema, cookie: { secure: false }, limit });
    koa.use(sessions.middleware);
    koa.use(async (ctx) => {
      const session = sessions.of(ctx);
      const { user = "" } = ctx.query as { user?: string };
      if (ctx.path === "/login") await session.login(user);
      if (ctx.path === "/logout") session.logout();
      if (ctx.path === "/renew") await session.renew();
      if (ctx.path === "/colour") session.data.colour = "red";
      if (ctx.path === "/end-others") await session.endOthers();
      ctx.body = session.user ?? "nobody";
    });
    app = await listen(koa);
    const { url } = app;
    return { store, sessions, url, visitor: () => new Visitor(url) };
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

  it("leaves nothing behind when 10,000 sessions came and went by every path", async () => {
    const { sessions, url, store } = await serve({ idleSeconds: 1, maxAgeSeconds: 3 }, 4);
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
    const total = 10_000;
    let next = 0;
    const worker = async () => {
      for (let i = next++; i < total; i = next++) await paths[i % paths.length]?.(`user${i % 250}`);
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    for (let user = 0; user < 250; user += 50) {
      expect((await store.enlisted(`user${user}`)).length).toBeLessThanOrEqual(2 * 4 + 1);
    }
    await until(async () => (await redis.dbsize()) === 0, "every limit to pass");
  }, 180_000);
});

/** Answers with the cookie; an answer of 400 or more fails the test. */
function cookieClient(url: string): (path: string, cookie?: string) => Promise<string> {
  const request = fastClient(url);
  return async (path, sent) => {
    const { status, cookie } = await request(path, sent);
    if (status >= 400) throw new Error(`${path}: ${status}`);
    return cookie;
  };
}
