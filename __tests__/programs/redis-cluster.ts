import { Redis } from "ioredis";
import { until } from "../harness/poll";
import { type RedisServer, startRedis } from "./redis-server";

const SLOTS = 16_384;

export interface RedisNodes {
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/** Real redis-servers in cluster mode, primaries only, each with its share of the slots. */
export async function startRedisCluster(primaries: number, args: readonly string[] = []): Promise<RedisNodes> {
  const own = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...args];
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
