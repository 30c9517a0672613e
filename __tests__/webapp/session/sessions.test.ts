import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import Koa from "koa";
import { z } from "zod";
import {
  batchWrites,
  createSessions,
  MemoryStore,
  RedisStore,
  type SessionEvent,
  type Sessions,
  type Store,
} from "../../../webapp/session";
import { until } from "../../harness/poll";
import { fastClient } from "../../programs/fast-client";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const schema = z.object({
  visits: z.number().int().optional(),
  colour: z.string().max(5000).optional(),
  cart: z.array(z.string()).optional(),
});
type Route = (ctx: Koa.Context, sessions: Sessions<typeof schema>) => unknown;
type Options = Partial<Parameters<typeof createSessions<typeof schema>>[1]>;

let listening: Listening[] = [];
afterEach(async () => {
  await Promise.all(listening.map((app) => app.stop()));
  listening = [];
});

/** An app of somebody else's that uses the layer: each path one handler. */
async function serve(routes: Record<string, Route>, store: Store, options: Options = {}) {
  const app = new Koa();
  const events: SessionEvent[] = [];
  const errors: Error[] = [];
  const emit = (event: SessionEvent) => events.push(event);
  const sessions = createSessions(app, { store, schema, cookie: { secure: false }, onEvent: emit, ...options });
  app.on("error", (error) => errors.push(error));
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    const route = routes[ctx.path];
    if (route !== undefined) ctx.body = (await route(ctx, sessions)) ?? "ok";
  });
  const server = await listen(app);
  listening.push(server);
  return { sessions, events, errors, url: server.url, visitor: () => new Visitor(server.url) };
}

const LONG = { idleSeconds: 60, maxAgeSeconds: 600 };
const asUser: Route = (ctx, sessions) => sessions.of(ctx).login(ctx.query.user as string);
const who: Route = (ctx, sessions) => sessions.of(ctx).user ?? "nobody";
const logout: Route = (ctx, sessions) => sessions.of(ctx).logout();
const setRed: Route = (ctx, sessions) => {
  sessions.of(ctx).data.colour = "red";
};
const data: Route = (ctx, sessions) => sessions.of(ctx).data;

