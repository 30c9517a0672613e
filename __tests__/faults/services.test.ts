import { until } from "../harness/poll";
import { type LocalEcs, startEcs } from "../programs/local-ecs";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { startProxy, type TcpProxy } from "../programs/tcp-proxy";
import { Visitor } from "../programs/visitor";

const readText = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
const VISITORS = 6;

/** The result of one visitor's request. */
interface Sample {
  readonly path: string;
  readonly status: number;
  /** The page did not show this visitor's own session. */
  readonly lost: boolean;
}

/** Visitors who update their session at these containers, turn by turn, and read the page after each update. */
function startLoad(url: string, containers: readonly (1 | 2)[]) {
  const samples: Sample[] = [];
  let stopped = false;
  const loops = Array.from({ length: VISITORS }, async () => {
    const visitor = new Visitor(url);
    await visitor.get("/index.html");
    for (let turn = 0; !stopped; turn++) {
      const path = `/${containers[turn % containers.length]}`;
      const update = await visitor.post(path);
      samples.push({ path, status: update.status, lost: false });
      const page = await visitor.get(path);
      samples.push({ path, status: page.status, lost: page.status === 200 && !page.body.includes("Last update") });
    }
    return visitor;
  });
  return {
    samples,
    more: (count: number) => {
      const before = samples.length;
      return until(() => samples.length >= before + count, `${count} more requests`);
    },
    async stop(): Promise<Visitor[]> {
      stopped = true;
      return Promise.all(loops);
    },
  };
}

describeWith(["redis-server"], "two services behind a load balancer share sessions", () => {
  let redis: RedisServer;
  let link: TcpProxy;
  let ecs: LocalEcs;

  beforeEach(async () => {
    redis = await startRedis();
    link = await startProxy(redis.port);
    ecs = await startEcs({ REDIS_URL: `redis://127.0.0.1:${link.port}`, LOGINS_PER_MINUTE: "1000" });
  }, 20_000);
  afterEach(async () => {
    await ecs?.stop();
    await link?.stop();
    await redis?.stop();
  });

  it("goes on at container 1 while 2 is killed under load, and 2 comes back with the sessions", async () => {
    const [here, there] = [startLoad(ecs.url, [1]), startLoad(ecs.url, [1, 2])];
    await Promise.all([here.more(100), there.more(100)]);
    const alive = [...here.samples, ...there.samples];
    expect(alive.filter(({ status, lost }) => lost || (status !== 200 && status !== 303))).toEqual([]);
    process.kill(await ecs.pidOf("service-2-1"), "SIGKILL");
    await until(() => there.samples.some(({ status }) => status >= 500), "an answer without container 2");
    await Promise.all([here.more(100), ecs.pidOf("service-2-2")]);
    await there.more(100);
    const visitors = await there.stop();
    await here.stop();
    const samples = [...here.samples, ...there.samples];
    const atOne = samples.filter(({ path }) => path === "/1");
    expect(atOne.filter(({ status, lost }) => lost || (status !== 200 && status !== 303))).toEqual([]);
    // The answers of an ALB meanwhile: 502 for a cut connection, 503 without a server.
    const failed = samples.filter(({ status }) => status !== 200 && status !== 303);
    expect(failed.filter(({ path, status }) => path !== "/2" || (status !== 502 && status !== 503))).toEqual([]);
    for (const visitor of visitors) {
      await visitor.post("/2");
      expect(readText((await visitor.get("/2")).body)).toMatch(/on host service-2-2 .*The one before/);
    }
  }, 40_000);

  it("replaces both services under load and loses no session and no request", async () => {
    const load = startLoad(ecs.url, [1, 2]);
    await load.more(20);
    // Redis far away: requests are under way when a task leaves, and a new one has no link to it for a while.
    link.delayMs = 100;
    await load.more(20);
    ecs.type("replace");
    await until(() => ecs.output().includes("\nreplaced\n"), "the replacement");
    await load.more(20);
    const visitors = await load.stop();
    expect(load.samples.filter(({ status, lost }) => lost || (status !== 200 && status !== 303))).toEqual([]);
    expect(ecs.output()).toMatch(/service-1-1: ended with 0\n/);
    expect(ecs.output()).toMatch(/service-2-1: ended with 0\n/);
    for (const visitor of visitors) {
      expect(readText((await visitor.get("/1")).body)).toMatch(
        /comes from host service-1-2 .*Last update .*service-[12]-2/,
      );
    }
  }, 40_000);
});
