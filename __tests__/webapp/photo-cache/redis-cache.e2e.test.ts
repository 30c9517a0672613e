import type { RedisConnection } from "../../../environment";
import { photoAccessString } from "../../../environment/photo-cache";
import { Deadline } from "../../../webapp/deadline";
import { CacheRefusal } from "../../../webapp/photo-cache/cache";
import { RedisCache } from "../../../webapp/photo-cache/redis-cache";
import { logLines } from "../../harness/log-lines";
import { until } from "../../harness/poll";
import { startRedisCluster } from "../../programs/redis-cluster";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { startProxy, type TcpProxy } from "../../programs/tcp-proxy";

const soon = () => new Deadline(2000);

describeWith(["redis-server"], "Redis as a cache of photos", () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  let cache: RedisCache;
  const acl = [`user photo ${photoAccessString().replace("on ", "on nopass ")}`, "user default off"];

  beforeEach(async () => {
    server = await startRedis({ acl });
    proxy = await startProxy(server.port);
    const auth = { kind: "password", user: "photo", password: "any" } as const;
    const connection: RedisConnection = {
      ...{ host: "127.0.0.1", port: proxy.port, db: 0, tls: false, caFile: undefined, cluster: false },
      auth,
    };
    cache = new RedisCache(connection, logLines().log);
  });
  afterEach(async () => {
    cache.close();
    await proxy.stop();
    await server.stop();
  });

  test("sets and gets by the rights its user has on ElastiCache, from the first command on", async () => {
    await cache.set("photo:id:1", "é 写真", 60, soon());
    expect(await cache.get("photo:id:1", soon())).toBe("é 写真");
    expect(await cache.get("photo:id:2", soon())).toBeUndefined();
    expect(cache.report()).toEqual({ nodes: [{ host: "127.0.0.1", ip: "", port: proxy.port }] });
  });

  test("a key ends when its time is over", async () => {
    await cache.set("photo:id:1", "short", 1, soon());
    await until(async () => (await cache.get("photo:id:1", soon())) === undefined, "the end");
  });

  test("a key outside the user's rights is a refusal that names it, and does not stop later commands", async () => {
    await expect(cache.get("session:s:1", soon())).rejects.toThrow(CacheRefusal);
    await expect(cache.get("session:s:1", soon())).rejects.toThrow(/Redis at 127\.0\.0\.1:\d+: NOPERM/);
    expect(await cache.get("photo:id:1", soon())).toBeUndefined();
  });

  test("a link that is lost costs nothing: the command is sent once more", async () => {
    await cache.set("photo:id:1", "there", 60, soon());
    for (let i = 0; i < 5; i++) {
      proxy.cut();
      expect(await cache.get("photo:id:1", soon())).toBe("there");
    }
  });

  test("a link that went silent while frozen is given up in half the time, and the rest is enough", async () => {
    await cache.set("photo:id:1", "there", 60, soon());
    proxy.silence();
    const now = Date.now;
    jest.spyOn(Date, "now").mockImplementation(() => now() + 60_000);
    try {
      expect(await cache.get("photo:id:1", new Deadline(800))).toBe("there");
    } finally {
      jest.restoreAllMocks();
    }
  });

  test("a Redis that says nothing is waited for once, then left alone for a moment, and used again", async () => {
    await cache.set("photo:id:1", "there", 60, soon());
    proxy.partition();
    await expect(cache.get("photo:id:1", new Deadline(300))).rejects.toThrow(/Redis at 127\.0\.0\.1:\d+: no answer/);
    const start = performance.now();
    await expect(cache.get("photo:id:1", soon())).rejects.toThrow(/no answer/);
    expect(performance.now() - start).toBeLessThan(100);
    proxy.heal();
    await until(async () => (await cache.get("photo:id:1", soon())) === "there", "Redis");
  });

  test("a Redis that was killed fails in time, from the first command on", async () => {
    await server.stop();
    const start = performance.now();
    await expect(cache.get("photo:id:1", new Deadline(400))).rejects.toThrow(/Redis at 127\.0\.0\.1/);
    expect(performance.now() - start).toBeLessThan(800);
  });
});

describeWith(["redis-server"], "Redis in cluster mode as a cache of photos", () => {
  test("each photo on its own shard, by the rights its user has on ElastiCache", async () => {
    const rights = photoAccessString("cluster").split(" ").slice(1);
    const servers = await startRedisCluster(3, ["--user", "photo", "on", "nopass", ...rights]);
    const auth = { kind: "password", user: "photo", password: "any" } as const;
    const where = { host: "127.0.0.1", port: servers.nodes[0]?.port as number, db: 0, tls: false, caFile: undefined };
    const cache = new RedisCache({ ...where, cluster: true, auth }, logLines().log);
    try {
      const keys = Array.from({ length: 30 }, (_, i) => `photo:id:${i}`);
      for (const key of keys) await cache.set(key, `of ${key}`, 60, new Deadline(5000));
      for (const key of keys) expect(await cache.get(key, soon())).toBe(`of ${key}`);
      await expect(cache.get("session:s:1", soon())).rejects.toThrow(CacheRefusal);
    } finally {
      cache.close();
      await servers.stop();
    }
  });
});
