import type * as Ioredis from "ioredis";
import Koa from "koa";
import { z } from "zod";
import { createSessions, RedisStore } from "../../../webapp/session";
import { startRedisCluster } from "../../programs/redis-cluster";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { listen, Visitor } from "../../programs/visitor";
import { storeContract } from "./store-contract";

const schema = z.object({ colour: z.string().optional(), visits: z.number().int().max(2).optional() });
const limits = { prefix: "session:", idleSeconds: 60, maxAgeSeconds: 600 };

/** The pages of a visitor who uses all of a session, one after the other. */
async function walk(redis: Ioredis.Redis | Ioredis.Cluster, App: typeof Koa = Koa): Promise<string[]> {
  const app = new App();
  app.silent = true;
  const sessions = createSessions(app, { store: new RedisStore(redis, limits), schema, cookie: { secure: false } });
  const pages: Record<string, (session: ReturnType<typeof sessions.of>) => unknown> = {
    "/login": (session) => session.login("Zoë 😀"),
    "/colour": (session) => {
      session.data.colour = "red";
    },
    "/increment": (session) => session.increment("visits"),
    "/renew": (session) => session.renew(),
    "/end-others": (session) => session.endOthers(),
    "/list": async (session) =>
      (await session.list()).map(({ ttlMs, createdAt }) => [ttlMs > 50_000, createdAt > 1e12]),
    "/logout": (session) => session.logout(),
  };
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    const session = sessions.of(ctx);
    const result = await pages[ctx.path]?.(session);
    ctx.body = JSON.stringify([result, ctx.path === "/logout" ? null : session.data]);
  });
  const { url, stop } = await listen(app);
  try {
    const [here, there] = [new Visitor(url), new Visitor(url)];
    await there.get("/login");
    const seen: string[] = [];
    const paths = ["/login", "/login", "/colour", "/increment", "/increment", "/increment", "/renew", "/list"];
    for (const path of [...paths, "/end-others", "/list", "/logout", "/"]) {
      const { status, body } = await here.get(path);
      seen.push(`${path} ${status} ${body}`);
    }
    return [...seen, (await there.get("/")).body];
  } finally {
    await stop();
  }
}

const USER = '"user":"Zoë 😀"';
const DATA = `${USER},"colour":"red","visits":2`;
const SEEN = [
  `/login 200 [null,{${USER}}]`,
  `/login 200 [null,{${USER}}]`,
  `/colour 200 [null,{${USER},"colour":"red"}]`,
  `/increment 200 [1,{${USER},"colour":"red","visits":1}]`,
  `/increment 200 [2,{${DATA}}]`,
  "/increment 500 Internal Server Error",
  `/renew 200 [null,{${DATA}}]`,
  `/list 200 [[[true,true],[true,true]],{${DATA}}]`,
  `/end-others 200 [1,{${DATA}}]`,
  `/list 200 [[[true,true]],{${DATA}}]`,
  "/logout 200 [null,null]",
  "/ 200 [null,{}]",
  "[null,{}]",
];

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
const RESP3: Record<string, Options> = {
  "protocol 3": { protocol: 3 },
  "replyMapping resp3": { protocol: 3, replyMapping: "resp3" },
  "replyMapping resp3, stringNumbers": { protocol: 3, replyMapping: "resp3", stringNumbers: true },
};

describe.each([
  { major: "5", file: require.resolve("ioredis-5"), options: OPTIONS },
  { major: "6", file: require.resolve("ioredis"), options: { ...OPTIONS, ...RESP3 } },
])("a client of ioredis $major", ({ file, options }) => {
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

    it("on Koa 2", async () => {
      const redis = new Redis({ port: server.port });
      try {
        expect(await walk(redis, jest.requireActual<typeof Koa>("koa-2"))).toEqual(SEEN);
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
    expect(() => new RedisStore(redis, limits)).toThrow(
      new RegExp(`^session store: the client's option ${option}: got ${got}, allowed: `),
    );
  });

  it("is refused in cluster mode with enableAutoPipelining, whose first command would end the process", () => {
    const cluster = new Cluster([{ host: "127.0.0.1", port: 1 }], { lazyConnect: true, enableAutoPipelining: true });
    expect(() => new RedisStore(cluster, limits)).toThrow(/option enableAutoPipelining: got true, allowed: false/);
  });

  const readers: Ioredis.ClusterOptions["scaleReads"][] = ["slave", "all", () => []];
  it.each(readers)("is refused in cluster mode where it reads from replicas: scaleReads %p", (scaleReads) => {
    const cluster = new Cluster([{ host: "127.0.0.1", port: 1 }], { lazyConnect: true, scaleReads });
    expect(() => new RedisStore(cluster, limits)).toThrow(
      /^session store: the client's option scaleReads: got .*, allowed: "master"$/,
    );
  });
});

describeWith(["redis-server"], "RedisStore with a client of ioredis 5", () => {
  const { Redis } = jest.requireActual<typeof Ioredis>(require.resolve("ioredis-5"));
  let server: RedisServer;
  let redis: Ioredis.Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis({ port: server.port });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  storeContract((lifetimes) => new RedisStore(redis, { prefix: "session:", ...lifetimes }));
});
