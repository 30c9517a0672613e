import { Cluster, Redis } from "ioredis";
import { RedisStore } from "../../../../webapp/session";
import { until } from "../../../harness/poll";
import { type RedisNodes, startRedisCluster } from "../../../programs/redis-cluster";
import { type RedisServer, startRedis } from "../../../programs/redis-server";
import { describeWith } from "../../../programs/require";
import { type Listening, Visitor } from "../../../programs/visitor";
import { createKoaRedis, KOA_SESSIONS, type KoaRedis, startNewApp, startOldApp } from "./apps";

const VISITORS = Number(process.env.ADOPTION_VISITORS ?? 10_000);
const SERVERS = 4;
/** Visitors who have a request under way at a time. */
const AT_ONCE = 32;
/** Each visitor adds so many items to the cart while servers are replaced. */
const ITEMS = 3;

/** A server behind the load balancer. */
interface Target {
  app: Listening;
  isNew: boolean;
  isLeaving: boolean;
  requests: number;
}

/** A visitor with the server that the load balancer's own cookie names (stickiness). */
interface Customer {
  readonly user: string;
  readonly visitor: Visitor;
  readonly cart: string[];
  target?: Target;
}

describeWith(["redis-server"], `${VISITORS} visitors, while one server after the other is replaced`, () => {
  let server: RedisServer;
  let servers: RedisNodes;
  let redis: Redis;
  let cluster: Cluster;
  beforeAll(async () => {
    [server, servers] = await Promise.all([startRedis(), startRedisCluster(3)]);
    redis = new Redis({ port: server.port });
    cluster = new Cluster([{ host: "127.0.0.1", port: servers.nodes[0]?.port as number }]);
    await cluster.ping();
  }, 20_000);
  afterAll(async () => {
    redis.disconnect();
    cluster.disconnect();
    await Promise.all([server.stop(), servers.stop()]);
  });

  it.each([
    ["koa-redis", "one node"],
    ["signed cookies", "one node"],
    ["koa-redis", "cluster mode"],
  ] as const)(
    "from %s to Redis of %s: no visitor is logged out, no attribute is lost, each has one session",
    async (kept, mode) => {
      const client = mode === "cluster mode" ? cluster : redis;
      const stores: KoaRedis[] = [];
      const openStore = () => {
        if (kept === "signed cookies") return undefined;
        const store = createKoaRedis(server.port);
        stores.push(store);
        return store;
      };
      const prefix = `${kept.replace(" ", "-")}:`;
      const startNew = () =>
        startNewApp(new RedisStore(client, { prefix, idleSeconds: 3600, maxAgeSeconds: 7200 }), openStore());
      const targets: Target[] = await Promise.all(
        Array.from({ length: SERVERS }, async () => ({
          app: await startOldApp(KOA_SESSIONS["koa-session 6"](), openStore()),
          isNew: false,
          isLeaving: false,
          requests: 0,
        })),
      );
      const running = new Set(targets.map(({ app }) => app));
      const seen = { loggedOut: 0, lost: 0 };

      const ask = async (customer: Customer, path: string) => {
        if (customer.target === undefined || customer.target.isLeaving) {
          const open = targets.filter(({ isLeaving }) => !isLeaving);
          customer.target = open[Math.floor(Math.random() * open.length)] as Target;
        }
        const { target } = customer;
        target.requests++;
        try {
          const { status, body } = await customer.visitor.get(target.app.url + path);
          if (status !== 200) throw new Error(`${path}: ${status}`);
          return JSON.parse(body) as { user?: string; cart?: string[] };
        } finally {
          target.requests--;
        }
      };
      const judge = (customer: Customer, { user, cart = [] }: { user?: string; cart?: string[] }) => {
        if (user !== customer.user) seen.loggedOut++;
        if (String(cart) !== String(customer.cart)) seen.lost++;
      };
      const replace = async (target: Target) => {
        target.isLeaving = true;
        await until(() => target.requests === 0, "the last request of a server");
        await target.app.stop();
        running.delete(target.app);
        target.app = await startNew();
        running.add(target.app);
        Object.assign(target, { isNew: true, isLeaving: false });
      };
      const forAll = async (customers: readonly Customer[], act: (customer: Customer, i: number) => Promise<void>) => {
        let next = 0;
        const work = async () => {
          for (let i = next++; i < customers.length; i = next++) await act(customers[i] as Customer, i);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
      };

      try {
        const customers = Array.from({ length: VISITORS }, (_, i) => ({
          user: `user${i}`,
          visitor: new Visitor(""),
          cart: [] as string[],
        }));
        await forAll(customers, async (customer) =>
          judge(customer, await ask(customer, `/login?user=${customer.user}`)),
        );
        let done = 0;
        const replacing: Promise<void>[] = [];
        // A server is replaced after each share of the requests; all are new before the last round.
        const every = Math.floor((VISITORS * (ITEMS - 1)) / (SERVERS + 1));
        for (let item = 0; item < ITEMS; item++) {
          await forAll(customers, async (customer) => {
            customer.cart.push(`item${item}`);
            judge(customer, await ask(customer, `/add?item=item${item}`));
            for (const answer of await Promise.all([ask(customer, "/"), ask(customer, "/")])) judge(customer, answer);
            const target = targets[replacing.length];
            if (++done % every === 0 && target !== undefined) replacing.push(replace(target));
          });
        }
        await Promise.all(replacing);
        expect(targets.every(({ isNew }) => isNew)).toBe(true);
        await forAll(customers, async (customer) => judge(customer, await ask(customer, "/")));
        expect(seen).toEqual({ loggedOut: 0, lost: 0 });
        const nodes = mode === "cluster mode" ? cluster.nodes("master") : [redis];
        const counts = await Promise.all(
          nodes.map((node) => node.eval("return #redis.call('KEYS', ARGV[1])", 0, `${prefix}s:*`)),
        );
        expect(counts.reduce<number>((sum, count) => sum + Number(count), 0)).toBe(VISITORS);
      } finally {
        await Promise.all([...running].map((app) => app.stop()));
        for (const store of stores) store.client.disconnect();
      }
    },
    900_000,
  );
});
