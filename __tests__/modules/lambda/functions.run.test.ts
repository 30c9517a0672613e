import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { HttpApi } from "../../../cli/dev/lambda/http-api";
import { readLambdaStack, type StackFunction } from "../../../cli/dev/lambda/stack";
import { readConfiguration } from "../../../cli/terraform/read-configuration";
import { type StrictAws, startStrictAws } from "../../deploy/aws-double/start";
import { until } from "../../harness/poll";
import { type Certificate, makeCertificate } from "../../programs/certificate";
import { configAnswer, configuration, startConfigurationEndpoint } from "../../programs/configuration-endpoint";
import { startDeployed } from "../../programs/deployed-function";
import { type ElastiCache, startElastiCache } from "../../programs/elasticache";
import { API_URL, type RunningFunction, requestEvent } from "../../programs/lambda";
import { type MemcachedServer, startMemcached } from "../../programs/memcached-server";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";
import { synthesizeFiles } from "../../synthesized/program";

const REGION = "ap-northeast-1";
/** Cold starts at the same time: what two cores manage in a few seconds. */
const AT_ONCE = 16;
/** Visitors come from this machine by the HTTP API played here, and from this address in events. */
const VISITORS = ["127.0.0.0/8", "203.0.113.7/32"];
const IDS = Array.from({ length: 12 }, (_, i) => `photo-${i}`);

/** The stack with these settings: its functions, and its cache's users as lines of an ACL file. */
function synthesize(lambda: object) {
  const file = synthesizeFiles({ lambda: { allowedCidrs: VISITORS, ...lambda } }, "session-lambda").get(
    "session-lambda",
  ) as string;
  const configuration = readConfiguration(readFileSync(file, "utf8"));
  const stack = readLambdaStack(configuration, path.dirname(file));
  const users = configuration.of("aws_elasticache_user").map(({ values }) => values);
  // Redis itself accepts any password from a user of IAM.
  const acl = users.map(
    ({ user_name, access_string }) => `user ${user_name} ${String(access_string).replace(/^on /, "on nopass ")}`,
  );
  return { ...stack, photos: stack.others[0] as StackFunction, acl };
}

