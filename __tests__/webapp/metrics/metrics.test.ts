import { tracingChannel } from "node:diagnostics_channel";
import { Metrics } from "../../../webapp/metrics";
import { measureStore } from "../../../webapp/metrics/measure";
import { MemoryStore } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { type AppProcess, startApp } from "../../programs/app-process";
import { freePort, type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";

describeWith(["redis-server"], "the metrics of the deployed app", () => {
  let redis: RedisServer;
  let app: AppProcess;
  let metricsUrl: string;

  beforeAll(async () => {
    redis = await startRedis();
    const port = await freePort();
    metricsUrl = `http://127.0.0.1:${port}`;
    const url = `redis://127.0.0.1:${redis.port}`;
    app = await startApp({ REDIS_URL: url, METRICS_PORT: String(port), LOG_LEVEL: "silent" });
  }, 20_000);
  afterAll(async () => {
    await app?.stop();
    await redis?.stop();
  });

  const scrape = async () => (await fetch(`${metricsUrl}/metrics`)).text();

  it("count requests by route, steps at the store, session events and links to Redis", async () => {
    const ann = new Visitor(app.url);
    await ann.login("ann");
    await ann.get("/");
    await ann.get(`/${"x".repeat(50)}`);
    const text = await until(async () => {
      const now = await scrape();
      return now.includes('route="none",status="4xx"') && now;
    }, "the last request");
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="\/",status="2xx"} 2/);
    expect(text).toMatch(/http_request_duration_seconds_count\{method="POST",route="\/login",status="3xx"} 1/);
    expect(text).toMatch(/session_store_step_duration_seconds_count\{step="increment",outcome="ok"} 2/);
    expect(text).toMatch(/session_events_total\{event="login"} 1/);
    expect(text).toMatch(/redis_connects_total 1/);
    expect(text).toMatch(/redis_ready 1/);
    expect(text).toMatch(/process_resident_memory_bytes \d/);
  });

  it("hold no id, no name and no path a visitor made up", async () => {
    const ann = new Visitor(app.url);
    await ann.login("somebody-in-particular");
    await ann.get("/made-up-by-a-visitor");
    const text = await scrape();
    expect(text).not.toMatch(/somebody|made-up/);
    expect(text).not.toContain(ann.cookies.get("id"));
  });

  it("are on their own port alone, and nothing else is there", async () => {
    expect((await new Visitor(app.url).get("/metrics")).status).toBe(404);
    expect((await fetch(`${metricsUrl}/`)).status).toBe(404);
    expect((await fetch(`${metricsUrl}/metrics`, { method: "POST" })).status).toBe(404);
  });
});

describeWith(["redis-server"], "the session metrics of the deployed app", () => {
  it("are in its log, with the logins and steps of visitors, and the last line comes with the stop", async () => {
    const redis = await startRedis();
    const url = `redis://127.0.0.1:${redis.port}`;
    const app = await startApp({ REDIS_URL: url, SESSION_METRICS: "shop-app", LOG_LEVEL: "silent" });
    try {
      await new Visitor(app.url).login("ann");
      const refused = await fetch(`${app.url}/login`, {
        method: "POST",
        body: new URLSearchParams({ username: "bob" }),
      });
      expect(refused.status).toBe(403);
      app.process.kill("SIGTERM");
      await until(() => app.process.exitCode !== null, "the end of the app");
      const lines = app.output().trim().split("\n");
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? "")).toMatchObject({
        _aws: { CloudWatchMetrics: [{ Namespace: "SessionApp", Dimensions: [["App"]] }] },
        App: "shop-app",
        Logins: 1,
        RefusedLogins: 1,
        RedisUnavailable: 0,
        RedisTime: expect.arrayContaining([expect.any(Number)]),
      });
    } finally {
      await app.stop();
      await redis.stop();
    }
  }, 20_000);
});

describe("a tracer", () => {
  it("hears of each step at the store by its name, and of no key", async () => {
    const heard: unknown[] = [];
    const channel = tracingChannel("cdktf-session-store:step");
    const subscriber = { start: (message: unknown) => void heard.push(structuredClone(message)) };
    channel.start.subscribe(subscriber.start);
    const store = measureStore(new MemoryStore({ idleSeconds: 1, maxAgeSeconds: 1 }), new Metrics());
    await store.create("a-key", new Map([["user", '"ann"']]));
    await store.load("a-key");
    channel.start.unsubscribe(subscriber.start);
    expect(heard).toEqual([{ step: "create" }, { step: "load" }]);
  });
});
