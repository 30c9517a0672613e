import { Redis } from "ioredis";
import { until } from "../harness/poll";
import type { Certificate } from "./certificate";
import { freePort, type RedisServer, startRedis } from "./redis-server";

export interface ElastiCacheOptions {
  /** Of the nodes' names. @default - no TLS */
  readonly certificate?: Certificate;
  /** Lines of an ACL file: who may log in beside the administrator. */
  readonly acl: readonly string[];
  /** Cluster mode with so many primaries. @default - one primary without cluster mode */
  readonly shards?: number;
  /** Of each primary. @default 0 */
  readonly replicas?: number;
  /** Arguments of each server: the parameters of its group. @default - none */
  readonly parameters?: readonly string[];
  /** Names the nodes go by in cluster mode, shard by shard, the primary first. @default - each is `localhost` */
  readonly names?: readonly string[];
}

/** One server of a replication group. */
export interface CacheNode {
  readonly name: string;
  /** From 0. */
  readonly shard: number;
  readonly server: RedisServer;
  /** A link of a user with all rights. */
  readonly admin: Redis;
}

/** Real redis-servers set up as ElastiCache's are: users by ACL, TLS only if at all, replicas, cluster mode. */
export interface ElastiCache {
  /** Port of the endpoint, on localhost. */
  readonly port: number;
  /** Shard by shard, the one that was primary at the start first. */
  readonly nodes: readonly CacheNode[];
  /** Links to all nodes, of a user with all rights. */
  readonly admins: readonly Redis[];
  stop(): Promise<void>;
}

const ADMIN = "user admin on >admin ~* &* +@all";
const SLOTS = 16_384;

/** @throws with what redis-server said, when it takes a parameter or an access string not. */
export async function startElastiCache(options: ElastiCacheOptions): Promise<ElastiCache> {
  const { shards, replicas = 0 } = options;
  const count = (shards ?? 1) * (replicas + 1);
  const started = await Promise.allSettled(Array.from({ length: count }, (_, n) => startNode(options, n)));
  const nodes = started.flatMap((node) => (node.status === "fulfilled" ? [node.value] : []));
  const stop = async () => {
    for (const { admin } of nodes) admin.disconnect();
    await Promise.all(nodes.map(({ server }) => server.stop()));
  };
  try {
    const failed = started.find((node) => node.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    if (shards !== undefined) await joinCluster(nodes, shards);
    await followPrimaries(nodes, shards !== undefined);
    if (shards !== undefined) {
      await until(async () => (await Promise.all(nodes.map(knows(shards, replicas)))).every(Boolean), "the cluster");
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: nodes[0]?.server.port as number, nodes, admins: nodes.map(({ admin }) => admin), stop };
}

async function startNode(options: ElastiCacheOptions, place: number): Promise<CacheNode> {
  const { certificate, acl, shards, replicas = 0, parameters = [], names = [] } = options;
  const name = names[place] ?? "localhost";
  const server = await startRedis({
    acl: [ADMIN, ...acl],
    ...(certificate && { tls: certificate }),
    args: [
      ...replicationArguments(certificate !== undefined),
      ...(shards === undefined ? [] : clusterArguments(await freePort(), name, certificate !== undefined)),
      ...parameters,
    ],
  });
  const tls = certificate && { servername: "localhost", rejectUnauthorized: false };
  const admin = new Redis({
    port: server.port,
    username: "admin",
    password: "admin",
    disableClientInfo: true,
    ...(tls && { tls }),
  });
  // A node that is killed closes its administrator's link: that is expected.
  admin.on("error", () => {});
  return { name, shard: Math.floor(place / (replicas + 1)), server, admin };
}

/** Clients are told of a replica once its primary has sent it something: a ping, every ten seconds by default. */
function replicationArguments(tls: boolean): string[] {
  const login = ["--masteruser", "admin", "--masterauth", "admin"];
  const soon = ["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"];
  return [...login, ...soon, ...(tls ? ["--tls-replication", "yes"] : [])];
}

/** Nodes tell clients their name, since TLS checks it. */
function clusterArguments(busPort: number, name: string, tls: boolean): string[] {
  const mode = ["--cluster-enabled", "yes", "--cluster-port", String(busPort), "--cluster-node-timeout", "2000"];
  const names = ["--cluster-announce-hostname", name, "--cluster-preferred-endpoint-type", "hostname"];
  return [...mode, ...names, ...(tls ? ["--tls-cluster", "yes"] : [])];
}

/** Primaries get their slots, and all nodes know each other. */
async function joinCluster(nodes: readonly CacheNode[], shards: number): Promise<void> {
  const share = Math.ceil(SLOTS / shards);
  const addresses = await Promise.all(
    nodes.map(async ({ admin, server }) => [server.port, (await admin.config("GET", "cluster-port"))[1]].map(String)),
  );
  await Promise.all(
    nodes.map(async (node, place) => {
      const { shard, admin } = node;
      await admin.cluster("SET-CONFIG-EPOCH", place + 1);
      if (findPrimary(nodes, shard) === node) {
        await admin.cluster("ADDSLOTSRANGE", shard * share, Math.min(SLOTS, (shard + 1) * share) - 1);
      }
      // Each is told of all others at once: to hear of them from one another takes seconds.
      const others = addresses.slice(place + 1);
      await Promise.all(others.map((address) => admin.call("CLUSTER", "MEET", "127.0.0.1", ...address)));
    }),
  );
  const all = `cluster_known_nodes:${nodes.length}\r`;
  const infos = () => Promise.all(nodes.map(({ admin }) => admin.cluster("INFO")));
  await until(async () => (await infos()).every((info) => String(info).includes(all)), "the nodes to meet");
}

/** Each replica follows the primary of its shard, and is in step with it. */
async function followPrimaries(nodes: readonly CacheNode[], clusterMode: boolean): Promise<void> {
  const replicas = nodes.filter((node) => findPrimary(nodes, node.shard) !== node);
  await Promise.all(
    replicas.map(async ({ shard, admin }) => {
      const { admin: primary, server } = findPrimary(nodes, shard);
      if (!clusterMode) return admin.replicaof("127.0.0.1", server.port);
      const id = String(await primary.cluster("MYID"));
      return until(() => admin.cluster("REPLICATE", id), "a replica to know its primary");
    }),
  );
  const inStep = async ({ admin }: CacheNode) => (await admin.info("replication")).includes("master_link_status:up");
  await until(async () => (await Promise.all(replicas.map(inStep))).every(Boolean), "the replicas");
}

function findPrimary(nodes: readonly CacheNode[], shard: number): CacheNode {
  return nodes.find((node) => node.shard === shard) as CacheNode;
}

/** Whether a node knows the nodes of all shards, by host name. */
function knows(shards: number, replicas: number) {
  return async ({ admin }: CacheNode): Promise<boolean> => {
    const [info, ranges] = await Promise.all([admin.cluster("INFO"), admin.cluster("SLOTS")]);
    const served = ranges.length === shards && ranges.every(([, , ...nodes]) => nodes.length === replicas + 1);
    return String(info).includes("cluster_state:ok") && served;
  };
}
