import { until } from "../harness/poll";
import type { AppProcess } from "../programs/app-process";
import { describeWith } from "../programs/require";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { BACK_WITHIN_MS, expectHonest, lasting, moreVisits, ride, SLACK_MS, startFaultedApp, VISITORS } from "./ride";

describeWith(["redis-server", "openssl"], "the network between the app and Redis", () => {
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

  it("half-open link: the bad socket is closed and a new one made", async () => {
    const result = await ride({
      fault: "link goes silent, half-open",
      afterwards: "bad socket closed, a new one made",
      app,
      strike: () => redis.proxy.silence(),
    });
    expectHonest(app, result);
    // Noticed within the command timeout, then one new link.
    expect(result.failingMs).toBeLessThan(1500 + SLACK_MS);
    await until(() => redis.proxy.open() === 1, "the bad socket to be closed");
    expect(result.loggedOut).toBe(0);
  }, 40_000);

  it("partition: nothing passes for 3 s, new connections neither; back within two seconds", async () => {
    const result = await ride({
      fault: "network lost for 3 s, new connections silent too",
      afterwards: "back, visitors stay logged in",
      app,
      strike: () => redis.proxy.partition(),
      during: () => lasting(3000),
      heal: () => redis.proxy.heal(),
    });
    expectHonest(app, result);
    expect(result.readyDuring.at(-1)).toBe(503);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
    expect(result.loggedOut).toBe(0);
  }, 40_000);

  it("slow: 300 ms more each way is slower and nothing else, also for a new connection", async () => {
    const result = await ride({
      fault: "+300 ms each way",
      afterwards: "slower, no errors",
      app,
      strike: () => {
        redis.proxy.delayMs = 300;
      },
      during: (load) => moreVisits(load, 2 * VISITORS),
    });
    // Two commands of 600 ms, each behind a pipeline of 600 ms that is under way.
    expectHonest(app, result, 4 * 600 + SLACK_MS);
    expect(result.failed).toEqual([]);
    expect(result.longestMs).toBeGreaterThan(600);
    expect(new Set(result.readyDuring)).toEqual(new Set([200]));
    redis.proxy.cut();
    await until(async () => (await fetch(`${app.url}/readyz`)).ok, "a new link over the slow network");
  }, 40_000);

  it("link cut with answers on the way: what may have run fails and does not run twice", async () => {
    redis.proxy.delayMs = 30;
    const result = await ride({
      fault: "link cut with answers on the way",
      afterwards: "what may have run is not sent again",
      app,
      async strike(load) {
        for (let cuts = 0; cuts < 8; cuts++) {
          await moreVisits(load, VISITORS);
          // A visit takes two trips of 60 ms: over all cuts, one hits each part of it.
          await lasting(20 * cuts);
          redis.proxy.cut();
        }
      },
      heal: () => {},
    });
    expectHonest(app, result);
    expect(result.loggedOut).toBe(0);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
  }, 40_000);

  it("name moves: connects to where it points now, with the sessions that are there", async () => {
    const other = await redis.replica();
    const result = await ride({
      fault: "name points to another node, links cut",
      afterwards: "the name is resolved again, on the other node",
      app,
      async strike() {
        await other.promote();
        redis.proxy.target = other.port;
        redis.proxy.cut();
      },
    });
    expectHonest(app, result);
    // The requests under way on the cut link, one a visitor, may have run, so they are not sent again.
    expect(result.failed.length).toBeLessThanOrEqual(VISITORS);
    expect(result.failingMs).toBeLessThan(BACK_WITHIN_MS);
    expect(result.loggedOut).toBe(0);
    expect(String(await other.admin.client("LIST"))).toContain("user=app");
  }, 40_000);
});
