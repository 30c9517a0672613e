import { type FunctionProcess, startFunction } from "../../programs/function-process";
import { API_HOST, type HttpRequest, httpEvent, startHttpApi } from "../../programs/http-api";
import { until } from "../../programs/poll";
import { describeWith } from "../../programs/require";
import { type RestrictedRedis, startRestrictedRedis } from "../../programs/restricted-redis";
import { startProxy, type TcpProxy } from "../../programs/tcp-proxy";
import { Visitor } from "../../programs/visitor";

interface Result {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly cookies: string[];
  readonly body: string;
}

const OURS = `https://${API_HOST}`;
const FORM = "application/x-www-form-urlencoded";

describeWith(["redis-server"], "the session app as a Lambda function, on a real Redis with the app's rights", () => {
  let redis: RestrictedRedis;
  let link: TcpProxy;
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    redis = await startRestrictedRedis();
    link = await startProxy(redis.server.port);
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop();
    await redis.admin.flushall();
  });
  afterAll(async () => {
    await link?.stop();
    await redis?.stop();
  });

  /** The bundle in a process, with what the topology sets. */
  async function start(variables: Record<string, string> = {}): Promise<FunctionProcess> {
    const program = await startFunction("session-lambda.js", {
      NODE_ENV: "production",
      LOGIN: "demo",
      PUBLIC_SCHEME: "https",
      PUBLIC_ORIGIN: OURS,
      SECRET_KEY: "k".repeat(40),
      REDIS_URL: `redis://app:any@127.0.0.1:${link.port}`,
      AWS_LAMBDA_LOG_STREAM_NAME: "2026/01/31/[$LATEST]0123456789abcdef",
      ...variables,
    });
    running.unshift(program);
    return program;
  }

  async function ask(program: FunctionProcess, request: HttpRequest, timeoutMs?: number): Promise<Result> {
    return (await program.invoke(httpEvent(request), timeoutMs)) as Result;
  }

  /** A visitor whose requests go to these processes in turn. */
  async function visitorOf(...programs: FunctionProcess[]): Promise<Visitor> {
    let turn = 0;
    const api = await startHttpApi((event) => (programs[turn++ % programs.length] as FunctionProcess).invoke(event));
    running.unshift(api);
    return new Visitor(api.url);
  }

  it("logs in, counts and logs out over two processes that are frozen between requests", async () => {
    const visitor = await visitorOf(await start(), await start());
    const home = await visitor.login("ann");
    expect(home.body).toContain("Visits: <strong>1<");
    expect([...visitor.cookies.keys()]).toEqual(["__Host-id"]);
    for (const visits of [2, 3, 4]) expect((await visitor.get("/")).body).toContain(`Visits: <strong>${visits}<`);
    await visitor.get("/session");
    expect((await visitor.post("/logout")).status).toBe(303);
    expect((await visitor.get("/")).body).toContain("You are not logged in");
    expect(await redis.admin.call("ACL", "LOG")).toEqual([]);
  });

  it("counts every visit of one visitor to many processes at once", async () => {
    const programs = await Promise.all([start(), start(), start()]);
    const visitor = await visitorOf(...programs);
    await visitor.login("ann");
    await Promise.all(Array.from({ length: 12 }, () => visitor.get("/")));
    expect((await visitor.get("/")).body).toContain("Visits: <strong>14<");
  });

  it("sends cookies and headers of an https site", async () => {
    const program = await start();
    const { body, headers } = await ask(program, { path: "/login" });
    expect(headers["strict-transport-security"]).toMatch(/max-age=\d{8}/);
    const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? "";
    const form = Buffer.from(new URLSearchParams({ token, username: "ann" }).toString());
    const post = { method: "POST", path: "/login", headers: { "content-type": FORM, origin: OURS }, body: form };
    const { statusCode, cookies } = await ask(program, post);
    expect(statusCode).toBe(303);
    expect(cookies).toEqual([expect.stringMatching(/^__Host-id=[\w-]{43}; path=\/; samesite=lax; secure; httponly$/i)]);
  });

  it("throttles by the address API Gateway was connected to from, whatever is forwarded", async () => {
    const program = await start({ LOGINS_PER_MINUTE: "1" });
    async function login(sourceIp: string, forwarded: string): Promise<number> {
      const { body } = await ask(program, { path: "/login", sourceIp });
      const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? "";
      const headers = { "content-type": FORM, origin: OURS, "x-forwarded-for": forwarded };
      const form = Buffer.from(new URLSearchParams({ token, username: "ann" }).toString());
      return (await ask(program, { method: "POST", path: "/login", headers, body: form, sourceIp })).statusCode;
    }
    expect(await login("203.0.113.7", "10.0.0.1")).toBe(303);
    expect(await login("203.0.113.7", "10.0.0.2")).toBe(429);
    expect(await login("203.0.113.8", "10.0.0.1")).toBe(303);
  });

  it.each([
    ["another site's form", { origin: "https://evil.example" }],
    ["another site's form that names a host", { origin: "https://evil.example", "x-forwarded-host": "evil.example" }],
    ["a form of this host by http", { origin: `http://${API_HOST}` }],
  ])("refuses %s", async (_what, headers) => {
    const post = { method: "POST", path: "/login", headers: { "content-type": FORM, ...headers } };
    expect((await ask(await start(), { ...post, body: Buffer.from("username=ann") })).statusCode).toBe(403);
  });

  it("takes the Host header for its origin where none is set", async () => {
    const visitor = await visitorOf(await start({ PUBLIC_ORIGIN: "" }));
    expect((await visitor.login("ann")).body).toContain("Logged in as");
  });

  it.each<[string, () => unknown]>([
    ["closed", () => redis.admin.call("CLIENT", "KILL", "TYPE", "normal", "USER", "app")],
    ["lost without a word", () => link.silence()],
  ])("has the next answer though its link was %s while it was frozen", async (_how, lose) => {
    const program = await start();
    const visitor = await visitorOf(program);
    await visitor.login("ann");
    await lose();
    // Longer ago than a link is trusted without asking.
    const frozenAt = Date.now();
    await until(() => Date.now() - frozenAt > 100, "a moment to pass");
    const asked = performance.now();
    const { status, body } = await visitor.get("/");
    expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining("Visits: <strong>2<") });
    expect(performance.now() - asked).toBeLessThan(2000);
  });

  it("says within its time that Redis is away, waits for it once a second at most, and is back with it", async () => {
    const away = await startProxy(redis.server.port);
    running.unshift(away);
    away.partition();
    const program = await start({ REDIS_URL: `redis://app:any@127.0.0.1:${away.port}` });
    const cookie = `__Host-id=${"a".repeat(43)}`;
    const first = await ask(program, { headers: { cookie } });
    expect([first.statusCode, first.headers["retry-after"]]).toEqual([503, "2"]);
    const asked = performance.now();
    expect((await ask(program, { path: "/healthz" })).statusCode).toBe(200);
    expect(performance.now() - asked).toBeLessThan(800);
    away.heal();
    away.cut();
    await until(async () => (await ask(program, { headers: { cookie } })).statusCode === 200, "an answer");
  });

  it("answers before Lambda would end it", async () => {
    const away = await startProxy(redis.server.port);
    running.unshift(away);
    away.partition();
    const program = await start({ REDIS_URL: `redis://app:any@127.0.0.1:${away.port}` });
    const asked = performance.now();
    expect((await ask(program, {}, 1000)).statusCode).toBe(503);
    expect(performance.now() - asked).toBeLessThan(1000);
    await until(() => program.output().includes("the app: no answer within"), "the reason in the log");
  });

  it("serves once it can read its key, and says why it could not", async () => {
    const program = await start({
      SECRET_KEY: "",
      SECRET_KEY_ARN: "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_MAX_ATTEMPTS: "1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    });
    expect((await ask(program, {})).statusCode).toBe(503);
    expect((await ask(program, {})).statusCode).toBe(503);
    await until(() => program.output().match(/secret:key-AbCdEf: .*ECONNREFUSED/g)?.length === 2, "two reasons");
  });

  it("has written its log lines when it is frozen, one a request, without query, cookie or address", async () => {
    const program = await start();
    await ask(program, { path: "/login", query: "secret=1", headers: { cookie: "__Host-id=abc" } });
    await until(() => program.output().includes('"path":"/login"'), "the line");
    const line = program
      .output()
      .split("\n")
      .find((text) => text.includes('"path":"/login"')) as string;
    expect(JSON.parse(line)).toMatchObject({ level: 30, method: "GET", status: 200, msg: "request" });
    expect(program.output()).not.toMatch(/secret=1|abc|203\.0\.113/);
  });

  it("shows which of many processes it is", async () => {
    const visitor = await visitorOf(await start());
    await visitor.get("/index.html");
    await visitor.post("/1");
    expect((await visitor.get("/1")).body).toContain("0123456789abcdef");
  });

  it("ends at once when its environment is wrong, and says what of it", async () => {
    await expect(start({ LOGIN: "" })).rejects.toThrow(/LOGIN: got nothing, takes "demo"/);
  });
});
