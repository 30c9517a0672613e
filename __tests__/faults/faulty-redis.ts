import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { accessString } from "../../environment";
import { until } from "../harness/poll";
import { makeCertificate } from "../programs/certificate";
import { freePort, type RedisServer, startRedis } from "../programs/redis-server";
import { startProxy, type TcpProxy } from "../programs/tcp-proxy";

const PASSWORD = "a-password";

/** Redis as it is deployed (TLS, a user with the app's rights and no more) behind a proxy that can misbehave. */
export interface FaultyRedis {
  readonly port: number;
  /** Between the app and Redis. */
  readonly proxy: TcpProxy;
  /** The variables that lead the app through the proxy. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of the app's user. */
  readonly password: string;
  /** A file with the CA's certificate. */
  readonly ca: string;
  /** The server that runs now. */
  server(): RedisServer;
  /** May do everything, and does not go through the proxy. */
  admin(port?: number): Redis;
  /** Kills the server at once. */
  kill(): Promise<void>;
  /** The server again, on its port, with its data. */
  restart(): Promise<void>;
  /** A replica that has everything and hears of each write at once. */
  replica(): Promise<Replica>;
  stop(): Promise<void>;
}

export interface Replica {
  readonly port: number;
  readonly admin: Redis;
  /** Makes it a primary that lacks nothing. */
  promote(): Promise<void>;
}

export async function startFaultyRedis(args: readonly string[] = []): Promise<FaultyRedis> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "faults-"));
  const tls = makeCertificate(folder);
  const ca = readFileSync(tls.ca, "utf8");
  // Acknowledged writes are in the file when the process is killed; a flush under way would hold writes back.
  const kept = ["--appendonly", "yes", "--appendfsync", "no", "--appenddirname", "kept", "--tls-replication", "yes"];
  const replicas = ["--repl-diskless-sync-delay", "0", "--masteruser", "admin", "--masterauth", PASSWORD];
  const acl = [
    `user app ${accessString("session:").replace("on ", `on >${PASSWORD} `)}`,
    `user admin on >${PASSWORD} ~* &* +@all`,
    // Not "off": Redis 7.0 replays transactions of its append-only file as this user, and drops what it may not do.
    "user default on >unused-password ~* &* +@all",
  ];
  const start = (port: number, dir: string, more: readonly string[]) =>
    startRedis({ port, acl, tls, args: [...kept, ...replicas, "--dir", dir, ...more] });
  const fresh = () => mkdtempSync(path.join(folder, "data-"));

  const [port, data] = [await freePort(), fresh()];
  let server = await start(port, data, args);
  const proxy = await startProxy(port);
  const others: RedisServer[] = [];
  const links: Redis[] = [];
  const admin = (at = port) => {
    const login = { username: "admin", password: PASSWORD };
    const link = new Redis({
      host: "localhost",
      port: at,
      tls: { ca, servername: "localhost" },
      disconnectTimeout: 100,
      ...login,
    });
    link.on("error", () => {});
    links.push(link);
    return link;
  };
  return {
    port,
    proxy,
    password: PASSWORD,
    ca: tls.ca,
    variables: {
      REDIS_URL: `rediss://app:${PASSWORD}@localhost:${proxy.port}`,
      REDIS_CA_FILE: tls.ca,
    },
    server: () => server,
    admin,
    kill: () => server.stop(),
    async restart() {
      server = await start(port, data, args);
    },
    async replica() {
      const one = await start(await freePort(), fresh(), [...args, "--replicaof", "127.0.0.1", String(port)]);
      others.push(one);
      const [own, primary] = [admin(one.port), admin()];
      // The link is up before the primary streams to it: that begins with the replica's first word, up to 1 s later.
      await until(async () => (await primary.info("replication")).includes("state=online"), "the replica");
      return {
        port: one.port,
        admin: own,
        async promote() {
          // WAIT is about what this client wrote, and about nothing where it wrote nothing.
          await primary.set("last word", "1");
          await until(async () => (await primary.wait(1, 1000)) === 1, "the replica to hear the last word");
          await own.replicaof("NO", "ONE");
        },
      };
    },
    async stop() {
      for (const link of links) link.disconnect();
      await proxy.stop();
      for (const one of [server, ...others]) {
        one.process.kill("SIGCONT");
        await one.stop();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
