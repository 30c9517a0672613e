import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { pack } from "./project";

const TYPESCRIPT = path.join(__dirname, "..", "..", "node_modules", "typescript", "bin", "tsc");
const LONG_MS = 300_000;

/** The oldest and the newest versions of the peers; README's own line, Koa 3 with ioredis 6, is in managers.test.ts. */
const PAIRS = [
  ["koa@2.16.0", "@types/koa@2", "ioredis@5.0.0"],
  ["koa@2", "@types/koa@2", "ioredis@6"],
  ["koa@3", "@types/koa@3", "ioredis@5"],
];
const OTHERS = ["koa-session@7", "zod@4", "@types/node@20"];

const NAMES = "{ batchWrites, createSessions, RedisStore }";
const REQUIRE = `const Koa = require("koa");
const { Redis } = require("ioredis");
const { z } = require("zod");
const ${NAMES} = require("cdktf-session-store/session");
`;
const IMPORT = `import Koa from "koa";
import { Redis } from "ioredis";
import { z } from "zod";
import ${NAMES} from "cdktf-session-store/session";
`;
/** A visitor logs in and comes again: the app prints who it is and what Redis has counted. */
const BODY = `
const redis = new Redis(Number(process.env.REDIS_PORT), "127.0.0.1");
batchWrites(redis);
const store = new RedisStore(redis, { prefix: "session:", idleSeconds: 60, maxAgeSeconds: 120 });
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
  const address = server.address();
  const url = "http://127.0.0.1:" + (typeof address === "object" && address !== null ? address.port : 0);
  const login = await fetch(url + "/login");
  const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  console.log(await (await fetch(url, { headers: { cookie } })).text());
  server.closeAllConnections();
  server.close();
  redis.disconnect();
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

  it.each(PAIRS)(
    "with %s, %s and %s installs without a flag, runs in both module systems and is typed strictly",
    (...peers) => {
      const project = path.join(folder, peers.join("-").replaceAll(/[^\w.]+/g, "-"));
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
      writeFileSync(path.join(project, "one.cjs"), REQUIRE + BODY);
      writeFileSync(path.join(project, "two.mjs"), IMPORT + BODY);
      for (const file of ["one.cjs", "two.mjs"]) expect(run(process.execPath, file)).toBe('["ann",2]\n');
      for (const file of ["one.cts", "two.mts"]) writeFileSync(path.join(project, file), IMPORT + BODY);
      const strict = ["--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--noEmit"];
      run(
        process.execPath,
        TYPESCRIPT,
        ...strict,
        "--module",
        "node16",
        "--target",
        "es2022",
        "--types",
        "node",
        "one.cts",
        "two.mts",
      );
    },
    LONG_MS,
  );
});
