import { once } from "node:events";
import type { AppProcess } from "../programs/app-process";
import { type Balancer, startBalancer } from "../programs/balancer";
import { until } from "../programs/poll";
import { describeWith } from "../programs/require";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { expectHonest, moreVisits, ride, startFaultedApp, VISITORS } from "./ride";

/** Seconds. */
const DRAIN = 1;
/** Several times within the drain. */
const INTERVAL_MS = 100;

describeWith(["redis-server", "openssl"], "two instances behind a load balancer", () => {
  let redis: FaultyRedis;
  let balancer: Balancer | undefined;
  const apps: AppProcess[] = [];

  beforeEach(async () => {
    redis = await startFaultyRedis();
    // One key for all, as they are deployed: what one signed, the other takes.
    const deployed = { SECRET_KEY: "k".repeat(32), TRUST_PROXY: "1", DRAIN_SECONDS: String(DRAIN) };
    const variables = { ...redis.variables, ...deployed };
    apps.push(await startFaultedApp(variables), await startFaultedApp(variables));
    balancer = await startBalancer(
      apps.map(({ url }) => url),
      { healthCheckPath: "/readyz", intervalMs: INTERVAL_MS },
    );
  }, 30_000);
  afterEach(async () => {
    await balancer?.stop();
    for (const app of apps.splice(0)) await app.stop();
    await redis?.stop();
  });

  it("share every session; one is stopped under load, no request is lost and nobody logs in again", async () => {
    const [leaving, staying] = apps as [AppProcess, AppProcess];
    const front = balancer as Balancer;
    const exit = once(leaving.process, "exit");
    let sentBefore = 0;
    const result = await ride({
      fault: "one of two instances stopped (SIGTERM), behind a load balancer",
      afterwards: "the other goes on, the visitor notices nothing",
      app: { ...staying, url: front.url },
      async strike(load) {
        sentBefore = front.sent.get(leaving.url) ?? 0;
        leaving.process.kill("SIGTERM");
        await until(() => !front.inService().includes(leaving.url), "the load balancer to notice");
        await moreVisits(load, 2 * VISITORS);
      },
      async during() {
        expect(await exit).toEqual([0, null]);
      },
    });
    expect(sentBefore).toBeGreaterThan(VISITORS);
    expect(front.inService()).toEqual([staying.url]);
    expect(result.failed).toEqual([]);
    expect(result.loggedOut).toBe(0);
    expectHonest(staying, result);
  }, 40_000);
});
