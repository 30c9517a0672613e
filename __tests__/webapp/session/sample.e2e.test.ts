import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Redis } from "ioredis";
import { until } from "../../harness/poll";
import { freePort, type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { startProxy, type TcpProxy } from "../../programs/tcp-proxy";
import { Visitor } from "../../programs/visitor";
import { readSample } from "./sample";

const ROOT = path.join(__dirname, "..", "..", "..");

describeWith(["redis-server"], "the sample in docs/sessions.md, as it is printed", () => {
  let folder: string;
  let server: RedisServer;
  let proxy: TcpProxy;
  let admin: Redis;
  let app: { url: string; stop(): Promise<void> };

  beforeAll(() => {
    execFileSync("npm", ["run", "--silent", "build:session"], { cwd: ROOT });
    folder = mkdtempSync(path.join(ROOT, "dist", "sample-"));
    writeFileSync(path.join(folder, "app.ts"), readSample());
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    server = await startRedis();
    proxy = await startProxy(server.port);
    admin = new Redis({ port: server.port });
    app = await startSample(proxy.port);
  }, 30_000);
  afterEach(async () => {
    await app.stop();
    admin.disconnect();
    await proxy.stop();
    await server.stop();
  });

  async function startSample(redisPort: number) {
    const port = await freePort();
    const env = { ...process.env, REDIS_URL: `redis://127.0.0.1:${redisPort}`, PORT: String(port) };
    const loader = path.join(ROOT, "cli", "typescript.cjs");
    const child = spawn(process.execPath, ["--require", loader, path.join(folder, "app.ts")], { env, stdio: "ignore" });
    const url = `http://127.0.0.1:${port}`;
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`the sample ended with ${child.exitCode}`);
      return (await fetch(url).catch(() => undefined))?.ok;
    }, "the sample");
    return {
      url,
      async stop() {
        child.kill("SIGKILL");
        await once(child, "exit");
      },
    };
  }

  async function logIn(): Promise<Visitor> {
    const ann = new Visitor(app.url);
    expect(await ann.post("/login")).toMatchObject({ status: 200, body: "Visits: 1" });
    return ann;
  }

  /** The key of the one session that has counted a visit. */
  async function findCounted(): Promise<string> {
    for (const key of await admin.keys("session:s:*")) if ((await admin.hget(key, "visits")) !== null) return key;
    throw new Error("no session has counted");
  }

  /** A request's status, and the seconds it took. */
  async function time(visitor: Visitor): Promise<{ status: number; seconds: number }> {
    const start = performance.now();
    const { status } = await visitor.get("/");
    return { status, seconds: (performance.now() - start) / 1000 };
  }

  it.each([
    ["is stopped", () => server.process.kill("SIGKILL")],
    ["is frozen", () => server.process.kill("SIGSTOP")],
    ["is out of reach", () => proxy.partition()],
  ])(
    "answers 503 in time when Redis %s",
    async (_what, stop) => {
      const ann = await logIn();
      stop();
      for (let i = 0; i < 3; i++) {
        const { status, seconds } = await time(ann);
        expect(status).toBe(503);
        expect(seconds).toBeLessThan(3);
      }
    },
    30_000,
  );

  it("counts a visit once when the link is cut before Redis' answer is there, and fails the request", async () => {
    const ann = await logIn();
    const key = await findCounted();
    proxy.delayMs = 250;
    const answer = ann.get("/");
    await until(async () => (await admin.hget(key, "visits")) === "2", "the count");
    proxy.cut();
    proxy.delayMs = 0;
    expect((await answer).status).toBe(503);
    await until(async () => (await new Visitor(app.url).get("/")).status === 200, "the next link");
    expect(await admin.hget(key, "visits")).toBe("2");
    expect((await ann.get("/")).body).toBe("Visits: 3");
  }, 30_000);
});
