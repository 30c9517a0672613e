import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { pack } from "./project";

const TYPESCRIPT = path.join(__dirname, "..", "..", "node_modules", "typescript", "bin", "tsc");
const LONG_MS = 300_000;

/** How an app opens a client of Redis, hands it to the session layer and closes it. */
interface Client {
  readonly names: string;
  readonly from: string;
  readonly open: string;
  /** Never called: the client in cluster mode has a type that fits. */
  readonly cluster: string;
  readonly close: string;
}

const ioredisOf = (from: string): Client => ({
  names: "{ Cluster, Redis }",
  from,
  open: `const redis = new Redis(Number(process.env.REDIS_PORT), "127.0.0.1", REDIS_OPTIONS);
batchWrites(redis);
const client = redis;
const ready = new Promise((resolve) => redis.once("ready", resolve));`,
  cluster: 'const cluster = new Cluster([{ host: "any" }]); batchWrites(cluster); return cluster;',
  close: "redis.disconnect();",
});
const NODE_REDIS: Client = {
  names: "{ createClient, createCluster }",
  from: "redis",
  open: `const redis = createClient({ url: "redis://127.0.0.1:" + process.env.REDIS_PORT, disableOfflineQueue: true });
redis.on("error", (error) => console.error(error));
const client = fromNodeRedis(redis);
const ready = redis.connect();`,
  cluster: "return fromNodeRedis(createCluster({ rootNodes: [] }));",
  close: "redis.destroy();",
};

/**
 * The oldest and the newest versions of the peers, and each client alone; README's own line, Koa 3 with ioredis 6, is in managers.test.ts.
 * ioredis exports `Redis` by that name from 5.3.0.
 */
const CASES: readonly { readonly peers: readonly string[]; readonly client: Client }[] = [
  { peers: ["koa@2.16.0", "@types/koa@2", "ioredis@5.3.0"], client: ioredisOf("ioredis") },
  { peers: ["koa@2", "@types/koa@2", "ioredis@6"], client: ioredisOf("ioredis") },
  { peers: ["koa@3", "@types/koa@3", "ioredis@5"], client: ioredisOf("ioredis") },
  { peers: ["koa@3", "@types/koa@3", "iovalkey@0.4"], client: ioredisOf("iovalkey") },
  { peers: ["koa@3", "@types/koa@3", "redis@5"], client: NODE_REDIS },
  { peers: ["koa@3", "@types/koa@3", "redis@6"], client: NODE_REDIS },
];
const OTHERS = ["koa-session@7", "zod@4", "@types/node@20"];

const NAMES = "{ batchWrites, createSessions, fromNodeRedis, REDIS_OPTIONS, RedisStore }";
const requireLines = ({ names, from }: Client) => `const Koa = require("koa");
const ${names} = require("${from}");
const { z } = require("zod");
const ${NAMES} = require("cdktf-session-store/session");
`;
const importLines = ({ names, from }: Client) => `import Koa from "koa";
import ${names} from "${from}";
import { z } from "zod";
import ${NAMES} from "cdktf-session-store/session";
`;
/** A visitor logs in and comes again: the app prints who it is and what Redis has counted. */
const body = ({ open, cluster, close }: Client) => `
const limits = { prefix: "session:", idleSeconds: 60, maxAgeSeconds: 120 };
const openCluster = () => { ${cluster} };
const openStore = () => new RedisStore(openCluster(), limits);
${open}
const store = new RedisStore(client, limits);
const schema = z.object({ visits: z.number().int().optional() });
const app = new Koa();
const sessions = createSessions(app, { store, schema, cookie: { secure: false } });
app.use(sessions.middleware);
app.use(async (ctx) => {
  const session = sessions.of(ctx);
  if (ctx.path === "/login") await session.login("ann");
  ctx.body = JSON.stringify([session.user, await session.increment("visits")]);
});
const server = app.listen(Number(process.env.PORT ?? 0), "127.0.0.1", async () => {
  await ready;
  const address = server.address();
  const url = "http://127.0.0.1:" + (typeof address === "object" && address !== null ? address.port : 0);
  const login = await fetch(url + "/login");
  const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  console.log(await (await fetch(url, { headers: { cookie } })).text());
  server.closeAllConnections();
  server.close();
  ${close}
});
`;

describeWith(["redis-server"], "the session layer, in a project of its own", () => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "session-peers-")));
  let redis: RedisServer;
  let tarball: string;
  beforeAll(async () => {
    tarball = pack();
    redis = await startRedis();
  }, LONG_MS);
  afterAll(async () => {
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(CASES.map((one) => [one.peers.join(", "), one] as const))(
    "with %s installs without a flag, runs in both module systems and is typed strictly",
    (name, { peers, client }) => {
      const project = path.join(folder, name.replaceAll(/[^\w.]+/g, "-"));
      mkdirSync(project);
      writeFileSync(path.join(project, "package.json"), '{ "name": "project", "private": true }\n');
      const run = (program: string, ...args: string[]) =>
        execFileSync(program, args, {
          cwd: project,
          env: { ...process.env, REDIS_PORT: String(redis.port) },
          encoding: "utf8",
          stdio: "pipe",
        });
      run("npm", "install", "--no-audit", "--no-fund", tarball, ...peers, ...OTHERS);
      const clients = ["ioredis", "iovalkey", "redis"];
      expect(clients.filter((one) => existsSync(path.join(project, "node_modules", one)))).toEqual([client.from]);
      writeFileSync(path.join(project, "one.cjs"), requireLines(client) + body(client));
      writeFileSync(path.join(project, "two.mjs"), importLines(client) + body(client));
      for (const file of ["one.cjs", "two.mjs"]) expect(run(process.execPath, file)).toBe('["ann",2]\n');
      for (const file of ["one.cts", "two.mts"])
        writeFileSync(path.join(project, file), importLines(client) + body(client));
      const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noEmit"];
      const target = ["--module", "node16", "--target", "es2022", "--types", "node"];
      run(process.execPath, TYPESCRIPT, ...strict, ...target, "one.cts", "two.mts");
    },
    LONG_MS,
  );
});
