import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { until } from "../harness/poll";
import type { AppProcess } from "../programs/app-process";
import { type Balancer, startBalancer } from "../programs/balancer";
import { makeCertificate } from "../programs/certificate";
import { describeWith } from "../programs/require";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { expectHonest, moreVisits, ride, startFaultedApp, VISITORS } from "./ride";

/** Seconds. */
const DRAIN = 1;
/** Several times within the drain. */
const INTERVAL_MS = 100;

describeWith(["redis-server", "openssl"], "two instances behind a load balancer", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "fleet-"));
  let redis: FaultyRedis;
  let balancer: Balancer | undefined;
  let variables: Readonly<Record<string, string>>;
  const apps: AppProcess[] = [];

  beforeEach(async () => {
    redis = await startFaultyRedis();
    // One key for all, as they are deployed: what one signed, the other takes.
    const deployed = { SECRET_KEY: "k".repeat(32), TRUST_PROXY: "1", DRAIN_SECONDS: String(DRAIN) };
    variables = { ...redis.variables, ...deployed };
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
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("share every session; one is stopped under load, no request is lost and no visitor logs in again", async () => {
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

  it("a CA of one's own: both known first, then the certificate, then the old one forgotten; no visitor notices", async () => {
    const front = balancer as Balancer;
    const next = makeCertificate(folder);
    const both = path.join(folder, "both.pem");
    writeFileSync(both, readFileSync(redis.ca, "utf8") + readFileSync(next.ca, "utf8"));
    const join = async (ca: string) => {
      const app = await startFaultedApp({ ...variables, REDIS_CA_FILE: ca });
      apps.push(app);
      await front.register(app.url);
    };
    const replaceAll = async (ca: string) => {
      for (const app of apps.filter(({ process }) => process.exitCode === null)) {
        await join(ca);
        const exit = once(app.process, "exit");
        front.deregister(app.url);
        app.process.kill("SIGTERM");
        expect(await exit).toEqual([0, null]);
      }
    };
    const admin = redis.admin();
    const sessions = () => admin.keys("session:s:*");
    const result = await ride({
      fault: "CA of Redis' certificate, one of our own, in three steps",
      afterwards: "links of either certificate",
      app: { ...(apps[1] as AppProcess), url: front.url },
      sessions,
      async strike(load) {
        await replaceAll(both);
        await admin.call("CONFIG", "SET", "tls-cert-file", next.cert, "tls-key-file", next.key);
        // As one that scaling starts in between: it makes its first link now.
        await join(both);
        await moreVisits(load, 2 * VISITORS);
        await replaceAll(next.ca);
        await moreVisits(load, 2 * VISITORS);
      },
    });
    expect(result.failed).toEqual([]);
    expect([result.lost, result.loggedOut]).toEqual([0, 0]);
    expectHonest(apps.at(-1) as AppProcess, result);
  }, 60_000);
});
