import { execFile } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { until } from "../harness/poll";
import { type AppProcess, startApp } from "../programs/app-process";
import { type Balancer, startBalancer } from "../programs/balancer";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { moreVisits, rideOut } from "../programs/ride";
import { startProxy, type TcpProxy } from "../programs/tcp-proxy";
import { Visitor } from "../programs/visitor";

/** A node that has met no other does not know its address, and clients pass over a node without one. */
const ADDRESS = ["--cluster-announce-ip", "127.0.0.1"];
const CLUSTER = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", ...ADDRESS];
const LAST_SLOT = 16_383;
/** An eighth of all slots goes to each new shard. */
const MOVED_SLOTS = 2048;
/** Enough that sessions are in each part of the slots. */
const VISITORS = 40;
/** Slots move while visitors come, and not only when the machine is left to it. Milliseconds. */
const PAUSE_MS = 50;
const SERVED = 200;
const run = promisify(execFile);

/**
 * The steps of docs/upgrades.md on real redis-servers, while visitors come.
 *
 * A redis-server has no mode compatible. A cluster node that owns every slot stands for it: it serves clients with and without
 * the cluster protocol. The change to it is played as a failover: the node before saves its data and ends, the other node loads
 * them, and the name leads there. In mode enabled ElastiCache withdraws the primary endpoint, as this test does.
 */
