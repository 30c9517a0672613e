import { until } from "../harness/poll";
import type { AppProcess } from "../programs/app-process";
import { describeWith } from "../programs/require";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { ANSWER_WITHIN_MS, AT_ONCE_MS, BACK_WITHIN_MS, expectHonest, lasting, ride, startFaultedApp } from "./ride";

describeWith(["redis-server", "openssl"], "Redis is away", () => {
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

  it("killed and restarted: 503 at once, not ready, back within two seconds, everybody still logged in", async () => {
    let burst = 0;
    const result = await ride({
      fault: "Redis killed (-9), restarted after 2 s",
      afterwards: "back, visitors stay logged in",
      app,
      strike: () => redis.kill(),
      async during(load) {
        await lasting(1000);
        const samples = await load.burst(300);
        expect(new Set(samples.map(({ status }) => status))).toEqual(new Set([503]));
        burst = Math.max(...samples.map(({ start, end }) => end - start));
        await lasting(1000);
      },
      heal: () => redis.restart(),
    });
    expectHonest(app, result);
    expect(result.loggedOut).toBe(0);
    expect(result.longestMs).toBeLessThan(AT_ONCE_MS);
    expect(burst).toBeLessThan(ANSWER_WITHIN_MS);
    expect(result.readyDuring.at(-1)).toBe(503);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
  }, 40_000);

  it("frozen: answers within the command timeout, no pile-up, well again at once", async () => {
    let burst = 0;
    const result = await ride({
      fault: "Redis frozen for 4 s (SIGSTOP, SIGCONT)",
      afterwards: "back, visitors stay logged in, nothing counted twice",
      app,
      strike: () => void redis.server().process.kill("SIGSTOP"),
      async during(load) {
        const samples = await load.burst(300);
        expect(new Set(samples.map(({ status }) => status))).toEqual(new Set([503]));
        burst = Math.max(...samples.map(({ start, end }) => end - start));
        await lasting(2500);
      },
      heal: () => void redis.server().process.kill("SIGCONT"),
    });
    expectHonest(app, result);
    expect(burst).toBeLessThan(ANSWER_WITHIN_MS);
    expect(result.loggedOut).toBe(0);
    expect(result.readyDuring.at(-1)).toBe(503);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
    const admin = redis.admin();
    await until(
      async () => Number(String(await admin.client("LIST")).split("user=app").length - 1) <= 2,
      "no old links",
    );
  }, 40_000);
});
