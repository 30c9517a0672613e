import { once } from "node:events";
import { until } from "../harness/poll";
import type { AppProcess } from "../programs/app-process";
import { startLoad } from "../programs/load";
import { describeWith } from "../programs/require";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { expectHonest, lasting, moreVisits, ride, SLACK_MS, startFaultedApp, VISITORS } from "./ride";
import { addRow } from "./table";

/** Seconds. */
const DRAIN = 1;

describeWith(["redis-server", "openssl"], "the app is stopped under load", () => {
  let redis: FaultyRedis;
  let app: AppProcess;
  let other: AppProcess | undefined;

  beforeEach(async () => {
    redis = await startFaultyRedis();
    app = await startFaultedApp({ ...redis.variables, DRAIN_SECONDS: String(DRAIN) });
  }, 20_000);
  afterEach(async () => {
    await app?.stop();
    await other?.stop();
    await redis?.stop();
  });

  it("SIGTERM: readiness fails first, requests under way finish, none is lost, exit 0", async () => {
    // Redis far away: a request takes over a second, so that many are under way when the app stops listening.
    const load = await startLoad(app.url, { visitors: VISITORS });
    redis.proxy.delayMs = 300;
    await moreVisits(load, 2 * VISITORS);
    const exit = once(app.process, "exit");
    const stopped = performance.now();
    app.process.kill("SIGTERM");
    const ready = await until(
      () => load.probes.findLast(({ who, status }) => who === "/readyz" && status === 503),
      "503",
    );
    // A load balancer sends no more requests by then; those under way are finished after the listener has closed.
    await lasting(DRAIN * 1000 - (performance.now() - stopped) - 150);
    await load.stop();
    const [code, signal] = await exit;
    const exitMs = performance.now() - stopped;
    const after = load.visits.filter(({ end }) => end >= stopped);
    addRow({
      fault: "SIGTERM under load",
      failed: after.filter(({ status }) => status !== 200).length,
      requests: after.length,
      longestMs: Math.max(...after.map(({ start, end }) => end - start)),
      cleanMs: 0,
      afterwards: "readiness fails first, none lost, exit 0",
    });
    expect(ready.start - stopped).toBeLessThan(SLACK_MS);
    const finishedLate = after.filter(({ end }) => end > stopped + DRAIN * 1000);
    expect(finishedLate.length).toBeGreaterThan(0);
    expect(load.visits.filter(({ status, problem }) => status !== 200 || problem !== undefined)).toEqual([]);
    expect([code, signal]).toEqual([0, null]);
    expect(exitMs).toBeGreaterThan(DRAIN * 1000 - 100);
    expect(exitMs).toBeLessThan(DRAIN * 1000 + 2000 + SLACK_MS);
  }, 40_000);

  it("SIGTERM with Redis frozen: answers what is under way with 503, exit 0", async () => {
    const load = await startLoad(app.url, { visitors: VISITORS });
    await until(() => load.visits.length >= 50, "a steady load");
    redis.server().process.kill("SIGSTOP");
    await lasting(100);
    const exit = once(app.process, "exit");
    const stopped = performance.now();
    app.process.kill("SIGTERM");
    await load.stop();
    expect(await exit).toEqual([0, null]);
    expect(performance.now() - stopped).toBeLessThan(DRAIN * 1000 + 2000 + SLACK_MS);
    expect(new Set(load.visits.map(({ status }) => status))).toEqual(new Set([200, 503]));
  }, 40_000);

  it("a second SIGTERM, and SIGHUP, do not cut a request under way", async () => {
    redis.proxy.delayMs = 300;
    const answer = fetch(`${app.url}/readyz`);
    await lasting(100);
    const exit = once(app.process, "exit");
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) app.process.kill(signal);
    expect(await (await answer).text()).toBe("ready\n");
    expect(await exit).toEqual([0, null]);
  }, 40_000);

  it("Ctrl-C waits for no load balancer", async () => {
    const exit = once(app.process, "exit");
    const stopped = performance.now();
    app.process.kill("SIGINT");
    expect(await exit).toEqual([0, null]);
    expect(performance.now() - stopped).toBeLessThan(DRAIN * 1000);
  }, 40_000);

  it("one of two processes crashes: its visitors go on at the other, with their sessions", async () => {
    const survivor = await startFaultedApp(redis.variables);
    other = survivor;
    const result = await ride({
      fault: "one of two app processes killed (-9)",
      afterwards: "no session lost: the other has them all",
      app: survivor,
      other: app,
      async strike(load) {
        app.process.kill("SIGKILL");
        await once(app.process, "exit");
        load.moveTo(survivor.url);
      },
    });
    const lost = result.failed.filter(({ status }) => status !== 0);
    expect(lost).toEqual([]);
    // Cut with the process they were asked of, one request a visitor; at the survivor nothing fails.
    expect(result.failed.length).toBeLessThanOrEqual(VISITORS);
    expect(result.loggedOut).toBe(0);
    expectHonest(survivor, { ...result, visits: result.visits.filter(({ status }) => status !== 0), failed: lost });
  }, 40_000);
});
