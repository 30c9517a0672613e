import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Cluster, Redis } from "ioredis";
import pino from "pino";
import { readEnvironment } from "../../../environment";
import { connectTo } from "../../../webapp/redis/connect";
import { until } from "../../harness/poll";
import { makeCertificate } from "../../programs/certificate";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

describeWith(["redis-server", "openssl"], "connectTo", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "tls-"));
  let plain: RedisServer;
  let tls: RedisServer;
  const clients: (Redis | Cluster)[] = [];

  beforeAll(async () => {
    const acl = ["user app on >s3cret-password ~* +@all", "user default off", "user iam on nopass ~* +@all"];
    [plain, tls] = await Promise.all([startRedis({ acl }), startRedis({ acl, tls: makeCertificate(dir) })]);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });
  afterAll(async () => {
    await Promise.all([plain.stop(), tls.stop()]);
    rmSync(dir, { recursive: true });
  });

  function connect(variables: Record<string, string>) {
    const { redis } = readEnvironment(variables);
    if (redis === undefined) throw new Error("no Redis named");
    const lines: string[] = [];
    const client = connectTo(redis, pino({}, { write: (line: string) => void lines.push(line) }));
    clients.push(client);
    return { client, lines };
  }

  it("logs in by URL", async () => {
    const { client } = connect({ REDIS_URL: `redis://app:s3cret-password@localhost:${plain.port}` });
    expect(await until(() => client.ping(), "a connection")).toBe("PONG");
    expect(await client.call("ACL", "WHOAMI")).toBe("app");
  });

  it("speaks TLS with a CA of one's own", async () => {
    const url = `rediss://app:s3cret-password@localhost:${tls.port}`;
    const { client } = connect({ REDIS_URL: url, REDIS_CA_FILE: path.join(dir, "ca.pem") });
    expect(await until(() => client.ping(), "a connection")).toBe("PONG");
  });

  it("signs in by IAM over TLS, with a new token for each connection", async () => {
    const keys = { AWS_ACCESS_KEY_ID: "fakeAccessKeyId", AWS_SECRET_ACCESS_KEY: "fakeSecretKey" };
    Object.assign(process.env, keys);
    const { client } = connect({
      REDIS_URL: `rediss://localhost:${tls.port}`,
      REDIS_AUTH: "iam",
      REDIS_USER: "iam",
      REDIS_CACHE_ID: "sessions",
      AWS_REGION: "eu-west-1",
      REDIS_CA_FILE: path.join(dir, "ca.pem"),
    });
    await until(() => client.ping(), "a connection");
    expect(await client.call("ACL", "WHOAMI")).toBe("iam");
    const first = (client as Redis).options.password as string;
    expect(first).toMatch(/^sessions\/\?Action=connect&User=iam&X-Amz-/);
    const second = Math.floor(Date.now() / 1000);
    await until(() => Date.now() / 1000 >= second + 1, "the next second: a token's time is no finer");
    (client as Redis).disconnect(true);
    await until(() => client.ping(), "the next connection");
    expect((client as Redis).options.password).not.toBe(first);
    for (const name of Object.keys(keys)) delete process.env[name];
  });

  it.each([
    {
      what: "a server whose CA it does not know",
      why: /self-signed certificate/,
      variables: () => ({ REDIS_URL: `rediss://localhost:${tls.port}` }),
    },
    {
      what: "a server of another name",
      why: /Hostname\/IP does not match/,
      variables: () => ({ REDIS_URL: `rediss://127.0.0.1:${tls.port}`, REDIS_CA_FILE: path.join(dir, "ca.pem") }),
    },
    {
      what: "a TLS port in plain text",
      why: /link lost|ECONNRESET/,
      variables: () => ({ REDIS_URL: `redis://localhost:${tls.port}` }),
    },
    {
      what: "a wrong password",
      why: /WRONGPASS/,
      variables: () => ({ REDIS_URL: `redis://app:wrong-password@localhost:${plain.port}` }),
    },
    { what: "a port without a server", why: /ECONNREFUSED/, variables: () => ({ REDIS_URL: "redis://localhost:1" }) },
  ])("does not get through to $what, fails at once, and logs why and no secret", async ({ why, variables }) => {
    const { client, lines } = connect(variables());
    const refused = await until(() => lines.find((line) => line.includes("redis connection")), "a log line");
    expect(JSON.parse(refused)).toEqual(expect.objectContaining({ error: expect.stringMatching(why) }));
    await expect(client.ping()).rejects.toThrow();
    expect(lines.join("\n")).not.toMatch(/password@|wrong-password|s3cret/);
  });

  it("logs a failure once, while every attempt ends in the same one", async () => {
    const { client, lines } = connect({ REDIS_URL: "redis://127.0.0.1:1" });
    let attempts = 0;
    client.on("error", () => attempts++);
    await until(() => attempts > 3, "more attempts");
    expect(lines.map((line) => JSON.parse(line).error)).toEqual(["connect ECONNREFUSED 127.0.0.1:1"]);
  });
});
