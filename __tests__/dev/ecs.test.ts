import { once } from "node:events";
import net from "node:net";
import { runNode } from "../programs/command";
import { type LocalEcs, startEcs } from "../programs/local-ecs";
import { until } from "../programs/poll";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { startProxy, type TcpProxy } from "../programs/tcp-proxy";
import { Visitor } from "../programs/visitor";

const textOf = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
const VISITORS = 6;

/** What one request of a visitor came to. */
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

describeWith(["redis-server"], "npm run dev:ecs", () => {
  let redis: RedisServer;
  let link: TcpProxy;
  let ecs: LocalEcs;

  beforeAll(async () => {
    redis = await startRedis();
    link = await startProxy(redis.port);
  });
  beforeEach(async () => {
    link.delayMs = 0;
    ecs = await startEcs({ REDIS_URL: `redis://127.0.0.1:${link.port}`, LOGINS_PER_MINUTE: "1000" });
  }, 20_000);
  afterEach(() => ecs?.stop());
  afterAll(async () => {
    await link?.stop();
    await redis?.stop();
  });

  it("keeps the session from container 1 to 2: the host changes", async () => {
    const visitor = new Visitor(ecs.url);
    expect(textOf((await visitor.get("/index.html")).body)).toContain("comes from host service-1-1");
    await visitor.post("/1");
    const id = visitor.cookies.get("id");
    expect(textOf((await visitor.get("/1")).body)).toMatch(/Last update .* container 1 on host service-1-1/);
    await visitor.post("/2");
    const page = textOf((await visitor.get("/2")).body);
    expect(page).toContain("comes from host service-2-1");
    expect(page).toMatch(/Last update .* container 2 on host service-2-1 .*before .* container 1 on host service-1-1/);
    expect(visitor.cookies.get("id")).toBe(id);
    expect((await visitor.get("/2/below")).status).toBe(404);
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
    // As from an ALB: cut off, or nobody there.
    const failed = samples.filter(({ status }) => status !== 200 && status !== 303);
    expect(failed.filter(({ path, status }) => path !== "/2" || (status !== 502 && status !== 503))).toEqual([]);
    for (const visitor of visitors) {
      await visitor.post("/2");
      expect(textOf((await visitor.get("/2")).body)).toMatch(/on host service-2-2 .*The one before/);
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
      expect(textOf((await visitor.get("/1")).body)).toMatch(
        /comes from host service-1-2 .*Last update .*service-[12]-2/,
      );
    }
  }, 40_000);

  it("brings a Redis of its own, and leaves nothing running", async () => {
    const own = await startEcs();
    const pids = await Promise.all([own.pidOf("service-1-1"), own.pidOf("service-2-1")]);
    const visitor = new Visitor(own.url);
    await visitor.get("/1");
    expect((await visitor.post("/1")).status).toBe(303);
    expect(await own.stop()).toBe(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    const refused = net.connect(Number(new URL(own.url).port), "127.0.0.1");
    await new Promise((resolve) => refused.once("error", resolve));
  }, 20_000);
});

describeWith(["redis-server"], "npm run dev:ecs on a port that is taken", () => {
  it("says so and leaves nothing running", async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const PORT = String((taken.address() as net.AddressInfo).port);
    await expect(startEcs({ PORT })).rejects.toThrow(`PORT: can't listen on ${PORT}: `);
    taken.close();
  });
});

describe("npm run dev:ecs refuses", () => {
  it.each([
    {
      what: "a stack that is not synthesized",
      file: "nowhere/cdk.tf.json",
      variables: {},
      says: "nowhere/cdk.tf.json: is not there; npm run synth writes it, or name another cdk.tf.json\n",
    },
    {
      what: "a stack without a load balancer",
      file: "cdktf.json",
      variables: {},
      says: "cdktf.json: aws_lb_listener: takes ",
    },
  ])("$what, in one line", async ({ file, variables, says }) => {
    const { code, stderr } = await runNode(["--import", "tsx", "dev/ecs.ts", file], variables);
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
  });
});