/** A gate a slow handler waits at. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

function sessionsOn(name: string, store: (lifetimes: { idleSeconds: number; maxAgeSeconds: number }) => Store): void {
  describe(`Sessions in ${name}`, () => {
    it("gives a visitor who stores nothing no session and no cookie", async () => {
      const { visitor, events } = await serve({ "/": who }, store(LONG));
      expect((await visitor().get("/")).setCookies).toEqual([]);
      expect(events).toEqual([]);
    });

    it("keeps what a handler assigns, and sends the cookie once", async () => {
      const { visitor } = await serve({ "/set": setRed, "/": data }, store(LONG));
      const ann = visitor();
      expect((await ann.get("/set")).setCookies).toHaveLength(1);
      const second = await ann.get("/");
      expect(JSON.parse(second.body)).toEqual({ colour: "red" });
      expect(second.setCookies).toEqual([]);
      expect((await ann.get("/set")).setCookies).toEqual([]);
    });

    it("keeps both fields of two requests that run at once, 200 of 200 times", async () => {
      const both = gate();
      let waiting = 0;
      const set =
        (name: "colour" | "cart", value: never): Route =>
        async (ctx, sessions) => {
          waiting++;
          if (waiting === 2) both.open();
          await both.passed;
          sessions.of(ctx).data[name] = value;
        };
      const routes = { "/login": asUser, "/a": set("colour", "red" as never), "/b": set("cart", ["tea"] as never) };
      const { url } = await serve({ ...routes, "/": data }, store(LONG), { limit: 1000 });
      const request = fastClient(url);
      const kept = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const { cookie } = await request("/login?user=ann");
          await Promise.all([request("/a", cookie), request("/b", cookie)]);
          return JSON.parse((await request("/", cookie)).body);
        }),
      );
      expect(kept.filter(({ colour, cart }) => colour === "red" && cart[0] === "tea")).toHaveLength(200);
    });

    it("counts 200 parallel visits as 200", async () => {
      const count: Route = async (ctx, sessions) => `${await sessions.of(ctx).increment("visits")}`;
      const { url } = await serve({ "/login": asUser, "/count": count, "/": data }, store(LONG));
      const request = fastClient(url);
      const { cookie } = await request("/login?user=ann");
      const counted = await Promise.all(Array.from({ length: 200 }, () => request("/count", cookie)));
      expect(new Set(counted.map(({ body }) => Number(body))).size).toBe(200);
      expect(JSON.parse((await request("/", cookie)).body).visits).toBe(200);
    });

    describe("a slow request never brings back a session that was", () => {
      const ways: { what: string; end: Route }[] = [
        { what: "logged out", end: logout },
        { what: "renewed", end: (ctx, sessions) => sessions.of(ctx).renew() },
        { what: "taken over by another login", end: (ctx, sessions) => sessions.of(ctx).login("bob") },
        { what: "ended by an administrator", end: (_, sessions) => sessions.users.endAll("ann", { detail: "test" }) },
      ];
      it.each(ways)("$what", async ({ end }) => {
        const [started, finish] = [gate(), gate()];
        const slow: Route = async (ctx, sessions) => {
          const session = sessions.of(ctx);
          started.open();
          await finish.passed;
          session.data.colour = "late";
          await session.increment("visits");
        };
        const { visitor, events } = await serve(
          { "/login": asUser, "/slow": slow, "/end": end, "/": who },
          store(LONG),
        );
        const ann = visitor();
        await ann.get("/login?user=ann");
        const old = new Map(ann.cookies);
        const late = visitor();
        for (const [name, value] of old) late.cookies.set(name, value);
        const slowAnswer = late.get("/slow");
        await started.passed;
        await ann.get("/end");
        finish.open();
        // No cookie either way: the browser may have a newer one from another tab.
        expect((await slowAnswer).setCookies).toEqual([]);
        expect(events.map(({ event }) => event)).toContain("lost");
        for (const [name, value] of old) late.cookies.set(name, value);
        expect((await late.get("/")).body).toBe("nobody");
      });
    });

    describe("a slow request of a session that was logged out meanwhile", () => {
      /** Runs `act` in a request that began before the logout. */
      async function afterLogout(act: Route, lifetimes = LONG) {
        const [started, finish] = [gate(), gate()];
        const slow: Route = async (ctx, sessions) => {
          started.open();
          await finish.passed;
          return act(ctx, sessions);
        };
        const count: Route = (ctx, sessions) => sessions.of(ctx).increment("visits");
        const routes = { "/login": asUser, "/count": count, "/slow": slow, "/logout": logout, "/who": who, "/": data };
        const { visitor } = await serve(routes, store(lifetimes));
        const [ann, other] = [visitor(), visitor()];
        await other.get("/login?user=ann");
        await ann.get("/login?user=ann");
        await ann.get("/count");
        const late = visitor();
        late.cookies.set("id", ann.cookies.get("id") as string);
        const answer = late.get("/slow");
        await started.passed;
        await ann.get("/logout");
        finish.open();
        await answer;
        return { late, other };
      }

      it("begins anew at a login, with nothing of what was", async () => {
        const { late } = await afterLogout((ctx, sessions) => sessions.of(ctx).login("ann"));
        expect(JSON.parse((await late.get("/")).body)).toEqual({ user: "ann" });
      });

      it("ends no other session", async () => {
        const { other } = await afterLogout((ctx, sessions) => sessions.of(ctx).endOthers());
        expect((await other.get("/who")).body).toBe("ann");
      });
    });

    it("carries into a new id what another request wrote while it was made, and shows it", async () => {
      const [started, finish] = [gate(), gate()];
      const renew: Route = async (ctx, sessions) => {
        const session = sessions.of(ctx);
        started.open();
        await finish.passed;
        session.data.cart = ["tea"];
        await session.renew();
        return session.data;
      };
      const { visitor } = await serve({ "/login": asUser, "/renew": renew, "/set": setRed, "/": data }, store(LONG));
      const ann = visitor();
      await ann.get("/login?user=ann");
      const renewed = ann.get("/renew");
      await started.passed;
      const second = visitor();
      second.cookies.set("id", ann.cookies.get("id") as string);
      await second.get("/set");
      finish.open();
      const all = { user: "ann", colour: "red", cart: ["tea"] };
      expect(JSON.parse((await renewed).body)).toEqual(all);
      expect(JSON.parse((await ann.get("/")).body)).toEqual(all);
    });

    it("gives a new id at login, keeps an anonymous visitor's data, and the old id is dead at once", async () => {
      const { visitor, events } = await serve(
        { "/set": setRed, "/login": asUser, "/who": who, "/": data },
        store(LONG),
      );
      const ann = visitor();
      await ann.get("/set");
      const [before] = ann.cookies.values();
      const login = await ann.get("/login?user=ann");
      expect(login.setCookies).toHaveLength(1);
      expect([...ann.cookies.values()]).not.toEqual([before]);
      expect(JSON.parse((await ann.get("/")).body)).toEqual({ colour: "red", user: "ann" });
      const thief = visitor();
      thief.cookies.set("id", before as string);
      expect((await thief.get("/who")).body).toBe("nobody");
      expect(events.map(({ event }) => event)).toEqual(["created", "login", "unknown"]);
    });

    it("does not hand one user's data to the next who logs in on the same browser", async () => {
      const { visitor } = await serve({ "/set": setRed, "/login": asUser, "/": data }, store(LONG));
      const shared = visitor();
      await shared.get("/login?user=ann");
      await shared.get("/set");
      await shared.get("/login?user=bob");
      expect(JSON.parse((await shared.get("/")).body)).toEqual({ user: "bob" });
    });

    it("renews on demand: data and absolute limit stay, the old id is dead", async () => {
      const renew: Route = async (ctx, sessions) => {
        const session = sessions.of(ctx);
        session.data.colour = "blue";
        await session.renew();
        return ctx.session.externalKey;
      };
      const { visitor, sessions } = await serve(
        { "/login": asUser, "/renew": renew, "/who": who, "/": data },
        store(LONG),
      );
      const ann = visitor();
      await ann.get("/login?user=ann");
      const [createdAt] = (await sessions.users.list("ann")).map((session) => session.createdAt);
      const old = ann.cookies.get("id") as string;
      const shown = (await ann.get("/renew")).body;
      expect(shown).toBe(ann.cookies.get("id"));
      expect(JSON.parse((await ann.get("/")).body)).toEqual({ user: "ann", colour: "blue" });
      expect((await sessions.users.list("ann")).map((session) => session.createdAt)).toEqual([createdAt]);
      ann.cookies.set("id", old);
      expect((await ann.get("/who")).body).toBe("nobody");
    });

    it("stays logged in by reads alone for three idle limits, then ends when nobody comes", async () => {
      const { visitor } = await serve({ "/login": asUser, "/": who }, store({ idleSeconds: 0.3, maxAgeSeconds: 600 }));
      const ann = visitor();
      let readAt = Number.NEGATIVE_INFINITY;
      let end = Number.POSITIVE_INFINITY;
      while (Date.now() < end) {
        const now = Date.now();
        if ((await ann.get("/")).body !== "ann") {
          // A tenth of the limit may pass between a read and its mark. Held up for longer than the rest, we start again.
          expect(Date.now() - readAt).toBeGreaterThanOrEqual(0.9 * 300);
          await ann.get("/login?user=ann");
          end = Date.now() + 900;
        }
        readAt = now;
        await wait(20);
      }
      const lastSeen = Date.now();
      await until(() => Date.now() > lastSeen + 310, "the idle limit");
      expect((await ann.get("/")).body).toBe("nobody");
    });

    it("adopts no id it did not make, and lets nothing but an id reach the store", async () => {
      const asked: string[] = [];
      const inner = store(LONG);
      const load = inner.load.bind(inner);
      inner.load = (key) => {
        asked.push(key);
        return load(key);
      };
      const { visitor } = await serve({ "/set": setRed }, inner);
      for (const made of ["short", "../../etc/passwd", "a".repeat(44), "*".repeat(43), `${"a".repeat(42)}%`, "a b"]) {
        const mallory = visitor();
        mallory.cookies.set("id", made);
        await mallory.get("/set");
        expect(mallory.cookies.get("id")).toMatch(/^[\w-]{43}$/);
      }
      expect(asked).toEqual([]);
      const mallory = visitor();
      mallory.cookies.set("id", "a".repeat(43));
      await mallory.get("/set");
      expect(mallory.cookies.get("id")).not.toBe("a".repeat(43));
      expect(asked).toHaveLength(1);
    });
  });
}

sessionsOn("memory", (lifetimes) => new MemoryStore(lifetimes));

describeWith(["redis-server"], "with a real redis-server", () => {
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
  sessionsOn("Redis", (lifetimes) => new RedisStore(redis, { prefix: `t${Math.random()}:`, ...lifetimes }));
});
