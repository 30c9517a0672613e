import { execFileSync } from "node:child_process";
import { Redis } from "ioredis";
import type { Certificate } from "./certificate";
import { until } from "./poll";
import { freePort, type RedisServer, startRedis } from "./redis-server";

export interface ElastiCacheOptions {
  /** Of `localhost`: the name each node goes by, as ElastiCache's nodes have names too. */
  readonly certificate: Certificate;
  /** Lines of an ACL file: who may log in beside the administrator. */
  readonly acl: readonly string[];
  /** Cluster mode with so many primaries. @default - one node without cluster mode */
  readonly shards?: number;
  /** Of each primary, in cluster mode. @default 0 */
  readonly replicas?: number;
}

/** Real redis-servers set up as ElastiCache's are: TLS only, users by ACL, in cluster mode with replicas. */
export interface ElastiCache {
  /** Port of the endpoint, on localhost. */
  readonly port: number;
  /** Links to all nodes, of somebody who may do everything. */
  readonly admins: readonly Redis[];
  stop(): Promise<void>;
}

const ADMIN = "user admin on >admin ~* &* +@all";

export async function startElastiCache(options: ElastiCacheOptions): Promise<ElastiCache> {
  const { certificate, acl, shards, replicas = 0 } = options;
  const bus = new Map<RedisServer, number>();
  const start = async () => {
    const busPort = await freePort();
    const server = await startRedis({
      acl: [ADMIN, ...acl],
      tls: certificate,
      args: shards === undefined ? [] : clusterArguments(busPort),
    });
    bus.set(server, busPort);
    return server;
  };
  const servers = await Promise.all(Array.from({ length: (shards ?? 1) * (replicas + 1) }, start));
  const admins = servers.map(({ port }) => {
    const tls = { servername: "localhost", rejectUnauthorized: false };
    return new Redis({ port, username: "admin", password: "admin", tls, disableClientInfo: true });
  });
  if (shards !== undefined) {
    join(
      servers.map((server) => `127.0.0.1:${server.port}@${bus.get(server)}`),
      replicas,
    );
    await until(async () => (await Promise.all(admins.map(knows(shards, replicas)))).every(Boolean), "the cluster");
  }
  return {
    port: servers[0]?.port as number,
    admins,
    async stop() {
      for (const admin of admins) admin.disconnect();
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

/** Nodes tell clients their name, since TLS checks it. */
function clusterArguments(busPort: number): string[] {
  const mode = ["--cluster-enabled", "yes", "--cluster-port", String(busPort), "--cluster-node-timeout", "2000"];
  const names = ["--cluster-announce-hostname", "localhost", "--cluster-preferred-endpoint-type", "hostname"];
  const links = ["--tls-cluster", "yes", "--tls-replication", "yes", "--masteruser", "admin", "--masterauth", "admin"];
  return [...mode, ...names, ...links, "--repl-diskless-sync-delay", "0"];
}

function join(nodes: readonly string[], replicas: number): void {
  const login = ["--user", "admin", "--pass", "admin", "--no-auth-warning", "--tls", "--insecure"];
  const create = ["--cluster", "create", ...nodes, "--cluster-replicas", String(replicas), "--cluster-yes"];
  execFileSync("redis-cli", [...login, ...create], { stdio: "pipe" });
}

/** Whether a node knows who serves what, by name, and is in step with its primary if it has one. */
function knows(shards: number, replicas: number) {
  return async (admin: Redis): Promise<boolean> => {
    const [info, ranges, role] = await Promise.all([
      admin.cluster("INFO"),
      admin.cluster("SLOTS"),
      admin.info("replication"),
    ]);
    const served = ranges.length === shards && ranges.every(([, , ...nodes]) => nodes.length === replicas + 1);
    const inStep = role.includes("role:master") || role.includes("master_link_status:up");
    return String(info).includes("cluster_state:ok") && served && inStep;
  };
}
