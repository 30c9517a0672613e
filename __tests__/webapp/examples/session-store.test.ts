import type { Cluster, Redis } from "ioredis";
import { type RedisConnection, readEnvironment } from "../../../environment";
import { SessionStore } from "../../../webapp/examples/session-store";
import { openRedis } from "../../../webapp/redis/open";
import { until } from "../../harness/poll";
import { describeWith } from "../../programs/require";
import { type RestrictedRedis, startRestrictedRedis } from "../../programs/restricted-redis";

describeWith(["redis-server"], "SessionStore of the examples", () => {
  let restricted: RestrictedRedis;
  let redis: Redis | Cluster;
  let serial = 0;
  let key: string;
  const store = (ttlSeconds?: number) => {
    key = `session:example:token-${++serial}`;
    return new SessionStore(`token-${serial}`, redis, ttlSeconds);
  };

  beforeAll(async () => {
    restricted = await startRestrictedRedis();
    redis = await openRedis(readEnvironment({ REDIS_URL: restricted.url }).redis as RedisConnection);
  });
  afterAll(async () => {
    redis.disconnect();
    await restricted.stop();
  });

  it("keeps fields of one hash", async () => {
    const visitor = store();
    await visitor.set("name", "山田");
    expect([await visitor.incr("visits"), await visitor.incr("visits")]).toEqual([1, 2]);
    expect([await visitor.get("name"), await visitor.get("visits"), await visitor.get("nope")]).toEqual([
      "山田",
      "2",
      null,
    ]);
    expect(await restricted.admin.hgetall(key)).toEqual({ name: "山田", visits: "2" });
  });

  it.each([
    { what: "set", write: (visitor: SessionStore) => visitor.set("name", "ann") },
    { what: "incr", write: (visitor: SessionStore) => visitor.incr("visits") },
  ])("gives the key ten seconds with its first $what, and again with the next", async ({ write }) => {
    const visitor = store();
    await write(visitor);
    expect(await restricted.admin.ttl(key)).toBe(10);
    await restricted.admin.expire(key, 2);
    await write(visitor);
    expect(await restricted.admin.ttl(key)).toBe(10);
  });

  it("refreshes what is there, forgets it in time, and makes nothing out of nothing", async () => {
    const visitor = store(1);
    await visitor.incr("visits");
    await restricted.admin.expire(key, 60);
    expect(await visitor.refresh()).toBe(true);
    expect(await restricted.admin.ttl(key)).toBe(1);
    await until(async () => (await visitor.get("visits")) === null, "the key to expire");
    expect(await visitor.refresh()).toBe(false);
    expect(await restricted.admin.exists(key)).toBe(0);
  });

  it("ends at once", async () => {
    const visitor = store();
    await visitor.set("name", "ann");
    await visitor.end();
    expect(await restricted.admin.exists(key)).toBe(0);
  });

  it("says when Redis refuses a write", async () => {
    const visitor = store();
    await visitor.set("visits", "many");
    await expect(visitor.incr("visits")).rejects.toThrow("hash value is not an integer");
  });
});
