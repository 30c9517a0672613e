import { Redis } from "ioredis";
import Koa from "koa";
import { z } from "zod";
import {
  type AdoptOptions,
  createSessions,
  fromKoaSession,
  MemoryStore,
  RedisStore,
  type Store,
} from "../../../../webapp/session";
import { until } from "../../../harness/poll";
import { type RedisServer, startRedis } from "../../../programs/redis-server";
import { describeWith } from "../../../programs/require";
import { type Listening, Visitor } from "../../../programs/visitor";
import { LONG } from "../stored";
import { createKoaRedis, KOA_SESSIONS, type KoaRedis, type NewApp, startNewApp, startOldApp } from "./apps";

const ANN = { user: "ann", cart: ["tea"] };
const NOT_LOGGED_IN = {};

describeWith(["redis-server"], "a visitor of the old app", () => {
  let server: RedisServer;
  let redis: Redis;
  let koaRedis: KoaRedis;
  let running: Listening[] = [];
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port });
    koaRedis = createKoaRedis(server.port);
  });
  afterEach(async () => {
    await Promise.all(running.map((app) => app.stop()));
    running = [];
  });
  afterAll(async () => {
    redis.disconnect();
    koaRedis.client.disconnect();
    await server.stop();
  });

  interface Setup {
    readonly oldStore?: KoaRedis;
    readonly library?: keyof typeof KOA_SESSIONS;
    readonly store?: Store;
    readonly adopt?: Parameters<typeof startNewApp>[2];
  }
  /** Both apps, and a visitor who has logged in at the old one and put tea into the cart. */
  async function setUp({ oldStore, library = "koa-session 7", store = new MemoryStore(LONG), adopt }: Setup = {}) {
    const old = await startOldApp(KOA_SESSIONS[library](), oldStore);
    const app = await startNewApp(store, oldStore, adopt);
    running.push(old, app);
    const ann = new Visitor("");
    await ann.get(`${old.url}/login?user=ann`);
    await ann.get(`${old.url}/add?item=tea`);
    const at = async (visitor: Visitor, where: Listening, path = "/") =>
      JSON.parse((await visitor.get(where.url + path)).body);
    return { old, app, ann, at };
  }
  const names = (app: NewApp) => app.events.map(({ event }) => event);

  const STORES = {
    "its signed cookies": () => undefined,
    "koa-redis": () => koaRedis,
  } as const;
  const pairs = Object.keys(KOA_SESSIONS).flatMap((library) =>
    Object.keys(STORES).map((kept) => ({
      library: library as keyof typeof KOA_SESSIONS,
      kept: kept as keyof typeof STORES,
    })),
  );

  describe.each(pairs)("with $library and $kept", ({ library, kept }) => {
    const setup = (rest: Setup = {}) => {
      const oldStore = STORES[kept]();
      const store = new RedisStore(redis, { prefix: `t${Math.random()}:`, ...LONG });
      return setUp({ library, store, ...(oldStore !== undefined && { oldStore }), ...rest });
    };

    it("goes on logged in, with the data, in one session", async () => {
      const { app, ann, at } = await setup();
      expect(await at(ann, app)).toEqual(ANN);
      expect(await at(ann, app, "/add?item=jam")).toEqual({ ...ANN, cart: ["tea", "jam"] });
      expect(await at(ann, app)).toEqual({ ...ANN, cart: ["tea", "jam"] });
      expect([names(app), await app.count("ann")]).toEqual([["adopted"], 1]);
    });

    it("gets one session from 20 requests at once, and from a request whose answer was lost", async () => {
      const { app, ann, at } = await setup({ adopt: { graceSeconds: 0 } });
      const lost = ann.copy();
      const tabs = Array.from({ length: 20 }, () => ann.copy());
      expect(await Promise.all(tabs.map((tab) => at(tab, app)))).toEqual(Array(20).fill(ANN));
      expect(await at(lost, app)).toEqual(ANN);
      const ids = [...tabs, lost].map(({ cookies }) => cookies.get("id"));
      expect([new Set(ids).size, names(app), await app.count("ann")]).toEqual([1, ["adopted"], 1]);
    });

    it("brings nothing back with the old cookie after a logout", async () => {
      const { app, ann, at } = await setup();
      await at(ann, app);
      const replayed = ann.copy();
      replayed.cookies.delete("id");
      await at(ann, app, "/logout");
      expect(ann.cookies.size).toBe(0);
      expect([await at(ann, app), await at(replayed, app)]).toEqual([NOT_LOGGED_IN, NOT_LOGGED_IN]);
    });

    it("has no session with a cookie that is made up, changed or of another key", async () => {
      const { old, app, ann, at } = await setup();
      const { cookies } = ann;
      const changed = ann.copy();
      changed.cookies.set("koa.sess", `${cookies.get("koa.sess")?.slice(0, -1)}A`);
      const unsigned = ann.copy();
      unsigned.cookies.delete("koa.sess.sig");
      const wrong = ann.copy();
      wrong.cookies.set("koa.sess.sig", "A".repeat(27));
      for (const visitor of [changed, unsigned, wrong]) {
        const copy = visitor.copy();
        // The old library refuses such a cookie, too.
        expect(await at(copy, old)).toEqual(NOT_LOGGED_IN);
        expect(await at(visitor, app)).toEqual(NOT_LOGGED_IN);
      }
      expect(await at(ann, app)).toEqual(ANN);
    });
  });

  it("may still be answered by a server of the old app for a while, and no more after the next login", async () => {
    const { old, app, ann, at } = await setUp({ oldStore: koaRedis });
    await at(ann, app);
    expect(await at(ann, old)).toEqual(ANN);
    expect(await at(ann, app)).toEqual(ANN);
    const before = ann.copy();
    await at(ann, app, "/login?user=ann");
    expect([await at(ann, old), await at(before, old)]).toEqual([NOT_LOGGED_IN, NOT_LOGGED_IN]);
    expect(await at(ann, app)).toEqual(ANN);
  });

  it("has no old session after the grace", async () => {
    const { old, app, ann, at } = await setUp({ oldStore: koaRedis, adopt: { graceSeconds: 1 } });
    const before = ann.copy();
    await at(ann, app);
    await until(async () => (await at(before.copy(), old)).user === undefined, "the grace");
    await at(ann, app);
    expect([...ann.cookies.keys()]).toEqual(["id"]);
  });

  it("has neither old session nor old cookie after the first answer, where there is no grace", async () => {
    const { old, app, ann, at } = await setUp({ oldStore: koaRedis, adopt: { graceSeconds: 0 } });
    const before = ann.copy();
    await at(ann, app);
    expect([...ann.cookies.keys()]).toEqual(["id"]);
    expect(await at(before, old)).toEqual(NOT_LOGGED_IN);
  });

  it("loses nothing to a map that the schema refuses: 500, and the old session stays", async () => {
    const { old, app, ann, at } = await setUp({
      oldStore: koaRedis,
      adopt: { map: () => ({ attributes: { cart: [1 as never] } }) },
    });
    expect((await ann.get(`${app.url}/`)).status).toBe(500);
    expect(app.errors.map(({ message }) => message)).toEqual([expect.stringMatching(/^session data: cart: /)]);
    expect(await at(ann, old)).toEqual(ANN);
  });

  it("begins without a session where the map says so", async () => {
    const { app, ann, at } = await setUp({ adopt: { map: () => undefined } });
    expect([await at(ann, app), app.events]).toEqual([NOT_LOGGED_IN, []]);
  });

  it("gets 503, and no logout, while the old store is away", async () => {
    const { app, ann, at } = await setUp({ oldStore: koaRedis });
    const away = createKoaRedis(server.port);
    away.client.disconnect();
    const without = await startNewApp(new MemoryStore(LONG), away);
    running.push(without);
    expect((await ann.get(`${without.url}/`)).status).toBe(503);
    expect(await at(ann, app)).toEqual(ANN);
  });

  it("may come again hours after its answer was lost, until the session is in use", async () => {
    let later = 0;
    const now = () => Date.now() + later;
    const store = new MemoryStore({ idleSeconds: 86_400, maxAgeSeconds: 864_000, now });
    const { app, ann, at } = await setUp({ store, adopt: { graceSeconds: 0 } });
    const [second, third] = [ann.copy(), ann.copy()];
    await at(ann.copy(), app);
    later = 3 * 3_600_000;
    expect(await at(second, app)).toEqual(ANN);
    expect(await at(third, app)).toEqual(NOT_LOGGED_IN);
    expect(await at(second, app)).toEqual(ANN);
  });

  it("is answered when the session here is damaged: that session ends, and the event says so", async () => {
    const prefix = "damaged:";
    const store = new RedisStore(redis, { prefix, ...LONG });
    const { app, ann, at } = await setUp({ oldStore: koaRedis, store });
    await at(ann, app);
    const [name = ""] = await redis.keys(`${prefix}s:*`);
    await redis.hset(name, "createdAt", "soon");
    expect(await at(ann, app)).toEqual(NOT_LOGGED_IN);
    expect(names(app)).toContain("damaged");
  });

  it("is remembered by its login's own limits, where the map says so", async () => {
    const longest = { idleSeconds: 86_400, maxAgeSeconds: 864_000 };
    const map = () => ({ user: "ann", persistent: true, ...longest });
    const { app, ann } = await setUp({ store: new MemoryStore({ ...LONG, longest }), adopt: { map } });
    const [cookie = ""] = (await ann.get(`${app.url}/`)).setCookies;
    const [, expires = ""] = /; expires=([^;]+)/.exec(cookie) ?? [];
    expect(new Date(expires).getTime()).toBeGreaterThan(Date.now() + 863_000_000);
  });
});

