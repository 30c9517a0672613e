import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readSample } from "./sample";

const root = path.join(__dirname, "..", "..", "..");

/** An app with a state and a context of its own, in which `ctx.session` has the schema's type. */
const TYPED = `
import Koa from "koa";
import { z } from "zod";
import { createSessions, MemoryStore, type SessionContext } from "cdktf-session-store/session";

interface State { readonly requestId: string }
interface Db { find(id: number): string }
const schema = z.object({ cart: z.array(z.string()).optional() });
const store = new MemoryStore({ idleSeconds: 60, maxAgeSeconds: 600 });
const app = new Koa<State, { db: Db } & SessionContext<typeof schema>>();
const sessions = createSessions(app, { store, schema, cookie: { secure: true } });
app.use(sessions.middleware);
app.use(async (ctx) => {
  const session = sessions.of(ctx);
  await session.login("ann");
  if (ctx.session !== null) ctx.session.cart = [ctx.db.find(1), ctx.state.requestId];
  const user: string | undefined = ctx.session?.user;
  // @ts-expect-error a name outside of the schema
  ctx.session?.card;
  // @ts-expect-error a value that the schema refuses
  session.data.cart = [1];
  // @ts-expect-error set by login() and logout() alone
  if (ctx.session !== null) ctx.session.user = "bob";
  ctx.session = null;
  ctx.body = user;
});
createSessions(new Koa<State, { db: Db }>(), { store, schema, cookie: { secure: true } });
createSessions(new Koa(), { store, schema, cookie: { secure: true } });
`;

describe("cdktf-session-store/session", () => {
  beforeAll(() => {
    execFileSync("npm", ["run", "--silent", "build:session"], { cwd: root });
  }, 30_000);

  it("is JavaScript any Koa app can load, with what it promises", () => {
    const program = 'process.stdout.write(Object.keys(require("cdktf-session-store/session")).sort().join())';
    const names = execFileSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" });
    expect(names.split(",")).toEqual([
      "MemoryStore",
      "REDIS_OPTIONS",
      "RedisStore",
      "SessionDataError",
      "SessionLimitError",
      "StoreError",
      "batchWrites",
      "createSessions",
      "fromKoaSession",
      "fromNodeRedis",
    ]);
  });

  it("has types that take the documented example as it stands, and refuse a name outside its schema", () => {
    const folder = mkdtempSync(path.join(root, "dist", "example-"));
    try {
      const settings = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
      writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(settings));
      writeFileSync(path.join(folder, "app.ts"), readSample());
      writeFileSync(path.join(folder, "typed.ts"), TYPED);
      writeFileSync(path.join(folder, "wrong.ts"), readSample().replace("session.data.cart", "session.data.card"));
      const tsc = path.join(root, "node_modules", ".bin", "tsc");
      const { stdout } = spawnSync(tsc, ["-p", ".", "--pretty", "false"], { cwd: folder, encoding: "utf8" });
      expect(stdout.trim().split("\n")).toEqual([expect.stringMatching(/^wrong\.ts\(.*'card' does not exist/)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
