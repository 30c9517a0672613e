import { until } from "../harness/poll";
import type { AppProcess } from "../programs/app-process";
import type { RedisServer } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { type Shards, startShards } from "./redis-shards";
import { expectHonest, ride, SLACK_MS, startFaultedApp } from "./ride";

/** A replica takes over after the node timeout and an election; the app may fail for a part of its sessions so long. */
const TAKEOVER_MS = 5000;

describeWith(["redis-server"], "Redis in cluster mode", () => {
  let shards: Shards;
  let app: AppProcess;

  beforeAll(async () => {
    shards = await startShards(3);
    const first = shards.primaries[0] as RedisServer;
    app = await startFaultedApp({
      REDIS_CLUSTER_ENDPOINT: `127.0.0.1:${first.port}`,
      REDIS_TLS: "false",
      REDIS_CLUSTER_MODE: "enabled",
    });
  }, 40_000);
  afterAll(async () => {
    await app?.stop();
    await shards?.stop();
  });

  it("500 slots moved under load: no visitor notices", async () => {
    const result = await ride({
      fault: "cluster: 500 slots moved",
      afterwards: "follows, the visitor notices nothing",
      app,
      strike: () => {},
      during: () => shards.moveSlots(500),
    });
    expectHonest(app, result);
    expect(result.failed).toEqual([]);
    expect(result.loggedOut).toBe(0);
  }, 60_000);

  it("one primary of three killed: a part fails until its replica has taken over", async () => {
    const [, , third] = shards.primaries as [RedisServer, RedisServer, RedisServer];
    const admin = shards.link((shards.primaries[0] as RedisServer).port);
    await until(async () => (await shards.link(third.port).keys("session:s:*")).length > 0, "sessions on it");
    const result = await ride({
      fault: "cluster: one primary of three killed",
      afterwards: "a third fails until the replica has taken over",
      app,
      strike: () => third.stop(),
    });
    expectHonest(app, result);
    expect(result.failingMs).toBeLessThan(TAKEOVER_MS + SLACK_MS);
    // Partial: the other two thirds were served all the time.
    const meanwhile = result.visits.filter(({ end }) => end < (result.failed.at(-1)?.end ?? 0));
    expect(meanwhile.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(String(await admin.cluster("INFO"))).toContain("cluster_state:ok");
  }, 60_000);
});
