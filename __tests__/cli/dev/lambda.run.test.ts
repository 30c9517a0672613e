import { until } from "../../harness/poll";
import { runNode } from "../../programs/command";
import { type LocalCommand, startCommand } from "../../programs/local-command";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";
import { synthesizeFiles } from "../../synthesized/program";

const PHOTOS = "session-lambda-photo-cache-function";

describeWith(["redis-server", "memcached", "moto_server"], "npm run dev:lambda", () => {
  let redis: RedisServer;
  let lambda: LocalCommand | undefined;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await lambda?.stop();
    lambda = undefined;
  });
  afterAll(() => redis?.stop());

  async function start(settings: object, variables: Record<string, string> = {}): Promise<LocalCommand> {
    const file = synthesizeFiles({ lambda: settings }, "session-lambda").get("session-lambda") as string;
    const own = { INVOKE_PORT: "0", REDIS_URL: `redis://127.0.0.1:${redis.port}`, ...variables };
    lambda = await startCommand("lambda.ts", file, own);
    return lambda;
  }

  it("serves the app and reads photos by the zips of the stack, and leaves nothing running", async () => {
    const command = await start({ photoCache: { engine: "memcached" } }, { LOG_LEVEL: "info" });
    const visitor = new Visitor(command.url);
    expect((await visitor.login("ann")).body).toContain("Visits: <strong>1<");
    expect((await visitor.get("/")).body).toContain("Visits: <strong>2<");

    const [, body = "", url = ""] = /curl -d '(.*)' (\S+)/.exec(command.output()) ?? [];
    const ask = async (event: string) => (await fetch(url, { method: "POST", body: event })).json();
    expect(await ask(body)).toEqual({ photo: { id: "bridge" }, from: "dynamodb", cache: "miss" });
    expect(await ask(body)).toMatchObject({ from: "cache" });
    expect(await ask("{}")).toBe("It works!");
    await until(() => command.output().includes("session-lambda-web-app-1: {"), "a line of the app's log");

    expect(await command.stop()).toBe(0);
    for (const address of [command.url, url]) await expect(fetch(address)).rejects.toThrow("fetch failed");
  }, 60_000);

  it("says what is missing for photos and how to install it, and serves the app", async () => {
    const command = await start({}, { PATH: "/nowhere" });
    expect(command.output()).toContain(
      `${PHOTOS} is left out: moto_server: not found on PATH; to install it: pip install 'moto[server]'; or set AWS_ENDPOINT_URL_DYNAMODB\n`,
    );
    expect((await fetch(command.url)).status).toBe(200);
  });

  it("says that there is no Redis and how to install it", async () => {
    await expect(start({}, { PATH: "/nowhere", REDIS_URL: "" })).rejects.toThrow(
      "redis-server: not found on PATH; to install it: apt-get install redis-server, brew install redis; or set REDIS_URL\n",
    );
  });
});

describe("npm run dev:lambda refuses", () => {
  it.each([
    ["a stack that is not synthesized", "nowhere/cdk.tf.json", "nowhere/cdk.tf.json: no such file\n"],
    ["what is no stack", "cdktf.json", "cdktf.json: got JSON that is neither a plan"],
  ])("%s, in one line", async (_what, file, says) => {
    const { code, stderr } = await runNode(["--require", "./cli/typescript.cjs", "cli/dev/lambda.ts", file], {});
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
  });
});
