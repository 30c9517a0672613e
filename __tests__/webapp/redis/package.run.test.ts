import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { until } from "../../harness/poll";
import { makeCertificate } from "../../programs/certificate";
import { type Finished, runNode } from "../../programs/command";
import { type IamFront, startIamFront, TAKEN } from "../../programs/iam-login";
import { type RedisNodes, startRedisCluster } from "../../programs/redis-cluster";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";

const ROOT = path.join(__dirname, "..", "..", "..");
const PAGE = readFileSync(path.join(ROOT, "docs", "elasticache-iam.md"), "utf8");
const [WITH_IOREDIS, WITH_NODE_REDIS] = [...PAGE.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block as string);
const USER = `user app on >${TAKEN} ~session:* +@all`;
const KEYS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "a-secret-key" };
const PACKAGES = ["@smithy/hash-node", "@smithy/signature-v4", "@aws-sdk/credential-provider-node", "@redis/client"];
const CACHE = { cacheId: "sessions", region: "eu-west-1", secrets: { AKIDEXAMPLE: "a-secret-key" } };

/** Connects, and connects once more; ends with 3 when it can't log in. */
const TWO_CONNECTIONS = `
const { connectRedis } = require("cdktf-session-store/redis");
const onError = (message) => {
  if (!/WRONGPASS|a login by IAM/.test(message)) return;
  console.error(message);
  process.exit(3);
};
let times = 0;
const redis = connectRedis(process.env, { onError });
redis.on("ready", async () => {
  console.log(await redis.call("ACL", "WHOAMI"));
  redis.disconnect(++times === 1);
});
`;

