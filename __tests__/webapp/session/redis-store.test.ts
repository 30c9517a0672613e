import { Redis } from "ioredis";
import { accessString } from "../../../environment";
import { batchWrites, RedisStore } from "../../../webapp/session";
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

  const make = (lifetimes: { idleSeconds: number; maxAgeSeconds: number }) =>
    new RedisStore(redis, { prefix: "session:", ...lifetimes });

  storeContract(make);

  it("leaves no key without expiry and no partial hash behind all of the above", async () => {
    const keys = await admin.keys("*");
    expect(keys.length).toBeGreaterThan(200);
    for (const key of keys) {
      // In one step: some of them end while we look.
      const look = admin.multi().pttl(key);
      if (key.startsWith("session:s:")) look.hexists(key, "createdAt");
      const [ttl, whole = 1] = ((await look.exec()) as [null, number][]).map(([, answer]) => answer);
      if (ttl === -2) continue;
      expect([key, ttl]).not.toEqual([key, -1]);
      expect([key, whole]).toEqual([key, 1]);
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
      const entry = { key: replyMapping, expiresAt: createdAt + 600_000 };
      expect(await store.enlisted(`user ${replyMapping}`)).toEqual([entry]);
      expect(await store.take(replyMapping)).toMatchObject({ createdAt, attributes });
    } finally {
      client.disconnect();
    }
  });

  it("reads in one command and writes in one", async () => {
    const store = make({ idleSeconds: 60, maxAgeSeconds: 600 });
    const createdAt = (await store.create("trips", new Map([["n", "1"]]))) as number;
    const sent = async (act: () => Promise<unknown>) => {
      const calls = async () => Number(/total_commands_processed:(\d+)/.exec(await admin.info("stats"))?.[1]);
      const before = await calls();
      await act();
      return (await calls()) - before - 1;
    };
    const inScript = { load: 2, update: 5, increment: 5 };
    expect(await sent(() => store.load("trips"))).toBe(1 + inScript.load);
    const changes = { set: new Map([["n", "2"]]), remove: [] };
    expect(await sent(() => store.update("trips", createdAt, changes))).toBe(1 + inScript.update);
    expect(await sent(() => store.increment("trips", createdAt, "n", 1))).toBe(1 + inScript.increment);
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
    await expect(store.load("foreign")).rejects.toMatchObject({ name: "StoreError", status: 503, expose: false });
    await expect(store.load("foreign")).rejects.not.toThrow(/foreign/);
    await admin.del(store.nameOf("foreign"));
  });

  it("is allowed nothing beyond its prefix and its commands", async () => {
    await expect(redis.hgetall("other:key")).rejects.toThrow(/NOPERM/);
    await expect(redis.keys("*")).rejects.toThrow(/NOPERM/);
    await expect(redis.flushall()).rejects.toThrow(/NOPERM/);
    await expect(redis.call("CONFIG", "GET", "*")).rejects.toThrow(/NOPERM/);
  });
});