describeWith(["redis-server", "redis-cli"], "from one primary to shards, while visitors come", () => {
  const links: Redis[] = [];
  const apps: AppProcess[] = [];
  const replaced: AppProcess[] = [];
  let single: RedisServer;
  let nodes: RedisServer[] = [];
  let primary: TcpProxy;
  let front: Balancer;

  const link = (server: RedisServer) => {
    const found = links.find(({ options }) => options.port === server.port);
    if (found !== undefined) return found;
    const one = new Redis({ port: server.port });
    one.on("error", () => {});
    links.push(one);
    return one;
  };
  const isAlive = ({ process }: RedisServer) => process.exitCode === null && process.signalCode === null;
  const sessions = async () => {
    const keys = await Promise.all([single, ...nodes].filter(isAlive).map((node) => link(node).keys("session:s:*")));
    return keys.flat();
  };
  const nodeId = async (node: RedisServer) => String(await link(node).cluster("MYID"));
  const manage = (...args: string[]) => run("redis-cli", ["--cluster", ...args]);
  const [first, second, third] = [0, 1, 2].map((place) => () => nodes[place] as RedisServer) as [
    () => RedisServer,
    () => RedisServer,
    () => RedisServer,
  ];

  beforeAll(async () => {
    single = await startRedis();
    const loads = ["--dir", single.dir, "--enable-debug-command", "yes"];
    nodes = await Promise.all([loads, [], []].map((more) => startRedis({ args: [...CLUSTER, ...more] })));
    await link(first()).cluster("ADDSLOTSRANGE", 0, LAST_SLOT);
    await until(async () => String(await link(first()).cluster("INFO")).includes("cluster_state:ok"), "the one shard");
    primary = await startProxy(single.port);
    for (let n = 0; n < 2; n++) await start({ REDIS_URL: `redis://127.0.0.1:${primary.port}` });
    front = await startBalancer(
      apps.map(({ url }) => url),
      { healthCheckPath: "/readyz", intervalMs: 100 },
    );
  }, 60_000);
  afterAll(async () => {
    await front?.stop();
    for (const app of [...apps, ...replaced]) await app.stop();
    await primary?.stop();
    for (const one of links) one.disconnect();
    await Promise.all([single, ...nodes].map((node) => node?.stop()));
  });

  async function start(variables: Readonly<Record<string, string>>): Promise<AppProcess> {
    const deployed = { SECRET_KEY: "k".repeat(32), TRUST_PROXY: "1", DRAIN_SECONDS: "1", LOGINS_PER_MINUTE: "1000000" };
    const app = await startApp({ LOG_LEVEL: "warn", ...deployed, ...variables });
    apps.push(app);
    return app;
  }

  /** Step 1. */
  async function toCompatible(): Promise<void> {
    const exit = once(single.process, "exit");
    link(single)
      .call("SHUTDOWN", "SAVE")
      .catch(() => {
        // It ends without an answer.
      });
    await exit;
    await link(first()).call("DEBUG", "RELOAD", "NOSAVE", "NOFLUSH");
    primary.target = first().port;
  }

  /** Step 2: a rolling replacement. Meanwhile apps with and without the cluster protocol share the sessions. */
  async function toClusterProtocol(): Promise<void> {
    const cluster = { REDIS_TLS: "false", REDIS_CLUSTER_MODE: "enabled" };
    replaced.push(...apps.splice(0));
    for (const app of replaced) {
      const next = await start({ REDIS_CLUSTER_ENDPOINT: `127.0.0.1:${first().port}`, ...cluster });
      await front.register(next.url);
      const exit = once(app.process, "exit");
      front.deregister(app.url);
      app.process.kill("SIGTERM");
      expect(await exit).toEqual([0, null]);
    }
  }

  /** Step 4. */
  async function addShards(): Promise<void> {
    const place = `127.0.0.1:${first().port}`;
    for (const node of [second(), third()]) {
      await manage("add-node", `127.0.0.1:${node.port}`, place);
      const known = async () => String(await link(first()).cluster("NODES")).includes(await nodeId(node));
      await until(known, "the new node");
      await until(async () => String(await link(node).cluster("INFO")).includes("cluster_state:ok"), "its state");
      await reshard(first(), node);
    }
  }

  async function removeShard(): Promise<void> {
    await reshard(third(), first());
    await manage("del-node", `127.0.0.1:${first().port}`, await nodeId(third()));
  }

  async function reshard(from: RedisServer, to: RedisServer): Promise<void> {
    const which = ["--cluster-from", await nodeId(from), "--cluster-to", await nodeId(to)];
    const count = ["--cluster-slots", String(MOVED_SLOTS), "--cluster-yes"];
    await manage("reshard", `127.0.0.1:${first().port}`, ...which, ...count);
  }

  it("no session is lost and no visitor is logged out", async () => {
    let [compatible, sessionsOfNew] = [0, 0];
    const result = await rideOut({
      url: front.url,
      load: { visitors: VISITORS, pauseMs: PAUSE_MS },
      sessions,
      async strike(load) {
        await toCompatible();
        for (const { url } of apps) await until(async () => (await fetch(`${url}/readyz`)).ok, "each app to be ready");
        compatible = performance.now();
        await moreVisits(load, SERVED);
        await toClusterProtocol();
        await moreVisits(load, SERVED);
        await primary.stop();
        await moreVisits(load, SERVED);
        await addShards();
        await moreVisits(load, SERVED);
        const counts = [second(), third()].map(async (node) => (await link(node).keys("session:s:*")).length);
        sessionsOfNew = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
        await removeShard();
        await moreVisits(load, SERVED);
      },
    });
    expect(sessionsOfNew).toBeGreaterThan(0);
    expect(result.sessions).toBeGreaterThanOrEqual(VISITORS);
    expect([result.lost, result.loggedOut]).toEqual([0, 0]);
    // The change to mode compatible is a failover: requests may wait for it in vain. No later step fails one.
    expect(result.failed.filter(({ start: began }) => began > compatible)).toEqual([]);
    expect(result.failed.filter(({ status, problem }) => status !== 503 || problem !== undefined)).toEqual([]);
  }, 300_000);

  it("a client without the cluster protocol is refused part of the sessions, with MOVED", async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) => link(first()).get(`session:s:${n}`)),
    );
    const refused = answers.flatMap((one) => (one.status === "rejected" ? [String(one.reason)] : []));
    expect(refused.length).toBeGreaterThan(0);
    for (const reason of refused) expect(reason).toContain("MOVED");
    const app = await start({ REDIS_URL: `redis://127.0.0.1:${first().port}` });
    const pages = await Promise.all(
      Array.from({ length: 40 }, (_, n) => new Visitor(app.url).login(`late-${n}`).then(String, String)),
    );
    expect(pages.join("\n")).toContain("login answered 503");
  }, 30_000);
});