describeWith(["redis-server", "openssl"], "cdktf-session-store/redis", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "iam-"));
  const certificate = makeCertificate(folder);
  let server: RedisServer;
  let front: IamFront;

  beforeAll(async () => {
    execFileSync("npm", ["run", "--silent", "build:redis"], { cwd: ROOT });
    for (const ioredis of ["ioredis", "ioredis-5"]) makeProject(ioredis);
    server = await startRedis({ acl: [USER, "user default off"] });
  }, 120_000);
  beforeEach(async () => {
    front = await startIamFront(server.port, certificate, CACHE);
  });
  afterEach(() => front.stop());
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  /** A project with the package, an ioredis and other packages, and none of this repository's folders above it. */
  function makeProject(ioredis: string, name = ioredis, packages: readonly string[] = PACKAGES): void {
    const modules = path.join(folder, name, "node_modules");
    const installed = path.join(modules, "cdktf-session-store");
    for (const scope of ["@smithy", "@aws-sdk", "@redis"]) mkdirSync(path.join(modules, scope), { recursive: true });
    symlinkSync(path.join(ROOT, "node_modules", ioredis), path.join(modules, "ioredis"));
    for (const one of packages) symlinkSync(path.join(ROOT, "node_modules", one), path.join(modules, one));
    for (const file of ["package.json", "dist/webapp/redis/index.js"]) {
      cpSync(path.join(ROOT, file), path.join(installed, file));
    }
  }

  function run(program: string, variables: Record<string, string> = {}, project = "ioredis"): Promise<Finished> {
    const file = path.join(folder, project, program.includes("require(") ? "main.cjs" : "main.mjs");
    writeFileSync(file, program);
    return runNode([file], {
      REDIS_URL: `rediss://localhost:${front.port}`,
      REDIS_AUTH: "iam",
      REDIS_USER: "app",
      REDIS_CACHE_ID: "sessions",
      AWS_REGION: "eu-west-1",
      REDIS_CA_FILE: certificate.ca,
      NODE_EXTRA_CA_CERTS: certificate.ca,
      ...KEYS,
      ...variables,
    });
  }

  it.each(["ioredis", "ioredis-5"])("runs the page's first program, with %s", async (ioredis) => {
    expect(await run(WITH_IOREDIS as string, {}, ioredis)).toEqual({ code: 0, stdout: "hello\n", stderr: "" });
    expect(front.logins).toEqual(["taken"]);
  });

  it("runs the page's second program, with node-redis and a token alone", async () => {
    expect(await run(WITH_NODE_REDIS as string)).toEqual({ code: 0, stdout: "hello\n", stderr: "" });
    expect(front.logins).toEqual(["taken"]);
  });

  it.each(["ioredis", "ioredis-5"])("signs a token for each connection, with %s", async (ioredis) => {
    expect(await run(TWO_CONNECTIONS, {}, ioredis)).toEqual({ code: 0, stdout: "app\napp\n", stderr: "" });
    expect(front.logins).toEqual(["taken", "taken"]);
  });

  it.each([
    { what: "a token that has expired", aheadMs: 16 * 60_000, variables: {}, why: "expired" },
    { what: "another key", aheadMs: 0, variables: { AWS_SECRET_ACCESS_KEY: "another" }, why: "signature" },
    { what: "another cache", aheadMs: 0, variables: { REDIS_CACHE_ID: "others" }, why: "host others" },
    {
      what: "a serverless cache, where there is none",
      aheadMs: 0,
      variables: { REDIS_CACHE_TYPE: "serverless" },
      why: "ResourceType ServerlessCache",
    },
  ])("says that it was refused: $what", async ({ aheadMs, variables, why }) => {
    front.aheadMs = aheadMs;
    const { code, stderr } = await run(TWO_CONNECTIONS, variables);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^Redis at localhost:\d+: .*WRONGPASS/)]);
    expect(stderr).not.toContain("X-Amz");
    expect(front.logins[0]).toBe(why);
  });

  it("names the packages that sign, where they are not installed", async () => {
    makeProject("ioredis", "without-signer", []);
    const { stderr } = await run(TWO_CONNECTIONS, {}, "without-signer");
    expect(stderr).toMatch(
      /: a login by IAM needs packages that are not installed: npm install @smithy\/signature-v4 /,
    );
  });

  it("names a variable that is missing", async () => {
    const { code, stderr } = await run(TWO_CONNECTIONS, { REDIS_URL: "" });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/REDIS_AUTH: got a value, takes none without REDIS_URL/)]);
  });

  describe("in cluster mode", () => {
    let nodes: RedisNodes;
    let fronts: IamFront[];

    beforeAll(async () => {
      nodes = await startRedisCluster(2, ["--user", "app", "on", `>${TAKEN}`, "~*", "+@all"]);
      fronts = await Promise.all(nodes.nodes.map(({ port }) => startIamFront(port, certificate, CACHE)));
      // Clients are sent to the fronts.
      for (const [n, { port }] of nodes.nodes.entries()) {
        const admin = new Redis({ port });
        await admin.config("SET", "cluster-announce-hostname", "localhost");
        await admin.config("SET", "cluster-preferred-endpoint-type", "hostname");
        await admin.config("SET", "cluster-announce-port", fronts[n]?.port as number);
        admin.disconnect();
      }
      const [first] = nodes.nodes;
      const admin = new Redis({ port: first?.port as number });
      await until(async () => {
        const slots = JSON.stringify(await admin.cluster("SLOTS"));
        return fronts.every(({ port }) => slots.includes(`,${port},`) || slots.includes(`"localhost",${port}`));
      }, "the nodes to know the fronts");
      admin.disconnect();
    }, 60_000);
    afterAll(async () => {
      await Promise.all(fronts.map((one) => one.stop()));
      await nodes?.stop();
    });

    it.each(["ioredis", "ioredis-5"])("logs in to each node by a token, with %s", async (ioredis) => {
      for (const { logins } of fronts) logins.length = 0;
      const program = `
        const { connectRedis } = require("cdktf-session-store/redis");
        const redis = connectRedis();
        redis.once("ready", async () => {
          for (let n = 0; n < 20; n++) await redis.set("key " + n, "value");
          console.log(redis.nodes("master").length);
          redis.disconnect();
        });`;
      const endpoint = { REDIS_CLUSTER_ENDPOINT: `localhost:${fronts[0]?.port}`, REDIS_CLUSTER_MODE: "enabled" };
      const { code, stdout, stderr } = await run(program, { REDIS_URL: "", ...endpoint }, ioredis);
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "2\n", stderr: "" });
      for (const { logins } of fronts) {
        expect(logins.length).toBeGreaterThan(0);
        expect(new Set(logins)).toEqual(new Set(["taken"]));
      }
    });
  });
});
