import { once } from "node:events";
import net from "node:net";
import { runNode } from "../../programs/command";
import { type LocalEcs, startEcs } from "../../programs/local-ecs";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";

const readText = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describeWith(["redis-server"], "npm run dev:ecs", () => {
  let redis: RedisServer | undefined;
  let ecs: LocalEcs | undefined;

  afterEach(async () => {
    await ecs?.stop();
    await redis?.stop();
    ecs = redis = undefined;
  });

  it("keeps the session from container 1 to 2: the host changes", async () => {
    redis = await startRedis();
    ecs = await startEcs({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
    const visitor = new Visitor(ecs.url);
    expect(readText((await visitor.get("/index.html")).body)).toContain("comes from host service-1-1");
    await visitor.post("/1");
    const id = visitor.cookies.get("id");
    expect(readText((await visitor.get("/1")).body)).toMatch(/Last update .* container 1 on host service-1-1/);
    await visitor.post("/2");
    const page = readText((await visitor.get("/2")).body);
    expect(page).toContain("comes from host service-2-1");
    expect(page).toMatch(/Last update .* container 2 on host service-2-1 .*before .* container 1 on host service-1-1/);
    expect(visitor.cookies.get("id")).toBe(id);
    expect((await visitor.get("/2/below")).status).toBe(404);
  });

  it("brings a Redis of its own, and leaves nothing running", async () => {
    const own = await startEcs();
    ecs = own;
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
    await expect(startEcs({ PORT })).rejects.toThrow(
      `PORT: can't listen on ${PORT}: another program listens there (EADDRINUSE). Fix: `,
    );
    taken.close();
  });
});

describe("npm run dev:ecs refuses", () => {
  it.each([
    {
      what: "a stack that is not synthesized",
      file: "nowhere/cdk.tf.json",
      variables: {},
      says: "nowhere/cdk.tf.json: no such file\n",
    },
    {
      what: "a file that is no stack",
      file: "cdktf.json",
      variables: {},
      says: "cdktf.json: got JSON that is neither a plan",
    },
  ])("$what, in one line", async ({ file, variables, says }) => {
    const { code, stderr } = await runNode(["--require", "./cli/typescript.cjs", "cli/dev/ecs.ts", file], variables);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
  });
});
