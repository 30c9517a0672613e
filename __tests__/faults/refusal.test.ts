import { until } from "../harness/poll";
import { type AppProcess, startApp } from "../programs/app-process";
import { type AwsDouble, startAwsDouble } from "../programs/aws-double";
import { describeWith } from "../programs/require";
import { Visitor } from "../programs/visitor";
import { type FaultyRedis, startFaultyRedis } from "./faulty-redis";
import { BACK_WITHIN_MS, expectHonest, lasting, moreVisits, ride, startFaultedApp } from "./ride";

describeWith(["redis-server", "openssl"], "Redis refuses", () => {
  let redis: FaultyRedis;
  let app: AppProcess;

  beforeEach(async () => {
    redis = await startFaultyRedis();
    app = await startFaultedApp(redis.variables);
  }, 20_000);
  afterEach(async () => {
    await app?.stop();
    await redis?.stop();
  });

  it("memory full, noeviction: reads work, writes answer 503", async () => {
    const admin = redis.admin();
    const reader = new Visitor(app.url);
    await reader.login("reader");
    const result = await ride({
      fault: "memory full, noeviction",
      afterwards: "reads work, writes answered 503",
      app,
      async strike() {
        await admin.config("SET", "maxmemory-policy", "noeviction");
        await admin.config("SET", "maxmemory", "1");
      },
      async during(load) {
        await moreVisits(load, 100);
        // A page that only reads: the visitor's own session.
        const page = await reader.get("/session");
        expect([page.status, page.body.includes("reader")]).toEqual([200, true]);
        expect((await reader.get("/")).status).toBe(503);
      },
      heal: async () => void (await admin.config("SET", "maxmemory", "0")),
    });
    expectHonest(app, result);
    expect(result.failed.length).toBeGreaterThan(50);
    expect(result.loggedOut).toBe(0);
    expect(new Set(result.readyDuring)).toEqual(new Set([200]));
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
  }, 40_000);

  it("rights taken away and given back: 503 while it lasts, on the same link, then as before", async () => {
    const admin = redis.admin();
    const result = await ride({
      fault: "ACL: the user's rights taken away for 1 s",
      afterwards: "503 while it lasts, then as before",
      app,
      strike: async () => void (await admin.acl("SETUSER", "app", "-evalsha", "-eval")),
      during: () => lasting(1000),
      heal: async () => void (await admin.acl("SETUSER", "app", "+evalsha", "+eval")),
    });
    expectHonest(app, result);
    expect(result.failed.length).toBeGreaterThan(20);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
    expect(result.loggedOut).toBe(0);
  }, 40_000);
});

describeWith(["redis-server", "openssl", "moto_server", "aws"], "the password in Secrets Manager is rotated", () => {
  let redis: FaultyRedis;
  let double: AwsDouble;
  let app: AppProcess;

  beforeAll(async () => {
    [redis, double] = await Promise.all([startFaultyRedis(), startAwsDouble("ap-northeast-1")]);
    const put = ["secretsmanager", "create-secret", "--name", "redis", "--secret-string", redis.password];
    const { ARN } = await double.aws(...put);
    app = await startFaultedApp({
      ...double.environment,
      REDIS_CLUSTER_ENDPOINT: `localhost:${redis.proxy.port}`,
      REDIS_CA_FILE: redis.ca,
      REDIS_USER: "app",
      REDIS_PASSWORD_ARN: ARN as string,
    });
  }, 60_000);
  afterAll(async () => {
    await app?.stop();
    await double?.stop();
    await redis?.stop();
  });

  it("live links go on; one that is cut logs in with the new password", async () => {
    const admin = redis.admin();
    const result = await ride({
      fault: "password rotated in Secrets Manager, links cut",
      afterwards: "read again after WRONGPASS, logged in",
      app,
      async strike() {
        await admin.acl("SETUSER", "app", "resetpass", ">the-next-password");
        await double.aws(
          "secretsmanager",
          "put-secret-value",
          "--secret-id",
          "redis",
          "--secret-string",
          "the-next-password",
        );
        await until(async () => (await fetch(`${app.url}/readyz`)).ok, "the live link to go on");
      },
      heal: () => redis.proxy.cut(),
    });
    expectHonest(app, result);
    expect(result.cleanMs).toBeLessThan(BACK_WITHIN_MS);
    expect(result.loggedOut).toBe(0);
    expect(app.output()).toContain("WRONGPASS");
    expect(app.output()).not.toMatch(/the-next-password|a-password/);
  }, 40_000);
});

describeWith(["redis-server", "openssl"], "Redis is not who it should be", () => {
  let redis: FaultyRedis;
  let wrongName: FaultyRedis;

  beforeAll(async () => {
    [redis, wrongName] = await Promise.all([startFaultyRedis(), startFaultyRedis()]);
  });
  afterAll(async () => {
    await redis?.stop();
    await wrongName?.stop();
  });

  it.each([
    { what: "a CA the app does not know", variables: () => ({ REDIS_CA_FILE: wrongName.ca }) },
    {
      what: "a certificate of another name",
      variables: () => ({ REDIS_URL: redis.variables.REDIS_URL?.replace("localhost", "127.0.0.1") ?? "" }),
    },
    {
      what: "a TLS port, asked in plain text",
      variables: () => ({
        REDIS_URL: redis.variables.REDIS_URL?.replace("rediss:", "redis:") ?? "",
        REDIS_CA_FILE: "",
      }),
    },
  ])(
    "$what: fails closed, 503, never in plain text",
    async ({ variables }) => {
      const app = await startApp({ LOG_LEVEL: "warn", ...redis.variables, ...variables() });
      try {
        const refused = /"error":"\w.*"msg":"redis connection"/;
        await until(() => refused.test(app.output()), "a line that says why the connection was refused");
        const visitor = new Visitor(app.url);
        for (let i = 0; i < 20; i++) {
          expect((await visitor.get("/healthz")).status).toBe(200);
          expect((await visitor.get("/login")).status).toBe(200);
          expect((await visitor.get("/readyz")).status).toBe(503);
          const login = await visitor.post("/login", { username: "ann" });
          expect([login.status, login.headers.get("retry-after")]).toEqual([503, "2"]);
          await lasting(50);
        }
        const admin = redis.admin();
        expect(await admin.keys("*")).toEqual([]);
        expect(String(await admin.client("LIST"))).not.toContain("user=app");
        expect(app.process.exitCode).toBeNull();
        expect(app.output()).not.toContain("a-password");
      } finally {
        await app.stop();
      }
    },
    30_000,
  );
});
