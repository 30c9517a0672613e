import { createClient } from "@redis/client";
import type * as Ioredis from "ioredis";
import * as Iovalkey from "iovalkey";
import { batchWrites, RedisStore } from "../../../webapp/session";
import { startRedisCluster } from "../../programs/redis-cluster";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { storeContract } from "./store-contract";
import { LIMITS, SEEN, walk } from "./walk";

type Options = Omit<Ioredis.RedisOptions, "replyMapping"> & { replyMapping?: "legacy" | "resp3" };

/** Options that change how a client asks, and the form of what it hears. */
const OPTIONS: Record<string, Options> = {
  none: {},
  stringNumbers: { stringNumbers: true },
  keyPrefix: { keyPrefix: "tenant:" },
  enableAutoPipelining: { enableAutoPipelining: true },
  showFriendlyErrorStack: { showFriendlyErrorStack: true },
  "no ready check": { enableReadyCheck: false, disableClientInfo: true },
  "all of these": { stringNumbers: true, keyPrefix: "all:", enableAutoPipelining: true, showFriendlyErrorStack: true },
};
const pick = (...names: string[]) => Object.fromEntries(names.map((name) => [name, OPTIONS[name] ?? {}]));
const RESP3: Record<string, Options> = {
  "protocol 3": { protocol: 3 },
  "replyMapping resp3": { protocol: 3, replyMapping: "resp3" },
  "replyMapping resp3, stringNumbers": { protocol: 3, replyMapping: "resp3", stringNumbers: true },
};

describe.each([
  { name: "ioredis 5", file: require.resolve("ioredis-5"), options: OPTIONS },
  { name: "ioredis 6", file: require.resolve("ioredis"), options: { ...OPTIONS, ...RESP3 } },
  { name: "iovalkey", file: require.resolve("iovalkey"), options: pick("none", "all of these") },
])("a client of $name", ({ file, options }) => {
  const { Cluster, Redis } = jest.requireActual<typeof Ioredis>(file);

  describeWith(["redis-server"], "gives the same sessions", () => {
    let server: RedisServer;
    beforeEach(async () => {
      server = await startRedis();
    });
    afterEach(() => server.stop());

    it.each(Object.entries(options))("with %s", async (_, given) => {
      const redis = new Redis({ ...given, port: server.port });
      try {
        expect(await walk(redis)).toEqual(SEEN);
      } finally {
        redis.disconnect();
      }
    });

    it("in cluster mode, with what nodes are given", async () => {
      const servers = await startRedisCluster(3);
      const cluster = new Cluster([{ host: "127.0.0.1", port: servers.nodes[0]?.port as number }], {
        redisOptions: { stringNumbers: true, showFriendlyErrorStack: true },
        keyPrefix: "tenant:",
      });
      try {
        expect(await walk(cluster)).toEqual(SEEN);
      } finally {
        cluster.disconnect();
        await servers.stop();
      }
    });
  });

  it.each([
    ["readOnly", { readOnly: true }, "true"],
    ["monitor", { monitor: true }, "true"],
    ["role", { role: "slave", sentinels: [{ host: "127.0.0.1", port: 1 }], name: "primary" }, '"slave"'],
  ] as const)("is refused where it does not ask the primary: %s", (option, given, got) => {
    const redis = new Redis({ ...given, lazyConnect: true } as Options);
    expect(() => new RedisStore(redis, LIMITS)).toThrow(
      new RegExp(`^session store: the client's option ${option}: got ${got}, allowed: `),
    );
  });

  it("is refused in cluster mode with enableAutoPipelining, whose first command would end the process", () => {
    const cluster = new Cluster([{ host: "127.0.0.1", port: 1 }], { lazyConnect: true, enableAutoPipelining: true });
    expect(() => new RedisStore(cluster, LIMITS)).toThrow(/option enableAutoPipelining: got true, allowed: false/);
  });

  const readers: Ioredis.ClusterOptions["scaleReads"][] = ["slave", "all", () => []];
  it.each(readers)("is refused in cluster mode where it reads from replicas: scaleReads %p", (scaleReads) => {
    const cluster = new Cluster([{ host: "127.0.0.1", port: 1 }], { lazyConnect: true, scaleReads });
    expect(() => new RedisStore(cluster, LIMITS)).toThrow(
      /^session store: the client's option scaleReads: got .*, allowed: "master"$/,
    );
  });
});

describeWith(["redis-server"], "RedisStore", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  describe.each([
    ["ioredis 5", require.resolve("ioredis-5")],
    ["iovalkey", require.resolve("iovalkey")],
  ])("with a client of %s", (_name, file) => {
    const { Redis } = jest.requireActual<typeof Ioredis>(file);
    let redis: Ioredis.Redis;
    beforeAll(() => {
      redis = new Redis({ port: server.port });
    });
    afterAll(() => redis.disconnect());

    storeContract((lifetimes) => new RedisStore(redis, { prefix: "session:", ...lifetimes }));
  });
});

describe("RedisStore", () => {
  it("takes the clients of iovalkey by their types", () => {
    const clients = [
      new Iovalkey.Redis({ lazyConnect: true }),
      new Iovalkey.Cluster([{ port: 1 }], { lazyConnect: true }),
    ];
    for (const client of clients) {
      batchWrites(client);
      expect(new RedisStore(client, LIMITS)).toBeInstanceOf(RedisStore);
    }
  });

  it.each([
    ["a client of node-redis itself", createClient()],
    ["nothing", undefined],
  ])("refuses %s, and names the adapter", (_what, client) => {
    expect(() => new RedisStore(client as never, LIMITS)).toThrow(
      /^session store: client: got one without evalsha, allowed: a client of ioredis or iovalkey, fromNodeRedis\(client\)/,
    );
  });
});
