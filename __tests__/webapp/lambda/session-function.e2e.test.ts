import type { LocalFunctionProps } from "../../../cli/dev/lambda/function";
import { HttpApi } from "../../../cli/dev/lambda/http-api";
import type { ApiRequest } from "../../../cli/dev/lambda/http-event";
import { until } from "../../harness/poll";
import { API_URL, type RunningFunction, requestEvent, startFunction } from "../../programs/lambda";
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

const FORM = "application/x-www-form-urlencoded";

describeWith(["redis-server"], "the session app as a Lambda function, on a real Redis with the app's rights", () => {
  let redis: RestrictedRedis;
  let link: TcpProxy;
  /** As it is deployed; each request finds it as one of a visitor it has not seen. */
  let app: RunningFunction;
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    redis = await startRestrictedRedis();
    link = await startProxy(redis.server.port);
    app = await start();
    running.length = 0;
  });
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop();
    await redis.admin.flushall();
  });
  afterAll(async () => {
    await app?.stop();
    await link?.stop();
    await redis?.stop();
  });

  /** The bundle as the topology runs it, in one process unless told. */
  async function start(
    variables: Record<string, string> = {},
    props: Partial<LocalFunctionProps> = {},
  ): Promise<RunningFunction> {
    const environment = {
      NODE_ENV: "production",
      LOGIN: "demo",
      PUBLIC_SCHEME: "https",
      PUBLIC_ORIGIN: API_URL,
      SECRET_KEY: "k".repeat(40),
      REDIS_URL: `redis://app:any@127.0.0.1:${link.port}`,
      ...variables,
    };
    const program = await startFunction("session-lambda.handler", environment, props);
    running.unshift(program);
    return program;
  }

  async function ask(program: RunningFunction, request: Partial<ApiRequest>): Promise<Result> {
    return (await program.invoke(requestEvent(request))) as Result;
  }

  /** A visitor whose requests go to its processes in turn. */
  async function createVisitor({ invoke }: RunningFunction): Promise<Visitor> {
    const api = new HttpApi(invoke, { seenAs: API_URL });
    running.unshift(api);
    return new Visitor(await api.listen());
  }

  it("answers addresses of ALLOWED_CIDRS, and 403 to others, also where a header names an allowed one", async () => {
    const program = await start({ ALLOWED_CIDRS: "203.0.113.0/24,198.51.100.7/32" });
    const status = async (sourceIp: string) => {
      const headers = { "x-forwarded-for": "203.0.113.9", "accept-language": "en" };
      const { statusCode, body } = await ask(program, { sourceIp, headers });
      return [statusCode, body.includes("This site is not open to your network.")];
    };
    expect(await status("203.0.113.255")).toEqual([200, false]);
    expect(await status("198.51.100.7")).toEqual([200, false]);
    expect(await status("198.51.100.8")).toEqual([403, true]);
    expect(await status("203.0.114.1")).toEqual([403, true]);
    expect(await status("2001:db8::1")).toEqual([403, true]);
  });

  it("logs in, counts and logs out over two processes that are frozen between requests", async () => {
    const visitor = await createVisitor(await start({}, { mostAtOnce: 2 }));
    const home = await visitor.login("ann");
    expect(home.body).toContain("Visits: <strong>1<");
    expect([...visitor.cookies.keys()]).toEqual(["__Host-id"]);
    for (const visits of [2, 3, 4]) expect((await visitor.get("/")).body).toContain(`Visits: <strong>${visits}<`);
    await visitor.get("/session");
    expect((await visitor.post("/logout")).status).toBe(303);
    expect((await visitor.get("/")).body).toContain("You are not logged in");
    expect(await redis.admin.call("ACL", "LOG")).toEqual([]);
  });

  it("writes session metrics at the end of an invocation, and no second line within the minute", async () => {
    const program = await start({ SESSION_METRICS: "shop-app", LOG_LEVEL: "silent" });
    const visitor = await createVisitor(program);
    await visitor.login("ann");
    const lines = await until(() => {
      const found = program
        .output()
        .split("\n")
        .filter((line) => line.includes("CloudWatchMetrics"));
      return found.length > 0 && found;
    }, "the metrics");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"Namespace":"SessionApp".*"App":"shop-app","Logins":1,/);
  });

  it("counts every visit of one visitor to many processes at once", async () => {
    const visitor = await createVisitor(await start({}, { mostAtOnce: 3 }));
    await visitor.login("ann");
    for (let i = 0; i < 4; i++) await Promise.all([visitor.get("/"), visitor.get("/"), visitor.get("/")]);
    expect((await visitor.get("/")).body).toContain("Visits: <strong>14<");
  });

  it("sends cookies and headers of an https site", async () => {
    const { body, headers } = await ask(app, { target: "/login" });
    expect(headers["strict-transport-security"]).toMatch(/max-age=\d{8}/);
    const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? "";
    const form = Buffer.from(new URLSearchParams({ token, username: "ann" }).toString());
    const post = { method: "POST", target: "/login", headers: { "content-type": FORM, origin: API_URL }, body: form };
    const { statusCode, cookies } = await ask(app, post);
    expect(statusCode).toBe(303);
    expect(cookies).toEqual([expect.stringMatching(/^__Host-id=[\w-]{43}; path=\/; samesite=lax; secure; httponly$/i)]);
  });

  it("throttles by the address that connected to API Gateway, with any forwarded header", async () => {
    const program = await start({ LOGINS_PER_MINUTE: "1" });
    async function login(sourceIp: string, forwarded: string): Promise<number> {
      const { body } = await ask(program, { target: "/login", sourceIp });
      const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? "";
      const headers = { "content-type": FORM, origin: API_URL, "x-forwarded-for": forwarded };
      const form = Buffer.from(new URLSearchParams({ token, username: "ann" }).toString());
      return (await ask(program, { method: "POST", target: "/login", headers, body: form, sourceIp })).statusCode;
    }
    expect(await login("203.0.113.7", "10.0.0.1")).toBe(303);
    expect(await login("203.0.113.7", "10.0.0.2")).toBe(429);
    expect(await login("203.0.113.8", "10.0.0.1")).toBe(303);
  });

  it.each([
    ["another site's form", { origin: "https://evil.example" }],
    ["another site's form that names a host", { origin: "https://evil.example", "x-forwarded-host": "evil.example" }],
    ["a form of this host by http", { origin: `${API_URL.replace("https", "http")}` }],
  ])("refuses %s", async (_what, headers) => {
    const post = { method: "POST", target: "/login", headers: { "content-type": FORM, ...headers } };
    expect((await ask(app, { ...post, body: Buffer.from("username=ann") })).statusCode).toBe(403);
  });

  it("takes the Host header for its origin where none is set", async () => {
    const visitor = await createVisitor(await start({ PUBLIC_ORIGIN: "" }));
    expect((await visitor.login("ann")).body).toContain("Logged in as");
  });

  it.each<[string, () => unknown]>([
    ["closed", () => redis.admin.call("CLIENT", "KILL", "TYPE", "normal", "USER", "app")],
    ["lost without a word", () => link.silence()],
  ])("has the next answer though its link was %s while it was frozen", async (_how, lose) => {
    const program = await start();
    const visitor = await createVisitor(program);
    await visitor.login("ann");
    await lose();
    // Longer ago than a link is trusted without asking.
    const frozenAt = Date.now();
    await until(() => Date.now() - frozenAt > 100, "a moment to pass");
    const { status, body } = await visitor.get("/");
    expect({ status, body }).toEqual({ status: 200, body: expect.stringContaining("Visits: <strong>2<") });
  });

  it("says within its time that Redis is away, waits for it once a second at most, and is back with it", async () => {
    const away = await startProxy(redis.server.port);
    running.unshift(away);
    away.partition();
    const program = await start({ REDIS_URL: `redis://app:any@127.0.0.1:${away.port}` });
    const cookie = `__Host-id=${"a".repeat(43)}`;
    const first = await ask(program, { headers: { cookie } });
    expect([first.statusCode, first.headers["retry-after"]]).toEqual([503, "2"]);
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      const asked = performance.now();
      expect((await ask(program, { target: "/healthz" })).statusCode).toBe(200);
      waits.push(performance.now() - asked);
    }
    // Without a rest each would wait for as long as a link may take to come up, which is three seconds.
    expect(Math.min(...waits)).toBeLessThan(2000);
    away.heal();
    away.cut();
    await until(async () => (await ask(program, { headers: { cookie } })).statusCode === 200, "an answer");
  });

  it("answers before Lambda would end it", async () => {
    const away = await startProxy(redis.server.port);
    running.unshift(away);
    away.partition();
    const where = { REDIS_URL: `redis://app:any@127.0.0.1:${away.port}` };
    const program = await start(where, { timeoutSeconds: 1 });
    // It keeps half a second for the answer, which a busy machine may take from it.
    await until(async () => (await ask(program, {})).statusCode === 503, "an answer");
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
    const before = app.output().length;
    await ask(app, { target: "/login?secret=1", headers: { cookie: "__Host-id=hush" } });
    const written = () => app.output().slice(before);
    await until(() => written().includes('"path":"/login"'), "the line");
    const line = written()
      .split("\n")
      .find((text) => text.includes('"path":"/login"')) as string;
    expect(JSON.parse(line.replace(/^[^{]*/, ""))).toMatchObject({
      level: 30,
      method: "GET",
      status: 200,
      msg: "request",
    });
    expect(written()).not.toMatch(/secret=1|hush|203\.0\.113/);
  });

  it("shows which of many processes it is", async () => {
    const visitor = await createVisitor(app);
    await visitor.get("/index.html");
    await visitor.post("/1");
    expect((await visitor.get("/1")).body).toMatch(/from host <code class="host">[0-9a-f]{32}</);
  });

  it("ends at once when its environment is wrong, and says what of it", async () => {
    await expect(start({ LOGIN: "" })).rejects.toThrow(/LOGIN: got nothing, takes "demo"/);
  });
});
