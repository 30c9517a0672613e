import { Redis } from "ioredis";
import { until } from "../harness/poll";
import { startRedisCluster } from "../programs/redis-cluster";
import { type RedisServer, startRedis } from "../programs/redis-server";

/** Shorter than ElastiCache's, which detects in its own way: a replica takes over within seconds. Milliseconds. */
const NODE_TIMEOUT_MS = 1000;

/** Redis in cluster mode: primaries with one replica each. */
export interface Shards {
  readonly primaries: readonly RedisServer[];
  link(port: number): Redis;
  /** Moves slots of the first primary to the second, those with keys first, as redis-cli's reshard does. */
  moveSlots(count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startShards(shards: number): Promise<Shards> {
  const own = ["--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"];
  const timeout = ["--cluster-node-timeout", String(NODE_TIMEOUT_MS)];
  const { nodes, stop } = await startRedisCluster(shards, [...own.slice(2), ...timeout]);
  const replicas = await Promise.all(nodes.map(() => startRedis({ args: [...own, ...timeout] })));
  const links: Redis[] = [];
  const link = (port: number) => {
    const one = new Redis({ port, disconnectTimeout: 100 });
    one.on("error", () => {});
    links.push(one);
    return one;
  };
  await Promise.all(
    replicas.map(async ({ port }, i) => {
      const [primary, replica] = [nodes[i] as RedisServer, link(port)];
      const id = await link(primary.port).cluster("MYID");
      await replica.cluster("MEET", "127.0.0.1", primary.port);
      await until(async () => String(await replica.cluster("NODES")).includes(String(id)), "the nodes to meet");
      await until(async () => (await replica.cluster("REPLICATE", String(id))) === "OK", "the replica to be one");
      const streams = async () => (await link(primary.port).info("replication")).includes("state=online");
      await until(streams, "the replica to be in step");
    }),
  );
  await until(async () => {
    const seen = await Promise.all([...nodes, ...replicas].map(({ port }) => link(port).cluster("SLOTS")));
    return seen.every((ranges) => ranges.length >= shards && ranges.every((range) => range.length === 4));
  }, "everybody to know the replicas");
  return {
    primaries: nodes,
    link,
    async moveSlots(count) {
      const [from, to] = nodes as [RedisServer, RedisServer];
      const [giver, taker] = [link(from.port), link(to.port)];
      const [giverId, takerId] = [String(await giver.cluster("MYID")), String(await taker.cluster("MYID"))];
      const used = await Promise.all((await giver.keys("*")).map((key) => giver.cluster("KEYSLOT", key)));
      const slots = [...new Set([...used.map(Number), ...Array.from({ length: count }, (_, slot) => slot)])].slice(
        0,
        count,
      );
      for (const slot of slots) {
        await taker.cluster("SETSLOT", slot, "IMPORTING", giverId);
        await giver.cluster("SETSLOT", slot, "MIGRATING", takerId);
        const keys = (await giver.cluster("GETKEYSINSLOT", slot, 100)) as string[];
        if (keys.length > 0) await giver.migrate("127.0.0.1", to.port, "", 0, 5000, "KEYS", ...keys);
        await taker.cluster("SETSLOT", slot, "NODE", takerId);
        await giver.cluster("SETSLOT", slot, "NODE", takerId);
      }
    },
    async stop() {
      for (const one of links) one.disconnect();
      await Promise.all(replicas.map((replica) => replica.stop()));
      await stop();
    },
  };
}
