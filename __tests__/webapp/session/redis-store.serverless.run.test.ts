import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Cluster } from "ioredis";
import pino from "pino";
import { accessString, readEnvironment } from "../../../environment";
import { connectTo } from "../../../webapp/redis/connect";
import { RedisStore } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { makeCertificate } from "../../programs/certificate";
import { type Finished, runNode } from "../../programs/command";
import { TAKEN } from "../../programs/iam-login";
import { describeWith } from "../../programs/require";
import { type ServerlessCache, startServerlessCache } from "../../programs/serverless-cache";
import { storeContract } from "./store-contract";

const KEYS = { AWS_ACCESS_KEY_ID: "fakeAccessKeyId", AWS_SECRET_ACCESS_KEY: "fakeSecretKey" };

describeWith(["redis-server", "openssl"], "RedisStore on ElastiCache Serverless", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "serverless-"));
  let cache: ServerlessCache;
  let variables: Record<string, string>;
  let client: Cluster;

  beforeAll(async () => {
    Object.assign(process.env, KEYS);
    const certificate = makeCertificate(folder);
    cache = await startServerlessCache({
      certificate,
      iam: {
        cacheId: "sessions",
        region: "eu-west-1",
        secrets: { [KEYS.AWS_ACCESS_KEY_ID]: KEYS.AWS_SECRET_ACCESS_KEY },
      },
      acl: [`user app >${TAKEN} ${accessString("session:", "cluster")}`, `user open >${TAKEN} on ~* &* +@all`],
    });
    variables = {
      REDIS_CLUSTER_ENDPOINT: `localhost:${cache.front.port}`,
      REDIS_CLUSTER_MODE: "enabled",
      REDIS_AUTH: "iam",
      REDIS_USER: "app",
      REDIS_CACHE_ID: "sessions",
      REDIS_CACHE_TYPE: "serverless",
      REDIS_CA_FILE: certificate.ca,
      AWS_REGION: "eu-west-1",
    };
    client = connect({});
    await until(() => client.ping(), "a connection");
  }, 60_000);
  afterAll(async () => {
    for (const name of Object.keys(KEYS)) delete process.env[name];
    client?.disconnect();
    await cache?.stop();
    rmSync(folder, { recursive: true });
  });

  function connect(others: Record<string, string>): Cluster {
    const { redis } = readEnvironment({ ...variables, ...others });
    if (redis === undefined) throw new Error("no connection");
    return connectTo(redis, pino({ level: "silent" })) as Cluster;
  }

  storeContract((lifetimes) => new RedisStore(client, { prefix: "session:", ...lifetimes }));

  it("logs in with tokens of a serverless cache alone", async () => {
    expect(new Set(cache.front.logins)).toEqual(new Set(["taken"]));
    const other = connect({ REDIS_CACHE_TYPE: "replication-group" });
    try {
      await until(() => cache.front.logins.includes("ResourceType undefined"), "a token that is refused");
      await expect(other.ping()).rejects.toThrow();
    } finally {
      other.disconnect();
    }
  });

  it("is one node to clients, at its endpoint", async () => {
    const [range, ...others] = await client.cluster("SLOTS");
    expect(others).toEqual([]);
    expect(range?.slice(0, 2)).toEqual([0, 16_383]);
    expect(range?.[2]?.slice(0, 2)).toEqual(["localhost", cache.front.port]);
  });

  describe("answers to a user with all rights", () => {
    let open: Cluster;
    beforeAll(async () => {
      open = connect({ REDIS_USER: "open" });
      await until(() => open.ping(), "a connection");
    });
    afterAll(() => open.disconnect());

    it.each([
      [["KEYS", "*"], /^ERR unknown command 'KEYS', with args beginning with: '\*'/],
      [["CONFIG", "GET", "maxmemory"], /^ERR unknown command 'CONFIG'/],
      [["MEMORY", "USAGE", "session:s:1"], /^ERR unknown command 'MEMORY'/],
      [["CLIENT", "ID"], /^ERR unknown subcommand 'ID'/],
      [["FUNCTION", "LIST"], /^ERR unknown command 'FUNCTION'/],
    ])("%p", async ([command = "", ...args], says) => {
      const [node] = open.nodes("master");
      await expect(node?.call(command, ...args)).rejects.toThrow(says);
    });

    it.each(["return redis.call('KEYS', '*')", "return redis.call('OBJECT', 'ENCODING', KEYS[1])"])(
      "refuses %s inside of a script",
      async (script) => {
        await expect(open.eval(script, 1, "session:s:1")).rejects.toThrow("can't run this command");
      },
    );

    it("and runs the rest", async () => {
      expect(await open.eval("return redis.call('SET', KEYS[1], 'x')", 1, "session:s:any")).toBe("OK");
      expect(await open.client("GETNAME")).toBeDefined();
    });
  });

  describe("inspect", () => {
    const inspect = (args: readonly string[], user: string): Promise<Finished> =>
      runNode(["webapp/dist/session-app.js", "inspect", ...args], { ...variables, ...KEYS, REDIS_USER: user });

    it("lists the sessions", async () => {
      const { code, stdout } = await inspect([], "app");
      expect([code, stdout]).toEqual([0, expect.stringContaining("sessions under session:")]);
    });

    it.each(["app", "open"])("counts keys without their memory, as user %s", async (user) => {
      const { code, stdout, stderr } = await inspect(["count"], user);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/session:s:\s+[\d,]+\s+-\s+sessions/);
    });
  });
});