describe("adopt", () => {
  const good = { from: fromKoaSession(), secret: "s".repeat(32), map: () => undefined };
  it.each<[string, Partial<AdoptOptions<Record<string, never>>>]>([
    ["adopt.secret: got 5 characters, allowed: a text of at least 32", { secret: "short" }],
    ["adopt.secret: got undefined, allowed: a text of at least 32", { secret: undefined as never }],
    ["adopt.from: got the cookie id, allowed: another name than cookie.name", { from: fromKoaSession({ key: "id" }) }],
    ["adopt.graceSeconds: got -1, allowed: seconds, 0 to 3600", { graceSeconds: -1 }],
    ["adopt.graceSeconds: got NaN, allowed: seconds, 0 to 3600", { graceSeconds: Number.NaN }],
  ])("refuses %s", (message, wrong) => {
    const options = { store: new MemoryStore(LONG), schema: z.object({}), cookie: { secure: false } };
    expect(() => createSessions(new Koa(), { ...options, adopt: { ...good, ...wrong } })).toThrow(
      `session: ${message}`,
    );
  });

  it.each(["ContextStore", "externalKey"])("refuses koa-session's option %s, whose sessions it can't read", (name) => {
    expect(() => fromKoaSession({ [name]: {} as never })).toThrow(`fromKoaSession: ${name}: got one, allowed`);
  });
});
