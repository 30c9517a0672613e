import type { Cluster, Redis } from "ioredis";
import type Koa from "koa";
import { type RedisConnection, readEnvironment } from "../../../environment";
import type { ExampleDependencies } from "../../../webapp/examples/base-app";
import { createExample1 } from "../../../webapp/examples/example-1";
import { createExample2 } from "../../../webapp/examples/example-2";
import { createExample3 } from "../../../webapp/examples/example-3";
import { createExample4 } from "../../../webapp/examples/example-4";
import { openRedis } from "../../../webapp/redis/open";
import { until } from "../../harness/poll";
import { describeWith } from "../../programs/require";
import { type RestrictedRedis, startRestrictedRedis } from "../../programs/restricted-redis";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const KEYS = ["k".repeat(32)];
const readText = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describeWith(["redis-server"], "the examples", () => {
  let restricted: RestrictedRedis;
  let redis: Redis | Cluster;
  let app: Listening;
  let reports: string[];

  beforeAll(async () => {
    restricted = await startRestrictedRedis();
    redis = await openRedis(readEnvironment({ REDIS_URL: restricted.url }).redis as RedisConnection);
  });
  afterAll(async () => {
    redis.disconnect();
    await restricted.stop();
  });
  afterEach(async () => {
    await app.stop();
    await restricted.admin.flushall();
  });

  async function serve(create: (dependencies: ExampleDependencies) => Koa, more: Partial<ExampleDependencies> = {}) {
    reports = [];
    const report = (line: string) => void reports.push(line);
    app = await listen(create({ keys: KEYS, redis, prefix: "session:example:", ttlSeconds: 1, report, ...more }));
    return new Visitor(app.url);
  }
  const keys = () => restricted.admin.keys("*");
  const home = async (visitor: Visitor) => readText((await visitor.get("/")).body);

  describe.each([
    { n: 1, create: createExample1 },
    { n: 2, create: createExample2 },
    { n: 3, create: createExample3 },
    { n: 4, create: createExample4 },
  ])("$n", ({ create }) => {
    it("shows a form with one text field, logs in by a signed cookie and logs out", async () => {
      const ann = await serve(create);
      expect(await home(ann)).toContain("You are not logged in");
      const form = (await ann.get("/login")).body;
      expect(form.match(/<input/g)).toHaveLength(1);
      expect(form).toContain('name="username" type="text"');
      const login = await ann.post("/login", { username: "山田 <b>" });
      expect([login.status, login.headers.get("location")]).toEqual([303, "/"]);
      for (const cookie of login.setCookies) expect(cookie).toMatch(/; path=\/; samesite=lax; httponly$/);
      expect((await ann.get("/")).body).toContain("Logged in as 山田 &lt;b&gt;");
      expect((await ann.post("/logout")).status).toBe(303);
      expect(ann.cookies.size).toBe(0);
      expect(await keys()).toEqual([]);
      expect(await home(ann)).toContain("You are not logged in");
    });

    it("believes no cookie it did not sign", async () => {
      const ann = await serve(create);
      await ann.login("ann");
      ann.cookies.set("username", "root");
      expect(await home(ann)).toContain("You are not logged in");
    });

    it("knows the cookies of the key before, after a rotation", async () => {
      const ann = await serve(create);
      await ann.login("ann");
      const cookies = [...ann.cookies];
      await app.stop();
      const later = await serve(create, { keys: ["n".repeat(32), ...KEYS] });
      for (const [name, value] of cookies) later.cookies.set(name, value);
      expect(await home(later)).toContain("Logged in as ann");
    });

    it.each([
      { what: "no name", fields: {}, says: "Please enter a name." },
      { what: "an empty name", fields: { username: " " }, says: "Please enter a name." },
      { what: "a long name", fields: { username: "x".repeat(65) }, says: "at most 64 characters" },
    ])("shows the form again for $what, with the reason", async ({ fields, says }) => {
      const ann = await serve(create);
      const answer = await ann.post("/login", fields as Record<string, string>);
      expect(answer.status).toBe(422);
      expect(answer.body).toContain(says);
      expect(answer.body).toContain('name="username"');
      expect(answer.setCookies).toEqual([]);
    });

    it("changes nothing by GET and nothing for another site", async () => {
      const ann = await serve(create);
      await ann.login("ann");
      expect((await ann.get("/logout")).status).toBe(405);
      expect((await ann.post("/logout", {}, { origin: "https://evil.example" })).status).toBe(403);
      expect(await home(ann)).toContain("Logged in as ann");
    });
  });

  it("1 counts nothing and leaves Redis alone", async () => {
    const ann = await serve(createExample1);
    expect(readText((await ann.login("ann")).body)).not.toContain("Visits");
    expect(await keys()).toEqual([]);
  });

  it.each([
    { n: 2, create: createExample2 },
    { n: 3, create: createExample3 },
    { n: 4, create: createExample4 },
  ])("$n counts each visitor's visits in a hash of their own, not named by the user", async ({ create }) => {
    const ann = await serve(create, { ttlSeconds: 60 });
    expect(readText((await ann.login("ann")).body)).toMatch(/Logged in as ann Visits: 1 /);
    const other = new Visitor(app.url);
    await other.login("ann");
    await Promise.all(Array.from({ length: 20 }, () => ann.get("/")));
    expect(await home(ann)).toContain("Visits: 22 ");
    expect(await home(other)).toContain("Visits: 2 ");
    const [first = "", second, ...more] = await keys();
    expect([first, second, more]).toEqual([
      expect.stringMatching(/^session:example:[0-9a-f]{32}$/),
      expect.stringMatching(/^session:example:[0-9a-f]{32}$/),
      [],
    ]);
    expect(await restricted.admin.type(first)).toBe("hash");
    expect(await restricted.admin.hkeys(first)).toEqual(["visits"]);
  });

  it("2 never forgets", async () => {
    const ann = await serve(createExample2);
    await ann.login("ann");
    expect(await restricted.admin.ttl((await keys())[0] ?? "")).toBe(-1);
  });

  it.each([
    { n: 3, create: createExample3 },
    { n: 4, create: createExample4 },
  ])("$n starts again at 1 after a while without visits, and is still logged in", async ({ create }) => {
    const ann = await serve(create, { ttlSeconds: 2 });
    await ann.login("ann");
    const [key = ""] = await keys();
    expect(await restricted.admin.pttl(key)).toBeGreaterThan(0);
    expect(await home(ann)).toContain("Visits: 2 ");
    expect(await restricted.admin.pttl(key)).toBeGreaterThan(0);
    await until(async () => (await keys()).length === 0, "the hash to expire");
    expect(await home(ann)).toMatch(/Logged in as ann Visits: 1 /);
    expect(await restricted.admin.pttl(key)).toBeGreaterThan(0);
  });

  it.each([
    { n: 3, create: createExample3 },
    { n: 4, create: createExample4 },
  ])("$n gives ten seconds, again with each visit", async ({ create }) => {
    const ann = await serve(({ ttlSeconds: _, ...rest }) => create(rest));
    await ann.login("ann");
    const [key = ""] = await keys();
    expect(await restricted.admin.ttl(key)).toBe(10);
    await restricted.admin.expire(key, 3);
    await ann.get("/");
    expect(await restricted.admin.ttl(key)).toBe(10);
  });

  it("answers 503 with a page while Redis is away, and keeps the visitor logged in", async () => {
    const own = await startRestrictedRedis();
    const client = await openRedis(readEnvironment({ REDIS_URL: own.url }).redis as RedisConnection);
    try {
      const ann = await serve(createExample4, { redis: client });
      await ann.login("ann");
      await own.stop();
      const answer = await until(async () => {
        const page = await ann.get("/");
        return page.status === 503 && page;
      }, "a 503");
      expect(readText(answer.body)).toContain("be reached right now");
      expect((await ann.post("/logout")).status).toBe(503);
      expect(ann.cookies.has("token")).toBe(true);
      expect(reports.join("\n")).not.toMatch(/\n\s+at /);
    } finally {
      client.disconnect();
      await own.stop();
    }
  });
});
