import * as five from "@redis/client";
import * as six from "redis-client-6";
import { accessString } from "../../../environment";
import { fromNodeRedis, type NodeRedisClient, type RedisClient, RedisStore } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { addReplica, type RedisNodes, startRedisCluster } from "../../programs/redis-cluster";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { startProxy, type TcpProxy } from "../../programs/tcp-proxy";
import { storeContract } from "./store-contract";
import { ANY, attributes, LONG } from "./stored";
import { LIMITS, SEEN, walk } from "./walk";

/** A client that a test has opened: `createClient` and `createCluster` of node-redis have these in common. */
interface Opened extends NodeRedisClient {
  on(event: "error", listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
}

const opened: Opened[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.destroy();
});

async function open<C extends Opened>(client: C): Promise<C> {
  client.on("error", () => {});
  await client.connect();
  opened.push(client);
  return client;
}

const TEXTS_AS_BUFFERS = { typeMapping: { [five.RESP_TYPES.BLOB_STRING]: Buffer, [five.RESP_TYPES.MAP]: Map } };

describeWith(["redis-server"], "a client of node-redis", () => {
  let server: RedisServer;
  let servers: RedisNodes;
  let rootNodes: { url: string }[];
  beforeAll(async () => {
    const app = `user app ${accessString("session:").replace("on ", "on nopass ")}`;
    [server, servers] = await Promise.all([
      startRedis({ acl: [app, "user default on nopass ~* &* +@all"] }),
      startRedisCluster(3),
    ]);
    rootNodes = servers.nodes.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` }));
  }, 20_000);
  afterAll(async () => {
    await Promise.all([server.stop(), servers.stop()]);
  });
  const url = () => `redis://127.0.0.1:${server.port}`;

  it.each<[string, () => Opened]>([
    ["5", () => five.createClient({ url: url() })],
    ["5, RESP3", () => five.createClient({ url: url(), RESP: 3 })],
    ["5, texts as buffers", () => five.createClient({ url: url(), RESP: 3, commandOptions: TEXTS_AS_BUFFERS })],
    ["6", () => six.createClient({ url: url() })],
    ["6, RESP2", () => six.createClient({ url: url(), RESP: 2 })],
    ["6, keyPrefix", () => six.createClient({ url: url(), keyPrefix: "tenant:" })],
    ["5, cluster mode", () => five.createCluster({ rootNodes, useReplicas: true })],
    ["6, cluster mode", () => six.createCluster({ rootNodes, useReplicas: true, keyPrefix: "tenant:" })],
  ])("gives the same sessions: %s", async (_, create) => {
    expect(await walk(fromNodeRedis(await open(create())))).toEqual(SEEN);
  });

  describe("of version 5, as the user the modules create", () => {
    let client: Opened;
    let redis: RedisClient;
    beforeAll(async () => {
      client = five.createClient({ url: url(), username: "app", password: "any", disableClientInfo: true });
      client.on("error", () => {});
      await client.connect();
      redis = fromNodeRedis(client);
    });
    afterAll(() => client.destroy());

    storeContract((lifetimes) => new RedisStore(redis, { prefix: "session:", ...lifetimes }));
  });

  describe("of version 6, in cluster mode", () => {
    let cluster: Opened;
    let redis: RedisClient;
    beforeAll(async () => {
      cluster = six.createCluster({ rootNodes });
      cluster.on("error", () => {});
      await cluster.connect();
      redis = fromNodeRedis(cluster);
    });
    afterAll(() => cluster.destroy());

    storeContract((lifetimes) => new RedisStore(redis, { prefix: "session:", ...lifetimes }));

    it("ends what is no session, as with a plain read", async () => {
      const store = new RedisStore(redis, LIMITS);
      await redis.eval("return redis.call('SET', KEYS[1], 'text')", 1, store.nameOf("text"));
      await expect(store.load("text")).rejects.toMatchObject({ name: "DamagedSessionError", detail: "no hash" });
      expect(await store.load("text")).toBeUndefined();
    });
  });

  it("asks no replica in cluster mode, where the client would", async () => {
    const replica = await addReplica(servers);
    try {
      const cluster = await open(six.createCluster({ rootNodes, useReplicas: true }));
      const store = new RedisStore(fromNodeRedis(cluster), LIMITS);
      expect(cluster.replicas).toHaveLength(1);
      replica.process.kill("SIGSTOP");
      for (let i = 0; i < 30; i++) {
        await store.create(`primary-${i}`, attributes({ n: i }));
        expect((await store.load(`primary-${i}`))?.attributes).toEqual(attributes({ n: i }));
        expect((await store.peek(`primary-${i}`))?.ttlMs).toBeGreaterThan(0);
        await store.enlist(`user-${i}`, `primary-${i}`);
        expect(await store.enlisted(`user-${i}`)).toHaveLength(1);
      }
    } finally {
      await replica.stop();
    }
  });

  it("reads from Redis, not from a client-side cache", async () => {
    const client = await open(six.createClient({ url: url(), clientSideCache: { ttl: 60_000 } }));
    const store = new RedisStore(fromNodeRedis(client), LIMITS);
    await store.create("cached", attributes({ n: 1 }));
    for (let i = 0; i < 3; i++) await store.load("cached");
    expect(client.clientSideCache?.stats()).toMatchObject({ hitCount: 0, missCount: 0 });
  });
});

describeWith(["redis-server"], "fromNodeRedis, with disableOfflineQueue", () => {
  let server: RedisServer;
  let proxy: TcpProxy;
  beforeEach(async () => {
    server = await startRedis();
    proxy = await startProxy(server.port);
  });
  afterEach(async () => {
    await proxy.stop();
    await server.stop();
  });
  const openStore = async (options = {}) => {
    const create = { url: `redis://127.0.0.1:${proxy.port}`, disableOfflineQueue: true };
    const clients = await Promise.all([open(five.createClient(create)), open(six.createClient(create))]);
    return clients.map((client, i) => new RedisStore(fromNodeRedis(client, options), { ...LONG, prefix: `v${i}:` }));
  };

  it("fails in time when Redis is frozen, and at once when it has stopped", async () => {
    const stores = await openStore({ commandTimeoutMs: 200 });
    await Promise.all(stores.map((store) => store.ping()));
    const failAll = () =>
      Promise.all(
        stores.map(async (store) => {
          const start = performance.now();
          await expect(store.load("any")).rejects.toMatchObject({ name: "StoreError", status: 503 });
          return performance.now() - start;
        }),
      );
    server.process.kill("SIGSTOP");
    for (const ms of await failAll()) expect(ms).toBeGreaterThan(190);
    server.process.kill("SIGKILL");
    await until(async () => (await failAll()).every((ms) => ms < 100), "a failure at once");
  });

  it("counts once when the link is cut before Redis' answer is there", async () => {
    for (const store of await openStore()) {
      const createdAt = (await store.create("cut", attributes({ n: 0 }))) as number;
      proxy.delayMs = 100;
      const answer = store.increment("cut", { createdAt }, "n", 1, ANY);
      const late = expect(answer).rejects.toMatchObject({ name: "StoreError" });
      await until(async () => (await stored(server, store)) === "1", "the count");
      proxy.cut();
      proxy.delayMs = 0;
      await late;
      await until(() => store.ping().then(() => true), "the next link");
      expect(await stored(server, store)).toBe("1");
    }
  });
});

/** The counter of the session `cut`, read beside the store's own link. */
async function stored({ port }: RedisServer, store: RedisStore): Promise<string | null> {
  const client = await five.createClient({ url: `redis://127.0.0.1:${port}` }).connect();
  try {
    return await client.hGet(store.nameOf("cut"), "n");
  } finally {
    client.destroy();
  }
}

describe("fromNodeRedis refuses", () => {
  it.each<[string, () => RedisClient, string]>([
    [
      "another client",
      () => fromNodeRedis({} as never),
      "client: got one without withTypeMapping, allowed: a client of",
    ],
    [
      "nothing",
      () => fromNodeRedis(undefined as never),
      "client: got one without withTypeMapping, allowed: a client of",
    ],
    [
      "a client that reads from replicas",
      () => fromNodeRedis(five.createClient({ readonly: true })),
      "the client's option readonly: got true, allowed: false",
    ],
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((commandTimeoutMs): [string, () => RedisClient, string] => [
      `${commandTimeoutMs} ms`,
      () => fromNodeRedis(five.createClient(), { commandTimeoutMs }),
      `commandTimeoutMs: got ${commandTimeoutMs}, allowed: milliseconds, above 0 up to 2147483647`,
    ]),
  ])("%s", (_what, make, message) => {
    expect(make).toThrow(`session: fromNodeRedis: ${message}`);
  });
});
