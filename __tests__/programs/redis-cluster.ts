import { Redis } from "ioredis";
import { until } from "../harness/poll";
import { type RedisServer, startRedis } from "./redis-server";

const SLOTS = 16_384;
/** Its slot is 866, of the first primary. */
const KEY_OF_FIRST = "hello";
/** A replica that comes does not wait for others to come. */
const NO_DELAY = ["--repl-diskless-sync-delay", "0"];
const CLUSTER_NODE = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...NO_DELAY];

export interface RedisNodes {
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/** Real redis-servers in cluster mode, primaries only, each with its share of the slots. */
export async function startRedisCluster(primaries: number, args: readonly string[] = []): Promise<RedisNodes> {
  const own = [...CLUSTER_NODE, ...args];
  const nodes = await Promise.all(Array.from({ length: primaries }, () => startRedis({ args: own })));
  const links = nodes.map(({ port }) => new Redis({ port }));
  const share = Math.ceil(SLOTS / primaries);
  await Promise.all(
    links.map(async (link, i) => {
      await link.cluster("ADDSLOTSRANGE", i * share, Math.min(SLOTS, (i + 1) * share) - 1);
      await link.cluster("MEET", "127.0.0.1", nodes[0]?.port as number);
    }),
  );
  await until(async () => {
    const infos = await Promise.all(links.map(async (link) => String(await link.cluster("INFO"))));
    return infos.every(
      (info) => info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${primaries}`),
    );
  }, "the cluster");
  for (const link of links) link.disconnect();
  return {
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

/** A replica of the first primary, once all nodes know it. The caller stops it. */
export async function addReplica({ nodes }: RedisNodes): Promise<RedisServer> {
  const replica = await startRedis({ args: CLUSTER_NODE });
  const link = new Redis({ port: replica.port });
  const links = nodes.map(({ port }) => new Redis({ port }));
  try {
    const id = String(await links[0]?.cluster("MYID"));
    await link.cluster("MEET", "127.0.0.1", nodes[0]?.port as number);
    await until(async () => (await link.cluster("REPLICATE", id)) === "OK", "the replica's primary");
    await until(async () => (await link.info("replication")).includes("master_link_status:up"), "the replica's link");
    await until(async () => {
      // A node shows clients a replica that has received something (cluster.c, isReplicaAvailable).
      await links[0]?.set(KEY_OF_FIRST, "");
      const views = await Promise.all(links.map(async (node) => JSON.stringify(await node.cluster("SLOTS"))));
      return views.every((view) => view.includes(String(replica.port)));
    }, "the replica in the view of all nodes");
  } finally {
    for (const one of [link, ...links]) one.disconnect();
  }
  return replica;
}
