import { Redis } from "ioredis";
import Koa from "koa";
import { z } from "zod";
import { createSessions, RedisStore, type SessionEvent } from "../../../webapp/session";
import { hashId } from "../../../webapp/session/session-id";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const schema = z.object({ tries: z.number().int().min(0).max(3).optional(), colour: z.string().optional() });

describeWith(["redis-server"], "a request's session in Redis", () => {
  let server: RedisServer;
  let redis: Redis;
  let app: Listening;
  let store: RedisStore;
  let events: SessionEvent[];
  let errors: Error[];

  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port });
  });
  beforeEach(async () => {
    [events, errors] = [[], []];
    store = new RedisStore(redis, { prefix: "session:", idleSeconds: 60, maxAgeSeconds: 600 });
    const koa = new Koa();
    koa.on("error", (error) => errors.push(error));
    const onEvent = (event: SessionEvent) => events.push(event);
    const sessions = createSessions(koa, { store, schema, cookie: { secure: false }, onEvent });
    koa.use(sessions.middleware);
    koa.use(async (ctx) => {
      const session = sessions.of(ctx);
      if (ctx.path === "/login") await session.login("ann");
      if (ctx.path === "/colour") session.data.colour = "red";
      ctx.body = ctx.path === "/count" ? `${await session.increment("tries")}` : session.data;
    });
    app = await listen(koa);
  });
  afterEach(async () => {
    await app.stop();
    await redis.flushall();
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  /** The Redis key of a visitor's session. */
  function findName(visitor: Visitor): string {
    const [id] = [...visitor.cookies.values()];
    return store.nameOf(hashId(id as string));
  }

  it("counts up to the schema's greatest value and fails the request beyond it", async () => {
    const ann = new Visitor(app.url);
    await ann.get("/login");
    const counted = [];
    for (let i = 0; i < 4; i++) counted.push((await ann.get("/count")).status);
    expect(counted).toEqual([200, 200, 200, 500]);
    expect(errors.map(({ message }) => message)).toEqual(["session data: tries: got 4, allowed: 0 to 3"]);
    expect(JSON.parse((await ann.get("/")).body)).toEqual({ user: "ann", tries: 3 });
  });

  it("names an attribute that holds no whole number, and the rest of the session works", async () => {
    const ann = new Visitor(app.url);
    await ann.get("/login");
    await redis.hset(findName(ann), "tries", '"many"');
    expect((await ann.get("/count")).status).toBe(500);
    expect(errors.map(({ message }) => message)).toEqual(["session data: tries: holds no whole number"]);
    await ann.get("/colour");
    expect(JSON.parse((await ann.get("/")).body)).toEqual({ user: "ann", colour: "red" });
  });

  it("begins without a session where the stored one is damaged, and says so", async () => {
    const ann = new Visitor(app.url);
    await ann.get("/login");
    await redis.hset(findName(ann), "createdAt", "soon");
    events = [];
    const answer = await ann.get("/");
    expect([answer.status, answer.body]).toEqual([200, "{}"]);
    expect(events).toMatchObject([{ event: "damaged", detail: "createdAt" }]);
    await ann.get("/login");
    expect(JSON.parse((await ann.get("/")).body)).toEqual({ user: "ann" });
  });
});
