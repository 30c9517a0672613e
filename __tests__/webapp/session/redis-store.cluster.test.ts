import type { Cluster } from "ioredis";
import pino from "pino";
import { readEnvironment } from "../../../environment";
import { connectTo } from "../../../webapp/redis/connect";
import { RedisStore } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { type RedisNodes, startRedisCluster } from "../../programs/redis-cluster";
import { describeWith } from "../../programs/require";
import { storeContract } from "./store-contract";

describeWith(["redis-server"], "RedisStore in cluster mode, on three primaries", () => {
  let servers: RedisNodes;
  let cluster: Cluster;

  beforeAll(async () => {
    servers = await startRedisCluster(3);
    const { redis: connection } = readEnvironment({
      REDIS_CLUSTER_ENDPOINT: `127.0.0.1:${servers.nodes[0]?.port}`,
      REDIS_TLS: "false",
      REDIS_CLUSTER_MODE: "enabled",
    });
    if (connection === undefined) throw new Error("no connection");
    cluster = connectTo(connection, pino({ level: "silent" })) as Cluster;
    await until(() => cluster.ping(), "a connection");
  }, 20_000);
  afterAll(async () => {
    cluster?.disconnect();
    await servers?.stop();
  });

  storeContract((lifetimes) => new RedisStore(cluster, { prefix: "session:", ...lifetimes }));

  it("spreads sessions over all primaries, each with its expiry", async () => {
    for (const node of cluster.nodes("master")) {
      const keys = await node.keys("session:s:*");
      expect(keys.length).toBeGreaterThan(20);
      for (const key of keys.slice(0, 50)) expect(await node.pttl(key)).not.toBe(-1);
    }
  });
});
