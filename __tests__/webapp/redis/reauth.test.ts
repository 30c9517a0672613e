import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Redis } from "ioredis";
import pino from "pino";
import { readEnvironment } from "../../../environment";
import { connectTo } from "../../../webapp/redis/connect";
import { until } from "../../harness/poll";
import { makeCertificate } from "../../programs/certificate";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

const KEYS = { AWS_ACCESS_KEY_ID: "fakeAccessKeyId", AWS_SECRET_ACCESS_KEY: "fakeSecretKey" };

describeWith(["redis-server", "openssl"], "a link that logged in by IAM", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "reauth-"));
  let server: RedisServer;
  let client: Redis;

  beforeAll(async () => {
    Object.assign(process.env, KEYS);
    // A token can't be checked outside of AWS: any password is right.
    const acl = ["user iam on nopass ~* +@all", "user default off"];
    server = await startRedis({ acl, tls: makeCertificate(folder) });
    const { redis } = readEnvironment({
      REDIS_URL: `rediss://localhost:${server.port}`,
      REDIS_AUTH: "iam",
      REDIS_USER: "iam",
      REDIS_CACHE_ID: "sessions",
      AWS_REGION: "eu-west-1",
      REDIS_CA_FILE: path.join(folder, "ca.pem"),
    });
    if (redis === undefined) throw new Error("no Redis named");
    client = connectTo(redis, pino({ level: "silent" }), { reauthMs: 100 }) as Redis;
    await until(() => client.ping(), "a connection");
  });
  afterAll(async () => {
    for (const name of Object.keys(KEYS)) delete process.env[name];
    client?.disconnect();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  it("logs in again before ElastiCache cuts it: the same link, each time with a fresh token", async () => {
    const logins = async () => {
      const stats = String(await client.info("commandstats"));
      return Number(/cmdstat_auth:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    const link = await client.client("ID");
    const [before, first] = [await logins(), client.options.password];
    await until(async () => (await logins()) >= before + 3, "three more logins");
    // Tokens of one second are alike.
    await until(() => client.options.password !== first, "another token");
    expect(await client.client("ID")).toBe(link);
    expect(await client.call("ACL", "WHOAMI")).toBe("iam");
  });
});
