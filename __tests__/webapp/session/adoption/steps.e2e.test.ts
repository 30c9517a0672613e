import { createClient } from "@redis/client";
import type * as Ioredis from "ioredis";
import * as six from "redis-client-6";
import { fromNodeRedis, type RedisClient, RedisStore } from "../../../../webapp/session";
import { type RedisNodes, startRedisCluster } from "../../../programs/redis-cluster";
import { type RedisServer, startRedis } from "../../../programs/redis-server";
import { describeWith } from "../../../programs/require";
import { type Listening, Visitor } from "../../../programs/visitor";
import { LONG } from "../stored";
import { createKoaRedis, KOA_SESSIONS, type KoaRedis, type NewApp, startNewApp, startOldApp } from "./apps";
import { Process } from "./steps";

const ANN = { user: "ann", cart: ["tea"] };
const NOT_LOGGED_IN = {};
/** More steps than an adoption has. */
const MANY = 30;

/** Ports of Redis: of one node, and of a node in cluster mode. */
interface Ports {
  readonly single: number;
  readonly cluster: number;
}
interface Connected {
  readonly redis: RedisClient;
  close(): void;
}
type Connect = (ports: Ports) => Promise<Connected>;

const ioredis =
  (file: string, keyPrefix?: string): Connect =>
  async ({ cluster }) => {
    const { Cluster } = jest.requireActual<typeof Ioredis>(file);
    const redis = new Cluster([{ host: "127.0.0.1", port: cluster }], {
      ...(keyPrefix !== undefined && { keyPrefix }),
    });
    return { redis, close: () => redis.disconnect() };
  };
const nodeRedis =
  (open: (ports: Ports) => NodeRedis): Connect =>
  async (ports) => {
    const client = open(ports);
    client.on("error", () => {});
    await client.connect();
    return { redis: fromNodeRedis(client), close: () => client.destroy() };
  };
