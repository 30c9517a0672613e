import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { type EarlierLayer, MemoryStore } from "../../../../webapp/session";
import { until } from "../../../harness/poll";
import { type RedisServer, startRedis } from "../../../programs/redis-server";
import { describeWith } from "../../../programs/require";
import { type Listening, Visitor } from "../../../programs/visitor";
import { requireOlder } from "../older";
import { readSample } from "../sample";
import { LONG } from "../stored";
import { type NewApp, startNewApp } from "./apps";

const ROOT = path.join(__dirname, "..", "..", "..", "..");
const SECRET = "the secret of the old app";
const ANN = { user: "ann", cart: ["tea"] };
const NOT_LOGGED_IN = {};

type Client = { connect(): Promise<unknown>; destroy(): void };
type Request = IncomingMessage & { session: { user?: string; cart?: string[] } };
type Session = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** The program of docs/coming-from.md, with the client that it does not define. */
interface Program {
  readonly fromExpress: EarlierLayer;
  readonly oldRedis: { disconnect(): void };
}

describeWith(["redis-server"], "docs/coming-from.md, for visitors of express-session with connect-redis", () => {
  let server: RedisServer;
  let client: Client;
  let old: Pick<Listening, "url" | "stop">;
  let program: Program;
  let folder: string;
  const running: NewApp[] = [];

  beforeAll(async () => {
    server = await startRedis();
    client = requireOlder<{ createClient(options: object): Client }>("redis").createClient({
      url: `redis://127.0.0.1:${server.port}`,
    });
    await client.connect();
    old = await startOld();
    mkdirSync(path.join(ROOT, "dist"), { recursive: true });
    folder = mkdtempSync(path.join(ROOT, "dist", "by-hand-"));
    const file = path.join(folder, "from-express.ts");
    writeFileSync(
      file,
      `import { Redis } from "ioredis";
export const oldRedis = new Redis(${server.port});
${readSample("coming-from.md", "### By hand").replace("process.env.OLD_SECRET", JSON.stringify(SECRET))}
export { fromExpress };
`,
    );
    program = jest.requireActual<Program>(file);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((app) => app.stop()));
  });
  afterAll(async () => {
    program?.oldRedis.disconnect();
    client?.destroy();
    await old?.stop();
    await server?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  async function startOld(): Promise<Pick<Listening, "url" | "stop">> {
    const { RedisStore } = requireOlder<{ RedisStore: new (options: object) => object }>("connect-redis");
    const session = requireOlder<(options: object) => Session>("express-session")({
      store: new RedisStore({ client }),
      secret: SECRET,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: 3_600_000 },
    });
    const app = createServer((request, response) => {
      session(request, response, () => {
        const { session: data, url } = request as Request;
        if (url === "/login") Object.assign(data, ANN);
        response.end(JSON.stringify({ user: data.user, cart: data.cart }));
      });
    });
    app.listen(0, "127.0.0.1");
    await once(app, "listening");
    return {
      url: `http://127.0.0.1:${(app.address() as AddressInfo).port}`,
      async stop() {
        app.closeAllConnections();
        app.close();
        await once(app, "close");
      },
    };
  }

  async function setUp(graceSeconds: number) {
    const app = await startNewApp(new MemoryStore(LONG), undefined, { from: program.fromExpress, graceSeconds });
    running.push(app);
    const ann = new Visitor("");
    await ann.get(`${old.url}/login`);
    return { app, ann };
  }
  const at = async (visitor: Visitor, where: Pick<Listening, "url">, page = "/"): Promise<unknown> =>
    JSON.parse((await visitor.get(where.url + page)).body);

  it("takes them over, once, and ends the old session", async () => {
    const { app, ann } = await setUp(0);
    const tabs = Array.from({ length: 20 }, () => ann.copy());
    expect(await Promise.all(tabs.map((tab) => at(tab, app)))).toEqual(Array(20).fill(ANN));
    expect([await app.count("ann"), await at(ann, old)]).toEqual([1, NOT_LOGGED_IN]);
    const [tab] = tabs as [Visitor];
    expect([...tab.cookies.keys()]).toEqual(["id"]);
    await at(tab, app, "/logout");
    expect([await at(tab, app), await at(ann, app)]).toEqual([NOT_LOGGED_IN, NOT_LOGGED_IN]);
  });

  it("lets the old app go on beside it for the grace, and ends what that app has extended", async () => {
    const { app, ann } = await setUp(0.5);
    const before = ann.copy();
    // connect-redis sets the whole lifetime again.
    expect([await at(ann, app), await at(before, old)]).toEqual([ANN, ANN]);
    await until(async () => {
      await at(ann, app);
      return !ann.cookies.has("connect.sid");
    }, "the grace");
    expect([await at(ann, app), await at(before, old)]).toEqual([ANN, NOT_LOGGED_IN]);
  });

  it.each([
    ["no cookie of it", ""],
    ["another signature", `s%3Aany.${"A".repeat(43)}`],
    ["a signature of other bytes", `s%3Aany.${"%C3%A9".repeat(43)}`],
    ["a malformed escape", "s%3Aany.%"],
  ])("has no session with %s", async (_, cookie) => {
    const { app } = await setUp(0);
    const visitor = new Visitor("");
    if (cookie !== "") visitor.cookies.set("connect.sid", cookie);
    expect([await at(visitor, app), app.errors]).toEqual([NOT_LOGGED_IN, []]);
  });
});
