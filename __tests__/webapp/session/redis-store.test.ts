import { Redis } from "ioredis";
import { accessString } from "../../../environment";
import { batchWrites, RedisStore, type SessionEvent, type StoreLifetimes } from "../../../webapp/session";
import { SessionNames } from "../../../webapp/session/events";
import type { SessionVersion } from "../../../webapp/session/store";
import { UserSessions } from "../../../webapp/session/user-sessions";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { storeContract } from "./store-contract";

describeWith(["redis-server"], "RedisStore, as the user the modules create", () => {
  let server: RedisServer;
  let redis: Redis;
  let admin: Redis;

  beforeAll(async () => {
    const app = `user app ${accessString("session:").replace("on ", "on nopass ")}`;
    server = await startRedis({ acl: [app, "user admin on nopass ~* &* +@all", "user default off"] });
    const link = { port: server.port, password: "any", disableClientInfo: true } as const;
    redis = new Redis({ ...link, username: "app" });
    batchWrites(redis);
    admin = new Redis({ ...link, username: "admin" });
  });

  afterAll(async () => {
    redis.disconnect();
    admin.disconnect();
    await server.stop();
  });

  const make = (lifetimes: StoreLifetimes) => new RedisStore(redis, { prefix: "session:", ...lifetimes });

  storeContract(make);

  it("leaves no key without expiry and no partial hash behind all of the above", async () => {
    const keys = await admin.keys("*");
    expect(keys.length).toBeGreaterThan(200);
    for (const key of keys) {
      // In one step: some of them end while we look.
      const look = admin.multi().pttl(key);
      if (key.startsWith("session:s:")) look.hexists(key, "createdAt").hexists(key, "handedTo");
      const [ttl, isSession = 1, isHandedOver = 0] = ((await look.exec()) as [null, number][]).map(
        ([, answer]) => answer,
      );
      if (ttl === -2) continue;
      expect([key, ttl]).not.toEqual([key, -1]);
      expect([key, isSession + isHandedOver]).toEqual([key, 1]);
    }
  });

  it("keeps a session in the documented form", async () => {
    const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
    await store.create("form", new Map([["user", '"ann"']]));
    const fields = await admin.hgetall(store.nameOf("form"));
    expect(Object.keys(fields).sort()).toEqual(["createdAt", "idleSeconds", "lastSeenAt", "user"]);
    expect(fields).toMatchObject({ idleSeconds: "60", user: '"ann"', createdAt: expect.stringMatching(/^\d{13}$/) });
    expect(await admin.pttl(store.nameOf("form"))).toBeGreaterThan(59_000);
  });

  it("keeps with a session only those terms that are not the store's, and cuts them to the longest of a later store", async () => {
    const longest = { idleSeconds: 120, maxAgeSeconds: 1200 };
    const store = make({ idleSeconds: 60, maxAgeSeconds: 600, longest });
    await store.create("usual", new Map(), undefined, { idleSeconds: 60, maxAgeSeconds: 600 });
    expect(Object.keys(await admin.hgetall(store.nameOf("usual"))).sort()).toEqual([
      "createdAt",
      "idleSeconds",
      "lastSeenAt",
    ]);
    const terms = { idleSeconds: 120, maxAgeSeconds: 1200, persistent: true };
    const createdAt = (await store.create("remembered", new Map(), undefined, terms)) as number;
    expect(await admin.hgetall(store.nameOf("remembered"))).toMatchObject({
      maxAgeSeconds: "1200",
      persistent: "true",
    });
    expect(await store.load("remembered")).toMatchObject({ createdAt, ...terms });
    const later = make({ idleSeconds: 60, maxAgeSeconds: 600 });
    expect(await later.load("remembered")).toMatchObject({ createdAt, maxAgeSeconds: 600 });
  });

  it("names a user in no key", async () => {
    const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
    const before = new Set(await admin.keys("*"));
    await store.enlist("ann.visitor@example.com", "whose");
    const added = (await admin.keys("*")).filter((key) => !before.has(key));
    expect(added).toEqual([expect.stringMatching(/^session:u:[\w-]{43}$/)]);
    for (const encoding of ["hex", "base64", "base64url"] as const)
      expect(added[0]).not.toContain(Buffer.from("ann.visitor").toString(encoding).slice(0, 12));
  });

  it("reads and writes behind a client's own key prefix", async () => {
    const prefixed = redis.duplicate({ keyPrefix: "session:tenant:" });
    const store = new RedisStore(prefixed, { prefix: "s:", idleSeconds: 60, maxAgeSeconds: 600 });
    try {
      await store.create("prefixed", new Map([["name", '"Zoë 😀"']]));
      expect((await store.load("prefixed"))?.attributes).toEqual(new Map([["name", '"Zoë 😀"']]));
      expect(await admin.exists("session:tenant:s:s:prefixed")).toBe(1);
    } finally {
      prefixed.disconnect();
    }
  });

  it.each(["legacy", "resp3"] as const)("reads what it wrote over RESP3, replies as %s", async (replyMapping) => {
    const options = { port: server.port, username: "app", password: "any", disableClientInfo: true } as const;
    const client = new Redis({ ...options, protocol: 3, replyMapping });
    const store = new RedisStore(client, { prefix: "session:", idleSeconds: 60, maxAgeSeconds: 600 });
    try {
      const createdAt = (await store.create(replyMapping, new Map([["n", "1"]]))) as number;
      const attributes = new Map([["n", "1"]]);
      expect(await store.load(replyMapping)).toMatchObject({ createdAt, idleSeconds: 60, attributes });
      await store.enlist(`user ${replyMapping}`, replyMapping, createdAt);
      const entry = { key: replyMapping, createdAt };
      expect(await store.enlisted(`user ${replyMapping}`)).toEqual([entry]);
      expect(await store.take(replyMapping)).toMatchObject({ createdAt, attributes });
    } finally {
      client.disconnect();
    }
  });

  it("reads in one command and writes in one", async () => {
    const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
    await store.create("trips", new Map([["n", "1"]]));
    const sent = async (act: () => Promise<unknown>) => {
      const calls = async () => Number(/total_commands_processed:(\d+)/.exec(await admin.info("stats"))?.[1]);
      const before = await calls();
      await act();
      return (await calls()) - before - 1;
    };
    // The first load learns Redis' clock too: EVALSHA and TIME.
    expect(await sent(() => store.load("trips"))).toBe(1 + 2);
    expect(await sent(() => store.load("trips"))).toBe(1);
    const changes = { set: new Map([["n", "2"]]), remove: [] };
    const plain = { start: 0, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
    const bounded = { start: 0, min: 0, max: 9 };
    const loaded = (await store.load("trips")) as SessionVersion;
    expect(await sent(() => store.update("trips", loaded, changes))).toBe(1 + 2);
    expect(await sent(() => store.increment("trips", loaded, "n", 1, plain))).toBe(1 + 2);
    expect(await sent(() => store.increment("trips", loaded, "n", 1, bounded))).toBe(1 + 3);
    // Where the mark is due: TIME, the idle limit, the mark, the expiry.
    const due = { ...loaded, lastSeenAt: 0 };
    expect(await sent(() => store.update("trips", due, changes))).toBe(1 + 2 + 4);
    expect(await sent(() => store.increment("trips", due, "n", 1, plain))).toBe(1 + 2 + 4);
  });

  describe("of what is stored under a session's key and is no session", () => {
    const user = "damaged";
    const damages: { what: string; damage: (name: string) => Promise<unknown>; detail: string }[] = [
      { what: "createdAt a word", damage: (name) => admin.hset(name, "createdAt", "soon"), detail: "createdAt" },
      { what: "createdAt out of time", damage: (name) => admin.hset(name, "createdAt", "9e99"), detail: "createdAt" },
      { what: "no createdAt", damage: (name) => admin.hdel(name, "createdAt"), detail: "createdAt" },
      { what: "lastSeenAt NaN", damage: (name) => admin.hset(name, "lastSeenAt", "NaN"), detail: "lastSeenAt" },
      { what: "no lastSeenAt", damage: (name) => admin.hdel(name, "lastSeenAt"), detail: "lastSeenAt" },
      { what: "idleSeconds 0", damage: (name) => admin.hset(name, "idleSeconds", "0"), detail: "idleSeconds" },
      { what: "idleSeconds inf", damage: (name) => admin.hset(name, "idleSeconds", "inf"), detail: "idleSeconds" },
      {
        what: "maxAgeSeconds a word",
        damage: (name) => admin.hset(name, "maxAgeSeconds", "x"),
        detail: "maxAgeSeconds",
      },
      { what: "no idleSeconds", damage: (name) => admin.hdel(name, "idleSeconds"), detail: "idleSeconds" },
      { what: "text", damage: (name) => admin.set(name, "text"), detail: "no hash" },
    ];
    it.each(damages)("($what) ends that session alone, and says which", async ({ what, damage, detail }) => {
      for (const look of ["load", "peek", "take"] as const) {
        const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
        const [key, other] = [`damaged ${what} ${look}`, `whole ${what} ${look}`];
        await store.create(other, new Map());
        await store.create(key, new Map());
        await damage(store.nameOf(key));
        if (look === "take" && detail === "no hash") await expect(store.take(key)).rejects.toThrow("WRONGTYPE");
        else if (look === "take") expect(await store.take(key)).toBeUndefined();
        else await expect(store[look](key)).rejects.toMatchObject({ name: "DamagedSessionError", detail });
        if (look !== "take" || detail !== "no hash") expect(await admin.exists(store.nameOf(key))).toBe(0);
        await admin.del(store.nameOf(key));
        expect(await store.load(other)).toBeDefined();
      }
    });

    it("lists the user's other sessions and says which one is damaged", async () => {
      const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
      const events: SessionEvent[] = [];
      const users = new UserSessions(store, new SessionNames("salt"), (event) => events.push(event));
      const before = Date.now() - 60_000;
      for (const key of ["broken", "fine"]) {
        await store.enlist(user, key, before);
        await store.create(key, new Map([["user", '"damaged"']]), before);
      }
      await admin.hset(store.nameOf("broken"), "createdAt", "soon");
      expect((await users.list(user)).map(({ key }) => key)).toEqual(["fine"]);
      expect(events).toMatchObject([{ event: "damaged", detail: "createdAt" }]);
      expect((await store.enlisted(user)).map(({ key }) => key)).toEqual(["fine"]);
    });

    it("never leaves a key without expiry, when the idle limit is damaged between a load and its mark", async () => {
      const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
      const counter = { start: 0, min: 0, max: 9 };
      for (const idle of ["0", "-1", "nan", "x", "inf", "0.0000001"]) {
        const createdAt = (await store.create("between", new Map())) as number;
        await admin.hset(store.nameOf("between"), "idleSeconds", idle);
        await store.increment("between", { createdAt }, "n", 1, counter).catch(() => undefined);
        expect([idle, await admin.pttl(store.nameOf("between"))]).not.toEqual([idle, -1]);
        await admin.del(store.nameOf("between"));
      }
    });

    it("marks a session again whose mark is in the future: its reader stays logged in", async () => {
      const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
      await store.create("ahead", new Map());
      await admin.hset(store.nameOf("ahead"), "lastSeenAt", String(Date.now() + 3_600_000));
      await admin.pexpire(store.nameOf("ahead"), 1000);
      expect((await store.load("ahead"))?.touched).toBe(true);
      expect(await admin.pttl(store.nameOf("ahead"))).toBeGreaterThan(50_000);
      expect((await store.load("ahead"))?.touched).toBe(false);
    });
  });

  it("works on after the server forgot its scripts", async () => {
    const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
    await store.create("scripts", new Map());
    await admin.script("FLUSH");
    expect(await store.load("scripts")).toBeDefined();
  });

  it("says what failed and with which status, and keeps the key to itself", async () => {
    const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
    await admin.set(store.nameOf("foreign"), "not a session");
    const version = { createdAt: 1 };
    const write = () => store.update("foreign", version, { set: new Map([["n", "1"]]), remove: [] });
    await expect(write()).rejects.toMatchObject({ name: "StoreError", status: 503, expose: false });
    await expect(write()).rejects.not.toThrow(/foreign/);
    await admin.del(store.nameOf("foreign"));
  });

  it("is allowed nothing beyond its prefix and its commands", async () => {
    await expect(redis.hgetall("other:key")).rejects.toThrow(/NOPERM/);
    await expect(redis.keys("*")).rejects.toThrow(/NOPERM/);
    await expect(redis.flushall()).rejects.toThrow(/NOPERM/);
    await expect(redis.call("CONFIG", "GET", "*")).rejects.toThrow(/NOPERM/);
  });
});