type NodeRedis = Parameters<typeof fromNodeRedis>[0] & {
  on(event: "error", listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
};
const url = (port: number) => `redis://127.0.0.1:${port}`;
const nodeRedis6 = (keyPrefix?: string) =>
  nodeRedis(({ cluster }) =>
    six.createCluster({ rootNodes: [{ url: url(cluster) }], ...(keyPrefix !== undefined && { keyPrefix }) }),
  );

const CLIENTS: Readonly<Record<string, Connect>> = {
  "node-redis 5, one node": nodeRedis(({ single }) => createClient({ url: url(single) })),
  "node-redis 6, one node, keyPrefix": nodeRedis(({ single }) =>
    six.createClient({ url: url(single), keyPrefix: "tenant:" }),
  ),
  "ioredis 5": ioredis(require.resolve("ioredis-5")),
  "ioredis 5, keyPrefix": ioredis(require.resolve("ioredis-5"), "tenant:"),
  "ioredis 6": ioredis(require.resolve("ioredis")),
  "ioredis 6, keyPrefix": ioredis(require.resolve("ioredis"), "tenant:"),
  "ioredis 6, keyPrefix with a hash tag": ioredis(require.resolve("ioredis"), "{tenant}:"),
  iovalkey: ioredis(require.resolve("iovalkey")),
  "iovalkey, keyPrefix": ioredis(require.resolve("iovalkey"), "tenant:"),
  "node-redis 6": nodeRedis6(),
  "node-redis 6, keyPrefix": nodeRedis6("tenant:"),
};

describeWith(["redis-server"], "an adoption, in cluster mode", () => {
  let server: RedisServer;
  let servers: RedisNodes;
  let koaRedis: KoaRedis;
  let old: Listening;
  beforeAll(async () => {
    [server, servers] = await Promise.all([startRedis(), startRedisCluster(3)]);
    koaRedis = createKoaRedis(server.port);
    old = await startOldApp(KOA_SESSIONS["koa-session 7"](), koaRedis);
  }, 20_000);
  afterAll(async () => {
    await old.stop();
    koaRedis.client.disconnect();
    await Promise.all([server.stop(), servers.stop()]);
  });

  describe.each(Object.entries(CLIENTS))("with a client of %s", (_, connect) => {
    let connected: Connected;
    let running: NewApp[] = [];
    beforeAll(async () => {
      connected = await connect({ single: server.port, cluster: servers.nodes[0]?.port as number });
    });
    afterEach(async () => {
      await Promise.all(running.map((app) => app.stop()));
      running = [];
    });
    afterAll(() => connected.close());

    /** Starts processes of the new app, which share sessions. */
    async function start(graceSeconds: number, processes: readonly Process[]): Promise<NewApp[]> {
      const prefix = `t${Math.random()}:`;
      const apps = await Promise.all(
        processes.map((process) => {
          const store = new RedisStore(process.redis(connected.redis), { prefix, ...LONG });
          return startNewApp(store, process.koaRedis(koaRedis), { graceSeconds });
        }),
      );
      running.push(...apps);
      return apps;
    }
    async function kill(app: NewApp): Promise<void> {
      running = running.filter((other) => other !== app);
      await app.stop();
    }
    async function logIn() {
      const ann = new Visitor("");
      await ann.get(`${old.url}/login?user=ann`);
      await ann.get(`${old.url}/add?item=tea`);
      return ann;
    }
    const at = async (visitor: Visitor, where: Listening, path = "/"): Promise<unknown> =>
      JSON.parse((await visitor.get(where.url + path)).body);

    it("makes one session of 20 first visits at once, at two servers", async () => {
      const apps = await start(0, [new Process(), new Process()]);
      const ann = await logIn();
      const tabs = Array.from({ length: 20 }, () => ann.copy());
      const answers = tabs.map((tab, i) => at(tab, apps[i % 2] as NewApp));
      expect(await Promise.all(answers)).toEqual(Array(20).fill(ANN));
      expect(new Set(tabs.map(({ cookies }) => cookies.get("id"))).size).toBe(1);
      expect(apps.flatMap(({ events }) => events).map(({ event }) => event)).toEqual(["adopted"]);
      expect([await apps[0]?.count("ann"), await at(ann, old)]).toEqual([1, NOT_LOGGED_IN]);
    });

    it("is finished by the next request, when the process dies before any of its steps", async () => {
      const deaths = await each(async (steps) => {
        const dying = new Process(steps);
        const [first, second] = (await start(0, [dying, new Process()])) as [NewApp, NewApp];
        const ann = await logIn();
        const answer = at(ann.copy(), first).then(
          () => "answered",
          () => "died",
        );
        if ((await Promise.race([answer, dying.stopped])) === undefined) await kill(first);
        expect([steps, await at(ann.copy(), second)]).toEqual([steps, ANN]);
        expect([steps, await second.count("ann"), await at(ann, old)]).toEqual([steps, 1, NOT_LOGGED_IN]);
        return (await answer) === "died";
      });
      expect(deaths).toBeGreaterThan(5);
    });

    it("undoes no logout that comes before any of its steps", async () => {
      const stops = await each(async (steps) => {
        const slow = new Process(steps);
        const [first, second] = (await start(10, [slow, new Process()])) as [NewApp, NewApp];
        const ann = await logIn();
        const tab = ann.copy();
        const replayed = ann.copy();
        const answer = tab.get(`${first.url}/`);
        const isStopped = (await Promise.race([answer, slow.stopped])) === undefined;
        await at(ann, second);
        await at(ann, second, "/logout");
        slow.goOn();
        expect((await answer).status).toBe(200);
        expect([steps, await at(tab, second), await at(replayed.copy(), second)]).toEqual([
          steps,
          NOT_LOGGED_IN,
          NOT_LOGGED_IN,
        ]);
        expect([steps, await second.count("ann"), await at(replayed, old)]).toEqual([steps, 0, NOT_LOGGED_IN]);
        return isStopped;
      });
      expect(stops).toBeGreaterThan(5);
    });
  });
});

/** Acts with 0 steps, 1, and so on, until the request had no step more; says how many steps it had. */
async function each(act: (steps: number) => Promise<boolean>): Promise<number> {
  for (let steps = 0; steps < MANY; steps++) if (!(await act(steps))) return steps;
  throw new Error(`an adoption has ${MANY} steps or more`);
}