describeWith(
  ["redis-server", "memcached", "openssl", "moto_server", "aws"],
  "the functions of session-lambda: the stack's zips, on Redis with its users and TLS, memcached and DynamoDB",
  () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "functions-"));
    const running: { stop(): Promise<void> }[] = [];
    let certificate: Certificate;
    let aws: StrictAws;
    let redis: ElastiCache;
    let beside: Record<string, string>;
    let secret: string;
    const onRedis = synthesize({ reservedConcurrency: AT_ONCE, photoCache: { engine: "redis" } });
    const onMemcached = synthesize({ photoCache: { engine: "memcached" } });

    beforeAll(async () => {
      certificate = makeCertificate(folder);
      [aws, redis] = await Promise.all([
        startStrictAws({ region: REGION }),
        startElastiCache({ certificate, acl: onRedis.acl }),
      ]);
      const { AWS_ENDPOINT_URL = "" } = aws.environment;
      beside = {
        AWS_ENDPOINT_URL,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_SESSION_TOKEN: "test",
      };
      const key = "k".repeat(40);
      ({ ARN: secret } = await aws.aws("secretsmanager", "create-secret", "--name", "key", "--secret-string", key));
      await addPhotos(AWS_ENDPOINT_URL);
    }, 300_000);
    afterEach(async () => {
      for (const program of running.splice(0)) await program.stop();
    });
    afterAll(async () => {
      await redis?.stop();
      await aws?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    async function addPhotos(endpoint: string): Promise<void> {
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      const client = new DynamoDBClient({ endpoint, region: REGION, credentials });
      for (const { name: TableName, key: AttributeName } of onRedis.tables) {
        await client.send(
          new CreateTableCommand({
            TableName,
            KeySchema: [{ AttributeName, KeyType: "HASH" }],
            AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
            BillingMode: "PAY_PER_REQUEST",
          }),
        );
        for (const id of IDS) await client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
      }
      client.destroy();
    }

    async function startApp(processes: number): Promise<RunningFunction> {
      const applied = { REDIS_URL: redisUrl(), SECRET_KEY_ARN: secret, PUBLIC_ORIGIN: API_URL };
      const app = await startDeployed(onRedis.web, applied, { ...beside, REDIS_CA_FILE: certificate.ca }, processes);
      running.unshift(app);
      return app;
    }
    async function startPhotos(deployed: StackFunction, applied: Record<string, string>, more: object = {}) {
      const photos = await startDeployed(deployed, applied, { ...beside, ...more });
      running.unshift(photos);
      const report = () => photos.invoke({ report: true });
      return { ...photos, report, read: (photo: string) => photos.invoke({ photo }) };
    }
    const redisUrl = () => `rediss://localhost:${redis.port}`;
    /** Links a user has to Redis at this moment. */
    const countLinks = async (user: string) =>
      String(await redis.admins[0]?.client("LIST")).split(` user=session-lambda-redis-${user} `).length - 1;

    it("logs in through one process and goes on in another, with the rights of its user and no more", async () => {
      const app = await startApp(2);
      const api = new HttpApi(app.invoke, { seenAs: API_URL });
      running.unshift(api);
      const visitor = new Visitor(await api.listen());
      expect((await visitor.login("ann")).body).toContain("Visits: <strong>1<");
      for (const visits of [2, 3, 4]) expect((await visitor.get("/")).body).toContain(`Visits: <strong>${visits}<`);
      await until(() => [1, 2].every((n) => app.output().includes(`session-lambda-web-app-${n}: {`)), "both at work");
      expect(await redis.admins[0]?.call("ACL", "LOG")).toEqual([]);
    });

    it(`has one link to Redis a process, with ${AT_ONCE} cold starts at a time; what is above its cap is turned away`, async () => {
      const app = await startApp(0);
      const cookie = `__Host-id=${"a".repeat(43)}`;
      const ask = () => app.invoke(requestEvent({ headers: { cookie } })) as Promise<{ statusCode: number }>;
      const all = (count: number) => Promise.allSettled(Array.from({ length: count }, ask));
      const turnedAway = (await all(AT_ONCE + 6)).filter(({ status }) => status === "rejected");
      expect(turnedAway).toHaveLength(6);
      expect(turnedAway[0]).toMatchObject({ reason: { type: "TooManyRequestsException" } });
      expect(app.lambda.processes).toHaveLength(AT_ONCE);
      expect(await countLinks("app")).toBeLessThanOrEqual(AT_ONCE);
      // On a busy machine the first answer may have been that Redis or the key took too long.
      const isWell = (answer: PromiseSettledResult<{ statusCode: number }>) =>
        answer.status === "fulfilled" && answer.value.statusCode === 200;
      await until(async () => (await all(AT_ONCE)).every(isWell), "an answer of each");
      expect(await countLinks("app")).toBe(AT_ONCE);
    }, 300_000);

    it("reads photos through Redis, as a user that sees no session; with Redis killed, from DynamoDB", async () => {
      const photos = await startPhotos(onRedis.photos, { REDIS_URL: redisUrl() }, { REDIS_CA_FILE: certificate.ca });
      expect(await photos.invoke({})).toBe("It works!");
      expect(await photos.read("photo-0")).toEqual({ photo: { id: "photo-0" }, from: "dynamodb", cache: "miss" });
      expect(await photos.read("photo-0")).toEqual({ photo: { id: "photo-0" }, from: "cache", cache: "hit" });
      expect(await countLinks("photo")).toBe(1);
      expect(await redis.admins[0]?.call("ACL", "LOG")).toEqual([]);
      await redis.stop();
      expect(await photos.read("photo-0")).toEqual({ photo: { id: "photo-0" }, from: "dynamodb", cache: "away" });
      expect(await photos.invoke({})).toBe("Doesn't work");
    });

    describe("with memcached", () => {
      async function nodes(count: number, tls?: Certificate): Promise<[MemcachedServer, ...MemcachedServer[]]> {
        const servers = await Promise.all(Array.from({ length: count }, () => startMemcached(tls ? { tls } : {})));
        running.push(...servers);
        return servers as [MemcachedServer, ...MemcachedServer[]];
      }
      const listed = (version: number, ...servers: readonly MemcachedServer[]) =>
        configuration(
          version,
          servers.map(({ port }) => `localhost|127.0.0.1|${port}`),
        );
      const ports = (...servers: readonly MemcachedServer[]) =>
        servers.map(({ port }) => expect.objectContaining({ port }));
      /** Reads one photo after the other until it is so: keys of all nodes are asked for. */
      const readUntil = (read: (id: string) => Promise<unknown>, isSo: () => Promise<boolean>, what: string) =>
        until(async () => {
          for (const id of IDS) await read(id);
          return isSo();
        }, what);

      it("works by TLS, finds a node that is added, and answers from DynamoDB with all nodes killed", async () => {
        const [first, second, third] = (await nodes(3, certificate)) as [
          MemcachedServer,
          MemcachedServer,
          MemcachedServer,
        ];
        await first.put("AmazonElastiCache:cluster", listed(1, first, second));
        const applied = { MEMCACHED_ENDPOINT: `localhost:${first.port}` };
        const photos = await startPhotos(onMemcached.photos, applied, { MEMCACHED_CA_FILE: certificate.ca });
        expect(await photos.invoke({})).toBe("It works!");
        expect(await photos.report()).toMatchObject({
          nodes: ports(first, second),
          discovery: { version: 1, command: "get AmazonElastiCache:cluster" },
        });
        expect(await photos.read("photo-0")).toMatchObject({ from: "dynamodb", cache: "miss" });
        expect(await photos.read("photo-0")).toMatchObject({ from: "cache", cache: "hit" });

        await first.put("AmazonElastiCache:cluster", listed(2, first, third));
        await second.stop();
        const isFound = async () =>
          ((await photos.report()) as { discovery: { version: number } }).discovery.version === 2;
        await readUntil(photos.read, isFound, "the new node to be found");
        expect(await photos.report()).toMatchObject({ works: true, nodes: ports(first, third) });

        await Promise.all([first.stop(), third.stop()]);
        for (const id of IDS) expect(await photos.read(id)).toEqual({ photo: { id }, from: "dynamodb", cache: "away" });
        expect(await photos.invoke({})).toBe("Doesn't work");
      }, 60_000);

      it("keeps the last good list of nodes when an answer is poisoned, and says so; with the newer command", async () => {
        const [first, second] = (await nodes(2)) as [MemcachedServer, MemcachedServer];
        const endpoint = await startConfigurationEndpoint(configAnswer(listed(1, first, second)));
        running.push(endpoint);
        const applied = { MEMCACHED_ENDPOINT: `127.0.0.1:${endpoint.port}` };
        const photos = await startPhotos(onMemcached.photos, applied, { MEMCACHED_TLS: "false" });
        expect(await photos.invoke({})).toBe("It works!");

        endpoint.answer = configAnswer("2\nevil.example|10.0.0.1|notaport\n");
        await second.stop();
        const said = async () => photos.output().includes("discovery failed: the last good list stays in use");
        await readUntil(photos.read, said, "the failure to be said");
        expect(await photos.report()).toMatchObject({
          nodes: ports(first, second),
          discovery: { version: 1, command: "config get cluster", failure: expect.stringContaining("notaport") },
        });
        const answers: unknown[] = [];
        for (const id of IDS) answers.push(await photos.read(id));
        expect(answers).toContainEqual(expect.objectContaining({ from: "cache" }));
        expect(answers).toContainEqual(expect.objectContaining({ from: "dynamodb", cache: "away" }));
      }, 60_000);
    });
  },
);
