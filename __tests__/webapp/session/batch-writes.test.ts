import path from "node:path";
import type * as Ioredis from "ioredis";
import { batchWrites } from "../../../webapp/session";
import { startRedisCluster } from "../../programs/redis-cluster";
import { startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

/** How often the client hands its socket something to send. */
function countWrites({ stream }: Ioredis.Redis): () => number {
  const spies = [jest.spyOn(stream, "_write"), jest.spyOn(stream, "_writev")];
  return () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
}

/** Commands that go out in one write. */
const AT_ONCE = 16;
const MANY = Array.from({ length: 100 }, (_, i) => `key:${i}`);

describe.each([
  ["ioredis", "5", require.resolve("ioredis-5")],
  ["ioredis", "6", require.resolve("ioredis")],
  ["iovalkey", "0", require.resolve("iovalkey")],
])("with %s %s", (name, major, file) => {
  const { Cluster, Redis } = jest.requireActual<typeof Ioredis>(file);

  it("is tested with that version", () => {
    const manifest = path.join(path.dirname(file), "..", "package.json");
    const is = jest.requireActual<{ name: string; version: string }>(manifest);
    expect([is.name, is.version.split(".")[0]]).toEqual([name, major]);
  });

  describeWith(["redis-server"], "batchWrites", () => {
    it("sends what one turn asks in a write for every 16 commands, and answers each", async () => {
      const server = await startRedis();
      const redis = new Redis({ port: server.port });
      batchWrites(redis);
      try {
        await redis.ping();
        const writes = countWrites(redis);
        expect(await Promise.all(MANY.map((key) => redis.set(key, key)))).toEqual(MANY.map(() => "OK"));
        expect(await Promise.all(MANY.map((key) => redis.get(key)))).toEqual(MANY);
        expect(writes()).toBe(2 * Math.ceil(MANY.length / AT_ONCE));
      } finally {
        redis.disconnect();
        await server.stop();
      }
    });

    it("does so for each node of a cluster, those found later too", async () => {
      const servers = await startRedisCluster(3);
      const cluster = new Cluster([{ host: "127.0.0.1", port: servers.nodes[0]?.port as number }]);
      batchWrites(cluster);
      try {
        await cluster.ping();
        await Promise.all(cluster.nodes("master").map((node) => node.ping()));
        const counts = cluster.nodes("master").map(countWrites);
        expect(await Promise.all(MANY.map((key) => cluster.set(key, key)))).toEqual(MANY.map(() => "OK"));
        const sent = counts.map((writes) => writes());
        const keys = await Promise.all(cluster.nodes("master").map((node) => node.dbsize()));
        expect(sent).toEqual(keys.map((held) => Math.ceil(held / AT_ONCE)));
      } finally {
        cluster.disconnect();
        await servers.stop();
      }
    });
  });
});
