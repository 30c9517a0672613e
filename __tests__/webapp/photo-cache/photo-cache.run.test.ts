import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { type AttributeValue, CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { readPhotoCacheEnvironment } from "../../../environment/photo-cache";
import { createHandler } from "../../../webapp/photo-cache/handler";
import { MemcachedCache } from "../../../webapp/photo-cache/memcached/memcached-cache";
import { Photos } from "../../../webapp/photo-cache/photos";
import { RedisCache } from "../../../webapp/photo-cache/redis-cache";
import { type LogLines, logLines } from "../../harness/log-lines";
import { type AwsDouble, startAwsDouble } from "../../programs/aws-double";
import { configuration } from "../../programs/configuration-endpoint";
import { type MemcachedServer, startMemcached } from "../../programs/memcached-server";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { startProxy, type TcpProxy } from "../../programs/tcp-proxy";

const BUNDLE = path.join(__dirname, "..", "..", "..", "webapp", "dist", "photo-cache.js");
const run = promisify(execFile);

/** As DynamoDB writes it: a set, bytes, and a number JavaScript cannot hold among the rest. */
const SUNSET: Record<string, AttributeValue> = {
  id: { S: "sunset at sea" },
  tags: { SS: ["sea", "sun"] },
  size: { N: "1234567890123456789" },
  stars: { N: "4.5" },
  thumbnail: { B: Buffer.from("3q2+7w==", "base64") },
  place: { M: { name: { S: "三浦" }, known: { BOOL: true }, height: { NULL: true } } },
};
const SUNSET_JSON = {
  id: "sunset at sea",
  tags: ["sea", "sun"],
  size: "1234567890123456789",
  stars: 4.5,
  thumbnail: "3q2+7w==",
  place: { name: "三浦", known: true, height: null },
};

describeWith(["memcached", "redis-server", "moto_server"], "the photo-cache function", () => {
  const before = { ...process.env };
  let double: AwsDouble;
  let admin: DynamoDBClient;
  let dynamodb: TcpProxy;
  let memcached: MemcachedServer;
  let redis: RedisServer;
  let variables: Record<"memcached" | "redis", Record<string, string>>;
  const closing: { close(): void }[] = [];

  beforeAll(async () => {
    [double, memcached, redis] = await Promise.all([startAwsDouble("ap-northeast-1"), startMemcached(), startRedis()]);
    dynamodb = await startProxy(Number(new URL(double.environment.AWS_ENDPOINT_URL as string).port));
    const place = { AWS_REGION: "ap-northeast-1", AWS_ENDPOINT_URL: `http://127.0.0.1:${dynamodb.port}` };
    Object.assign(process.env, double.environment, place);
    variables = {
      memcached: { MEMCACHED_ENDPOINT: `127.0.0.1:${memcached.port}`, MEMCACHED_TLS: "false" },
      redis: { REDIS_URL: `redis://127.0.0.1:${redis.port}` },
    };
    admin = new DynamoDBClient({ endpoint: double.environment.AWS_ENDPOINT_URL as string });
    const id = { AttributeName: "id" };
    await admin.send(
      new CreateTableCommand({
        TableName: "Photo",
        KeySchema: [{ ...id, KeyType: "HASH" }],
        AttributeDefinitions: [{ ...id, AttributeType: "S" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    await putPhoto(SUNSET);
    for (let i = 0; i < 25; i++) await putPhoto({ id: { S: `p${i}` } });
    await memcached.put("AmazonElastiCache:cluster", configuration(1, [`localhost|127.0.0.1|${memcached.port}`]));
  });
  afterEach(() => {
    dynamodb.heal();
    for (const open of closing.splice(0)) open.close();
  });
  afterAll(async () => {
    admin.destroy();
    process.env = before;
    await Promise.all([dynamodb.stop(), double.stop(), memcached.stop(), redis.stop()]);
  });

  const putPhoto = (Item: Record<string, AttributeValue>) =>
    admin.send(new PutItemCommand({ TableName: "Photo", Item }));

  /** A function process of its own: its clients, its handler. */
  function start(own: Record<string, string>, told: LogLines = logLines()) {
    const environment = readPhotoCacheEnvironment(own);
    const { cache: where } = environment;
    const cache =
      where.engine === "redis" ? new RedisCache(where.redis, told.log) : new MemcachedCache(where.memcached, told.log);
    const photos = new Photos(environment);
    closing.push(cache, photos);
    const handler = createHandler({ environment, cache, photos, log: told.log });
    const invoke = (event: unknown, ms = 10_000) => handler(event, { getRemainingTimeInMillis: () => ms });
    return { invoke, cache, photos, told };
  }

  describe.each(["memcached", "redis"] as const)("with %s", (engine) => {
    // Each test has photos of its own, and each engine a cache.
    test("does the document's job, with any event", async () => {
      const { invoke } = start(variables[engine]);
      for (const event of [undefined, null, {}, { key1: "value1" }, { "detail-type": "Scheduled Event" }]) {
        expect(await invoke(event)).toBe("It works!");
      }
    });

    test("reports nodes and timings when asked", async () => {
      const port = engine === "memcached" ? memcached.port : redis.port;
      const ms = expect.any(Number);
      expect(await start(variables[engine]).invoke({ report: true })).toEqual({
        works: true,
        engine,
        photos: 20,
        timings: { scan: ms, set: ms, get: ms, compare: ms },
        nodes: [{ host: engine === "memcached" ? "localhost" : "127.0.0.1", ip: expect.any(String), port }],
        ...(engine === "memcached" && { discovery: { version: 1, command: "get AmazonElastiCache:cluster" } }),
      });
    });

    test("reads a photo from DynamoDB, then from the cache, the same both times", async () => {
      const { invoke } = start(variables[engine]);
      const photo = SUNSET_JSON;
      expect(await invoke({ photo: "sunset at sea" })).toEqual({ photo, from: "dynamodb", cache: "miss" });
      expect(await invoke({ photo: "sunset at sea" })).toEqual({ photo, from: "cache", cache: "hit" });
    });

    test("a photo that does not exist is null, and is found as soon as it exists", async () => {
      const { invoke } = start(variables[engine]);
      const id = `new-${engine}`;
      expect(await invoke({ photo: id })).toEqual({ photo: null, from: "dynamodb", cache: "miss" });
      await putPhoto({ id: { S: id } });
      expect(await invoke({ photo: id })).toMatchObject({ photo: { id }, from: "dynamodb" });
    });

    test("with the cache away it answers from DynamoDB, within its time, and says so", async () => {
      const away = await startProxy(1);
      away.partition();
      const where =
        engine === "memcached"
          ? { MEMCACHED_ENDPOINT: `127.0.0.1:${away.port}`, MEMCACHED_TLS: "false" }
          : { REDIS_URL: `redis://127.0.0.1:${away.port}` };
      const { invoke, told } = start({ ...where, CACHE_TIMEOUT_MS: "200" });
      try {
        const begin = performance.now();
        expect(await invoke({ photo: "p1" })).toEqual({ photo: { id: "p1" }, from: "dynamodb", cache: "away" });
        expect(performance.now() - begin).toBeLessThan(1500);
        expect(told.messages("warn")).toContain("cache away: the photo is read from DynamoDB");
        expect(await invoke({})).toBe("Doesn't work");
        expect(await invoke({ report: true })).toMatchObject({ works: false, failure: { step: "set" } });
      } finally {
        await away.stop();
      }
    });

    test("with DynamoDB away it answers what the cache has, and fails for the rest with the reason", async () => {
      const { invoke } = start({ ...variables[engine], DYNAMODB_TIMEOUT_MS: "300" });
      await invoke({ photo: "p2" });
      dynamodb.partition();
      expect(await invoke({ photo: "p2" })).toEqual({ photo: { id: "p2" }, from: "cache", cache: "hit" });
      await expect(invoke({ photo: "p3" })).rejects.toThrow(/^DynamoDB table Photo: no answer within (29\d|300) ms$/);
      expect(await invoke({ report: true })).toMatchObject({
        works: false,
        photos: 0,
        failure: { step: "scan", message: expect.stringMatching(/^DynamoDB table Photo: /) },
      });
    });

    test("what comes back from the cache must be what went in", async () => {
      const { invoke, cache } = start(variables[engine]);
      jest.spyOn(cache, "get").mockResolvedValueOnce(undefined).mockResolvedValueOnce("[]");
      for (const message of ["the cache has nothing", "the cache has something else"]) {
        expect(await invoke({ report: true })).toMatchObject({ works: false, failure: { step: "compare", message } });
      }
    });

    test("a connection to DynamoDB that died while frozen costs nothing", async () => {
      const { invoke } = start(variables[engine]);
      await invoke({ photo: "p17" });
      dynamodb.cut();
      expect(await invoke({ photo: "p18" })).toMatchObject({ photo: { id: "p18" } });
    });

    test("it answers before its time is over when the table does not answer", async () => {
      const { invoke, told } = start(variables[engine]);
      dynamodb.partition();
      const begin = performance.now();
      await expect(invoke({ photo: "p4" }, 900)).rejects.toThrow(/no answer within \d+ ms/);
      expect(performance.now() - begin).toBeLessThan(900);
      await expect(invoke({ photo: "p4" }, 900)).rejects.toThrow();
      expect(told.messages("warn").filter((line) => line.startsWith("the function's timeout is shorter"))).toHaveLength(
        1,
      );
    });

    test("a hundred that want one photo at the same time read it once", async () => {
      const { invoke, photos } = start(variables[engine]);
      const get = jest.spyOn(photos, "get");
      const answers = await Promise.all(Array.from({ length: 100 }, () => invoke({ photo: "p5" })));
      expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toHaveProperty("size", 1);
      expect(get).toHaveBeenCalledTimes(1);
      await invoke({ photo: "p5" });
      expect(get).toHaveBeenCalledTimes(1);
    });

    test("photos end after their time, a tenth apart at most", async () => {
      const { invoke, cache } = start({ ...variables[engine], PHOTO_TTL: "1000" });
      const set = jest.spyOn(cache, "set");
      for (let i = 6; i < 16; i++) await invoke({ photo: `p${i}` });
      const ends = set.mock.calls.map(([, , ttl]) => ttl);
      expect(Math.min(...ends)).toBeGreaterThanOrEqual(900);
      expect(Math.max(...ends)).toBeLessThanOrEqual(1000);
      expect(new Set(ends).size).toBeGreaterThan(3);
    });

    test("another value under a photo's key is replaced by the photo from the table", async () => {
      const { invoke, cache } = start(variables[engine]);
      await invoke({ photo: "p16" });
      const set = jest.spyOn(cache, "set");
      for (const rubbish of ["", "{", "5", "null"]) {
        jest.spyOn(cache, "get").mockResolvedValueOnce(rubbish);
        expect(await invoke({ photo: "p16" })).toMatchObject({ photo: { id: "p16" }, from: "dynamodb" });
      }
      expect(set).toHaveBeenCalledTimes(4);
    });

    test.each([
      { what: "with blanks and lines", id: "a b\nc" },
      { what: "of two thousand bytes", id: "é".repeat(1024) },
      { what: "of DynamoDB's longest", id: "x".repeat(2048) },
      { what: "that JavaScript objects have of themselves", id: "__proto__" },
      { what: "of other alphabets and signs", id: "写真/1?x=%2F" },
    ])("takes an id $what", async ({ id }) => {
      const { invoke } = start(variables[engine]);
      await putPhoto({ id: { S: id } });
      expect(await invoke({ photo: id })).toMatchObject({ photo: { id }, from: "dynamodb", cache: "miss" });
      expect(await invoke({ photo: id })).toMatchObject({ photo: { id }, from: "cache" });
    });
  });

  test.each([
    { event: { photo: 5 }, says: "event.photo: got 5, takes a photo's id, a text of 1 to 2048 bytes" },
    { event: { photo: "" }, says: 'event.photo: got "", takes a photo\'s id, a text of 1 to 2048 bytes' },
    { event: { photo: "é".repeat(1025) }, says: /^event\.photo: got "é+, takes a photo's id/ },
    { event: { photo: "\ud83d" }, says: /^event\.photo: got "\\ud83d", takes a photo's id/ },
    { event: { report: "yes" }, says: 'event.report: got "yes", takes true or false' },
    { event: "photo", says: /^event: got "photo", takes an object: \{\} or/ },
    { event: [], says: /^event: got \[\], takes an object/ },
  ])("refuses an event: %#", async ({ event, says }) => {
    await expect(start(variables.redis).invoke(event)).rejects.toThrow(says);
  });

  test("the table and its key are the environment's to name", async () => {
    const { invoke } = start({ ...variables.redis, PHOTO_TABLE: "Other" });
    await expect(invoke({ photo: "p1" })).rejects.toThrow(/^DynamoDB table Other: ResourceNotFoundException/);
    const other = start({ ...variables.redis, PHOTO_KEY: "name" });
    await expect(other.invoke({ photo: "p20" })).rejects.toThrow(/^DynamoDB table Photo: ValidationException/);
  });

  test("a log line is out when the answer is: the process may be frozen then, for good", async () => {
    const script = `require(${JSON.stringify(BUNDLE)}).handler({}, { getRemainingTimeInMillis: () => 10000 })
      .then(() => process.kill(process.pid, "SIGKILL"))`;
    const { PATH = "" } = process.env;
    const nobody = { AWS_ENDPOINT_URL: "http://127.0.0.1:9", AWS_REGION: "ap-northeast-1", DYNAMODB_TIMEOUT_MS: "100" };
    const env = { PATH, ...double.environment, ...nobody, ...variables.memcached };
    const { stdout } = (await run(process.execPath, ["-e", script], { env }).catch((error: unknown) => error)) as {
      stdout: string;
    };
    expect(stdout).toContain('"msg":"Doesn\'t work"');
  });

  test("the bundle is the function: it needs no file beside it, and ends at once when its environment is wrong", async () => {
    const invoke = (own: Record<string, string>) => {
      const script = `require(${JSON.stringify(BUNDLE)}).handler({}, { getRemainingTimeInMillis: () => 10000 })
        .then((answer) => { console.log(JSON.stringify(answer)); process.exit(); })`;
      const { PATH = "" } = process.env;
      const { AWS_ENDPOINT_URL: endpoint = "", AWS_REGION: region = "" } = process.env;
      const env = {
        PATH,
        ...double.environment,
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        LOG_LEVEL: "silent",
        ...own,
      };
      return run(process.execPath, ["-e", script], { env, cwd: "/" });
    };
    expect((await invoke(variables.memcached)).stdout.trim()).toBe('"It works!"');
    expect((await invoke(variables.redis)).stdout.trim()).toBe('"It works!"');
    await expect(invoke({})).rejects.toThrow(/EnvironmentError: MEMCACHED_ENDPOINT: got nothing/);
  });
});
