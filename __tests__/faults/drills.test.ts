import { once } from "node:events";
import type { AppProcess } from "../programs/app-process";
import { until } from "../programs/poll";
import { describeWith } from "../programs/require";
import { Visitor } from "../programs/visitor";
import { type CountedFleet, startCountedFleet } from "./counted-fleet";
import { BACK_WITHIN_MS, expectHonest, lasting, moreVisits, ride, SLACK_MS, VISITORS } from "./ride";

/** How long ElastiCache may take to notice and promote, shortened. Milliseconds. */
const NOTICED_MS = 1000;

describeWith(["redis-server", "openssl"], "drills: what is lost, and for how long", () => {
  let fleet: CountedFleet;

  beforeEach(async () => {
    fleet = await startCountedFleet();
  }, 60_000);
  afterEach(() => fleet?.stop());

  /** A replica; what is asked of it counts sessions, since the primary is going. */
  async function standBy() {
    const [replica, primary] = [await fleet.redis.replica(), fleet.redis.admin()];
    /** What it had not heard of is lost, as docs/upgrades.md says: here it has heard of everything. */
    const inStep = async () => {
      await primary.set("last word", "1");
      await until(async () => (await primary.wait(1, 1000)) === 1, "the replica to hear the last word");
    };
    await inStep();
    const sessions = () => replica.admin.keys("session:s:*");
    const takeOver = async () => {
      await replica.admin.replicaof("NO", "ONE");
      fleet.redis.proxy.target = replica.port;
    };
    return { counted: { kind: "drill", sessions } as const, inStep, takeOver };
  }

  it("the primary fails: 503 until a replica has taken over, with every session", async () => {
    const { counted, inStep, takeOver } = await standBy();
    const [, app] = fleet.apps as [AppProcess, AppProcess];
    const result = await ride({
      fault: "primary killed, replica promoted after 1 s",
      afterwards: "503 for as long, then as before",
      counted,
      app: fleet.front,
      async strike() {
        await inStep();
        await fleet.redis.kill();
      },
      during: () => lasting(NOTICED_MS),
      heal: takeOver,
    });
    expectHonest(app, result);
    expect(result.failed.length).toBeGreaterThan(0);
    expect([result.lost, result.loggedOut]).toEqual([0, 0]);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
  }, 60_000);

  it("a zone goes, with the primary and an instance: the other zone has every session", async () => {
    const { counted, inStep, takeOver } = await standBy();
    const [gone, staying] = fleet.apps as [AppProcess, AppProcess];
    const result = await ride({
      fault: "a zone gone: one of two instances and the primary, replica promoted after 1 s",
      afterwards: "502 and 503 for as long, then as before, on the other zone's instance",
      counted,
      app: fleet.front,
      async strike() {
        await inStep();
        const exit = once(gone.process, "exit");
        gone.process.kill("SIGKILL");
        await Promise.all([exit, fleet.redis.kill()]);
      },
      during: () => lasting(NOTICED_MS),
      heal: takeOver,
    });
    expect(fleet.balancer.inService()).toEqual([staying.url]);
    expect(result.failed.length).toBeGreaterThan(0);
    expect(result.failed.filter(({ status }) => status !== 502 && status !== 503)).toEqual([]);
    expect([result.lost, result.loggedOut]).toEqual([0, 0]);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
  }, 60_000);

  it("a node is too full: sessions nobody uses go first, nobody is refused", async () => {
    const admin = fleet.redis.admin();
    // More than has to go, so that nobody who comes now is among them.
    const [idle, more] = [400, 100];
    const write = (key: string) => admin.call("HSET", `session:s:${key}`, "filler", "x".repeat(2000));
    const fill = async (name: string, sessions: number) => {
      for (let i = 0; i < sessions; i++) {
        await write(`${name}-${i}`);
        await admin.expire(`session:s:${name}-${i}`, 1800);
      }
    };
    await fill("idle", idle);
    await admin.config("SET", "maxmemory-policy", "volatile-lru");
    await admin.config("SET", "maxmemory-samples", "64");
    const used = Number(/used_memory:(\d+)/.exec(await admin.info("memory"))?.[1]);
    const result = await ride({
      fault: "a node too full, as deployed (volatile-lru)",
      afterwards: "the longest unused sessions end, everybody else goes on; alarm on the first",
      counted: fleet.counted("drill"),
      app: fleet.front,
      async strike(load) {
        // Redis counts by the second which was used last.
        await lasting(2000);
        await admin.config("SET", "maxmemory", String(used + 100_000));
        await fill("more", more);
        await moreVisits(load, 10 * VISITORS);
      },
      heal: async () => void (await admin.config("SET", "maxmemory", "0")),
    });
    expect(result.failed).toEqual([]);
    expect(result.lost).toBeGreaterThan(0);
    expect(result.lost).toBeLessThanOrEqual(idle);
    expect(result.loggedOut).toBe(0);
    expectHonest(fleet.apps[1] as AppProcess, result);
  }, 60_000);

  it("the way to AWS is gone: who runs goes on; a forged form is refused in time; who starts ends and says why", async () => {
    const [, app] = fleet.apps as [AppProcess, AppProcess];
    let startedWithout = "";
    let forgedMs = 0;
    const result = await ride({
      fault: "the NAT lost: Secrets Manager does not answer",
      afterwards: "who runs goes on; no new instance starts",
      counted: fleet.counted("drill"),
      app: fleet.front,
      strike: () => fleet.nat.partition(),
      async during(load) {
        const forger = new Visitor(app.url);
        await forger.get("/1");
        const asked = performance.now();
        const forged = await forger.post("/1", { token: `${Date.now().toString(36)}.made-up` });
        forgedMs = performance.now() - asked;
        expect(forged.status).toBe(403);
        startedWithout = await fleet.join().then(
          () => "it started",
          (error) => String(error),
        );
        await moreVisits(load, VISITORS);
      },
      heal: () => fleet.nat.heal(),
    });
    expect(result.failed).toEqual([]);
    expect([result.lost, result.loggedOut]).toEqual([0, 0]);
    expectHonest(app, result);
    expect(forgedMs).toBeLessThan(6000 + SLACK_MS);
    expect(startedWithout).toMatch(/the app ended with 1:[\s\S]*secret arn:aws:secretsmanager/);
    await fleet.join();
  }, 60_000);
});
