import { Redis } from "ioredis";
import { until } from "../../harness/poll";
import { runNode } from "../../programs/command";
import { freePort, type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

const SLOTS = 16_384;

/** Two masters, each with half of the slots. */
async function startCluster(): Promise<{ servers: RedisServer[]; nodes: Redis[] }> {
  const servers = await Promise.all(
    [0, 1].map(async () => {
      const bus = ["--cluster-port", String(await freePort())];
      return startRedis({ args: ["--cluster-enabled", "yes", ...bus] });
    }),
  );
  const nodes = servers.map(({ port }) => new Redis({ port, disableClientInfo: true }));
  const [first, second] = nodes as [Redis, Redis];
  await first.call("CLUSTER", "ADDSLOTSRANGE", "0", String(SLOTS / 2 - 1));
  await second.call("CLUSTER", "ADDSLOTSRANGE", String(SLOTS / 2), String(SLOTS - 1));
  const bus = String(((await second.config("GET", "cluster-port")) as string[])[1]);
  await first.call("CLUSTER", "MEET", "127.0.0.1", String(servers[1]?.port), bus);
  for (const node of nodes) {
    await until(async () => String(await node.call("CLUSTER", "INFO")).includes("cluster_state:ok"), "the cluster");
  }
  return { servers, nodes };
}

describeWith(["redis-server"], "inspect in cluster mode", () => {
  let servers: RedisServer[] = [];
  let nodes: Redis[] = [];

  beforeAll(async () => {
    ({ servers, nodes } = await startCluster());
  });
  afterAll(async () => {
    for (const node of nodes) node.disconnect();
    await Promise.all(servers.map((server) => server.stop()));
  });

  it("finds and ends the sessions of every master", async () => {
    const variables = { REDIS_URL: `redis://127.0.0.1:${servers[0]?.port}`, REDIS_CLUSTER_MODE: "enabled" };
    const inspect = (...args: string[]) => runNode(["webapp/dist/session-app.js", "inspect", ...args], variables);
    const now = Date.now();
    const fields = ["createdAt", now, "lastSeenAt", now, "idleSeconds", 1800, "user", '"ann"'];
    // A key's slot is the server's to say: each master takes its own and refuses the other's.
    let taken = [0, 0];
    for (let i = 0; i < 40; i++) {
      const writes = nodes.map((node) =>
        node.hset(`session:s:${i}`, ...fields).then(
          () => 1,
          () => 0,
        ),
      );
      taken = (await Promise.all(writes)).map((n, node) => n + (taken[node] ?? 0));
    }
    expect(taken[0]).toBeGreaterThan(0);
    expect(taken[1]).toBeGreaterThan(0);
    expect((await inspect()).stdout).toContain("\n40 sessions under session:\n");
    expect(await inspect("end", "ann", "--yes")).toMatchObject({
      code: 0,
      stdout: 'Ended 40 sessions of user "ann"\n',
    });
    expect(await Promise.all(nodes.map((node) => node.dbsize()))).toEqual([0, 0]);
  });
});
