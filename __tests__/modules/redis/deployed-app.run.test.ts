import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { Network } from "../../../modules/network";
import {
  type IRedisCluster,
  RedisAuth,
  RedisCluster,
  type RedisClusterProps,
  RedisServerlessCache,
} from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { until } from "../../harness/poll";
import { type AppProcess, startApp } from "../../programs/app-process";
import { type AwsDouble, startAwsDouble } from "../../programs/aws-double";
import { type Certificate, makeCertificate } from "../../programs/certificate";
import { runNode } from "../../programs/command";
import { type ElastiCache, startElastiCache } from "../../programs/elasticache";
import { startIamFront, TAKEN } from "../../programs/iam-login";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";
import { synthesize } from "../../synthesized";

const REGION = "ap-northeast-1";
const programs = ["redis-server", "openssl", "moto_server", "aws"] as const;

describeWith(programs, "the app with the environment of the JSON, on Redis with the users of the JSON", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "deployed-app-"));
  let certificate: Certificate;
  let double: AwsDouble;
  let keyArn: string;
  let passwordSecretArn: string;
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    certificate = makeCertificate(folder);
    double = await startAwsDouble(REGION);
    [keyArn, passwordSecretArn] = await Promise.all([secret("key", "k".repeat(64)), secret("redis", "a-password")]);
  }, 60_000);
  afterEach(async () => {
    for (const program of running.splice(0)) await program.stop();
  });
  afterAll(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function secret(name: string, value: string): Promise<string> {
    const answer = await double.aws("secretsmanager", "create-secret", "--name", name, "--secret-string", value);
    return answer.ARN as string;
  }

  /** The app's environment and the user's rights, as Terraform would deploy them. */
  function deployed(props: Partial<RedisClusterProps>) {
    return deployedOn((scope, network) => new RedisCluster(scope, "redis", { network, ...props }));
  }

  function deployedOn(addCache: (scope: TerraformStack, network: Network) => IRedisCluster) {
    const stack = synthesize((scope) => {
      const redis = addCache(scope, new Network(scope, "network"));
      const app = new SessionApp(scope, "app", { redis });
      new TerraformOutput(scope, "environment", { value: app.environmentAt({ scheme: "http", proxies: 0 }) });
    });
    const users = Object.values(stack.all("aws_elasticache_user"));
    return {
      environment: stack.json.output?.environment?.value as Record<string, string>,
      // An IAM token can't be checked outside of AWS: any password is right. The user's rights are as deployed.
      acl: users.map((user) => `user ${user.user_name} nopass ${user.access_string}`),
    };
  }

  /** The environment with names in place of Terraform's references; nothing else of it is touched. */
  function resolved(environment: Record<string, string>, port: number): Record<string, string> {
    const endpoint =
      /\$\{aws_elasticache_(replication_group|serverless_cache)\.[^}]+\.((primary|configuration)_endpoint_|endpoint\[0\]\.)address\}:6379/;
    const entries = Object.entries(environment).map(([name, value]): [string, string] => [
      name,
      value
        .replace(endpoint, `localhost:${port}`)
        .replace(/\$\{aws_elasticache_replication_group\.[^}]+\.replication_group_id\}/, "session-test-redis")
        .replace(/\$\{aws_secretsmanager_secret\.[^}]+\.arn\}/, keyArn),
    ]);
    for (const [name, value] of entries) expect([name, value]).toEqual([name, expect.not.stringContaining("${")]);
    return Object.fromEntries(entries);
  }

  async function start(
    environment: Record<string, string>,
    options: { readonly acl: readonly string[]; readonly shards?: number; readonly replicas?: number },
  ): Promise<{ cache: ElastiCache; app: AppProcess; variables: Record<string, string> }> {
    const cache = await startElastiCache({ certificate, ...options });
    running.unshift(cache);
    const { PORT: _, ...own } = resolved(environment, cache.port);
    const variables = { ...own, ...double.environment, REDIS_CA_FILE: certificate.ca, HOST: "127.0.0.1" };
    const app = await startApp(variables);
    running.unshift(app);
    await until(async () => (await fetch(`${app.url}/readyz`)).ok, `the app to be ready: ${app.output()}`);
    return { cache, app, variables };
  }

  /** Logs in, counts, lists sessions, ends one, logs out. */
  async function walkThrough(url: string, username: string): Promise<void> {
    const [here, there] = [new Visitor(url), new Visitor(url)];
    expect((await here.login(username)).body).toContain("Visits: <strong>1<");
    expect((await here.get("/")).body).toContain("Visits: <strong>2<");
    await there.login(username);

    const sessions = (await here.get("/session")).body;
    const references = [...sessions.matchAll(/name="reference" value="([^"]+)"/g)].map(([, reference]) => reference);
    expect(references).toHaveLength(1);
    expect((await here.post("/session/end", { reference: references[0] as string })).status).toBe(303);
    expect((await there.get("/")).body).toContain("You are not logged in");

    await here.get("/session");
    expect((await here.post("/logout")).status).toBe(303);
    expect((await here.get("/")).body).toContain("You are not logged in");
  }

  /** Commands and keys that an ACL refused, on any node. */
  async function refusals(cache: ElastiCache): Promise<unknown[]> {
    return (await Promise.all(cache.admins.map((admin) => admin.call("ACL", "LOG")))).flat();
  }

  it("in cluster mode, three shards of two nodes, by IAM", async () => {
    const { environment, acl } = deployed({ shards: 3, replicas: 1 });
    const { cache, app, variables } = await start(environment, { acl, shards: 3, replicas: 1 });
    for (const username of ["ann", "bob", "cid", "dee"]) await walkThrough(app.url, username);

    await Promise.all(Array.from({ length: 12 }, (_, n) => new Visitor(app.url).login(`visitor ${n}`)));
    const sizes = await Promise.all(cache.admins.map((admin) => admin.dbsize()));
    expect(sizes.filter((keys) => keys > 0)).toHaveLength(6);
    const inspected = await runNode(["webapp/dist/session-app.js", "inspect"], variables);
    expect(inspected).toMatchObject({ code: 0, stdout: expect.stringContaining("\n12 sessions under session:\n") });
    expect(await refusals(cache)).toEqual([]);
  }, 60_000);

  it("in cluster mode, with the password of a user group that was there", async () => {
    const existingUserGroup = { userGroupId: "staff", userName: "app", passwordSecretArn };
    const { environment, acl: none } = deployed({ shards: 2, replicas: 0, existingUserGroup });
    expect(none).toEqual([]);
    const acl = ["user app on >a-password ~session:* +@all", "user default off"];
    const { app } = await start(environment, { acl, shards: 3 });
    await walkThrough(app.url, "ann");
  }, 60_000);

  it("on a serverless cache, which shows all slots on one node, and takes tokens for serverless caches alone", async () => {
    const { environment, acl } = deployedOn((scope, network) => new RedisServerlessCache(scope, "redis", { network }));
    const cache = await startElastiCache({ acl: acl.map((user) => user.replace("nopass", `>${TAKEN}`)), shards: 1 });
    running.unshift(cache);
    const { REDIS_CACHE_ID: cacheId = "" } = environment;
    const front = await startIamFront(cache.port, certificate, {
      cacheId,
      region: REGION,
      serverless: true,
      secrets: { [double.environment.AWS_ACCESS_KEY_ID as string]: double.environment.AWS_SECRET_ACCESS_KEY as string },
    });
    running.unshift(front);
    const [admin] = cache.admins;
    await admin?.config("SET", "cluster-announce-port", front.port);
    await until(
      async () => JSON.stringify(await admin?.cluster("SLOTS")).includes(`,${front.port},`),
      "the node to name the front",
    );

    const { PORT: _, ...own } = resolved(environment, front.port);
    const variables = { ...own, ...double.environment, REDIS_CA_FILE: certificate.ca, HOST: "127.0.0.1" };
    const app = await startApp(variables);
    running.unshift(app);
    await until(async () => (await fetch(`${app.url}/readyz`)).ok, `the app to be ready: ${app.output()}`);
    for (const username of ["ann", "bob"]) await walkThrough(app.url, username);
    await new Visitor(app.url).login("cid");
    const inspected = await runNode(["webapp/dist/session-app.js", "inspect"], variables);
    expect(inspected).toMatchObject({ code: 0, stdout: expect.stringContaining("\n1 session under session:\n") });
    expect(new Set(front.logins)).toEqual(new Set(["taken"]));
    expect(await refusals(cache)).toEqual([]);

    const stranger = await runNode(["webapp/dist/session-app.js", "inspect"], { ...variables, REDIS_CACHE_TYPE: "" });
    expect(stranger.code).toBe(2);
    expect(front.logins).toContain("ResourceType undefined");
  }, 60_000);

  it("on one primary, by IAM", async () => {
    const { environment, acl } = deployed({});
    const { cache, app } = await start(environment, { acl });
    await walkThrough(app.url, "ann");
    expect(await refusals(cache)).toEqual([]);
  }, 60_000);

  it("on one primary without a login, by TLS all the same", async () => {
    const { environment } = deployed({ auth: RedisAuth.NONE });
    const { app } = await start(environment, { acl: [] });
    await walkThrough(app.url, "ann");
  }, 60_000);
});
