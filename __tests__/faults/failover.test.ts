import { until } from "../harness/poll";
import { type AppProcess, startApp } from "../programs/app-process";
import { describeWith } from "../programs/require";
import { Visitor } from "../programs/visitor";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { AT_ONCE_MS, BACK_WITHIN_MS, expectHonest, ride, startFaultedApp, VISITORS } from "./ride";

/** Seconds. */
const MAX_AGE = 4;

describeWith(["redis-server", "openssl"], "Redis fails over", () => {
  let redis: FaultyRedis;
  let app: AppProcess;

  beforeEach(async () => {
    redis = await startFaultyRedis();
    app = await startFaultedApp(redis.variables);
  }, 20_000);
  afterEach(async () => {
    await app?.stop();
    await redis?.stop();
  });

  it("primary becomes a read-only replica behind the same name: the visitor notices nothing", async () => {
    const replica = await redis.replica();
    const old = redis.admin();
    const result = await ride({
      fault: "primary becomes read-only replica, same name",
      afterwards: "on the new primary, the visitor notices nothing",
      app,
      async strike(load) {
        await replica.promote();
        await old.replicaof("127.0.0.1", replica.port);
        // From here on new links reach the new primary; the one there is stays with the old, as after a DNS change.
        redis.proxy.target = replica.port;
        expect(load.visits.length).toBeGreaterThan(0);
      },
    });
    expectHonest(app, result);
    expect(result.failed).toEqual([]);
    expect(result.loggedOut).toBe(0);
    expect(result.longestMs).toBeLessThan(AT_ONCE_MS);
  }, 40_000);

  it("acknowledged writes lost: log in again, never a 5xx loop, never another's session", async () => {
    const replica = await redis.replica();
    const result = await ride({
      fault: "failover that loses acknowledged logins",
      afterwards: "log in again, once",
      app,
      async strike() {
        // A promoted replica that lags loses the writes it lacks: here, all of them.
        await replica.promote();
        await replica.admin.flushall();
        await redis.kill();
        redis.proxy.target = replica.port;
      },
    });
    expectHonest(app, result);
    expect(result.loggedOut).toBe(VISITORS);
    expect(result.failingMs).toBeLessThan(BACK_WITHIN_MS);
  }, 40_000);

  it("a lost logout does not bring a session past its absolute limit", async () => {
    const short = await startApp({
      ...redis.variables,
      LOG_LEVEL: "warn",
      SESSION_TTL: String(MAX_AGE),
      SESSION_MAX_AGE: String(MAX_AGE),
    });
    try {
      await until(async () => (await fetch(`${short.url}/readyz`)).ok, "the app to be ready");
      const replica = await redis.replica();
      const visitor = new Visitor(short.url);
      const loginAt = Date.now();
      expect((await visitor.login("ann")).body).toContain("Logged in as ann");
      const stolen = new Map(visitor.cookies);
      await until(async () => (await replica.admin.keys("session:s:*")).length === 1, "the session on the replica");
      // The replica stops hearing of writes before the logout.
      await replica.promote();
      expect((await visitor.post("/logout")).status).toBe(303);
      await redis.kill();
      redis.proxy.target = replica.port;
      const thief = new Visitor(short.url);
      for (const [name, value] of stolen) thief.cookies.set(name, value);
      // It is there again, as docs/sessions.md says; reading it must not prolong it past its limit.
      const seen = await until(async () => {
        const { body, status } = await thief.get("/");
        expect([200, 503]).toContain(status);
        return body.includes("You are not logged in") && "logged out";
      }, "the absolute limit to end the session");
      expect(seen).toBe("logged out");
      expect(Date.now() - loginAt).toBeGreaterThan(MAX_AGE * 1000 - 500);
      expect(Date.now() - loginAt).toBeLessThan(MAX_AGE * 1000 + 2000);
    } finally {
      await short.stop();
    }
  }, 40_000);
});
