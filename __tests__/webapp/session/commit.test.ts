import { PassThrough } from "node:stream";
import Koa from "koa";
import { z } from "zod";
import { createSessions, MemoryStore, type SessionEvent, type Sessions, StoreError } from "../../../webapp/session";
import { hashId } from "../../../webapp/session/session-id";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const schema = z.object({ colour: z.string().max(5000).optional(), count: z.number().int().optional() });
type Route = (ctx: Koa.Context, sessions: Sessions<typeof schema>) => unknown;

/** A store that can be told to fail. */
class Failing extends MemoryStore {
  failing: "load" | "update" | "create" | undefined;

  constructor() {
    super({ idleSeconds: 60, maxAgeSeconds: 600 });
    for (const name of ["load", "update", "create"] as const) {
      const works = this[name].bind(this) as (...args: unknown[]) => Promise<never>;
      this[name] = async (...args: unknown[]) => {
        if (this.failing === name) throw new StoreError(name, new Error("away"));
        return works(...args);
      };
    }
  }
}

let app: Listening | undefined;
afterEach(() => app?.stop());

async function serve(route: Route) {
  const koa = new Koa();
  koa.silent = true;
  const store = new Failing();
  const events: SessionEvent[] = [];
  const errors: Error[] = [];
  const onEvent = (event: SessionEvent) => events.push(event);
  const sessions = createSessions(koa, { store, schema, cookie: { secure: false }, onEvent });
  koa.on("error", (error) => errors.push(error));
  koa.use(sessions.middleware);
  koa.use(async (ctx) => {
    if (ctx.path === "/login") await sessions.of(ctx).login("ann");
    else if (ctx.path === "/data") ctx.body = sessions.of(ctx).data;
    else await route(ctx, sessions);
    ctx.body ??= "ok";
  });
  app = await listen(koa);
  const visitor = new Visitor(app.url);
  await visitor.get("/login");
  return { visitor, store, events, errors };
}

describe("the commit", () => {
  it("is done before the first byte of the body leaves", async () => {
    const body = new PassThrough();
    const { visitor, store } = await serve((ctx, sessions) => {
      sessions.of(ctx).data.colour = "red";
      ctx.body = body;
    });
    const update = store.update.bind(store);
    let written = false;
    store.update = async (...args) => {
      const done = await update(...args);
      written = true;
      return done;
    };
    body.once("resume", () => expect(written).toBe(true));
    body.end("streamed");
    expect((await visitor.get("/")).body).toBe("streamed");
    expect(JSON.parse((await visitor.get("/data")).body)).toEqual({ user: "ann", colour: "red" });
  });

  it("makes a change after it a loud error, in any form", async () => {
    const late: unknown[] = [];
    const { visitor } = await serve((ctx, sessions) => {
      const session = sessions.of(ctx);
      const { data } = session;
      ctx.res.once("finish", async () => {
        const changes = [
          async () => {
            data.colour = "late";
          },
          async () => {
            session.data.colour = "late";
          },
          () => session.increment("count"),
          () => session.login("bob"),
          () => session.renew(),
          async () => session.logout(),
        ];
        for (const change of changes)
          late.push(
            await change().then(
              () => "taken",
              (error: Error) => error.name,
            ),
          );
      });
    });
    await visitor.get("/");
    expect(JSON.parse((await visitor.get("/data")).body)).toEqual({ user: "ann" });
    expect(late).toEqual(Array(6).fill("SessionDataError"));
  });

  it.each([
    { what: "a read", fails: "load", answer: 503 },
    { what: "a write", fails: "update", answer: 503 },
  ] as const)("answers 503 when the store fails on $what", async ({ fails, answer }) => {
    const { visitor, store } = await serve((ctx, sessions) => {
      sessions.of(ctx).data.colour = "red";
    });
    store.failing = fails;
    const { status, body } = await visitor.get("/");
    expect(status).toBe(answer);
    expect(body).not.toMatch(/away|store/);
  });

  it.each([422, 404, 500])("leaves a handler's own %d when it fails", async (status) => {
    const { visitor, store, events } = await serve((ctx, sessions) => {
      sessions.of(ctx).data.colour = "red";
      ctx.throw(status);
    });
    store.failing = "update";
    expect((await visitor.get("/")).status).toBe(status);
    expect(events.map(({ event }) => event)).toContain("commit failed");
  });

  it.each(["take", "create", "standing"] as const)(
    "leaves nothing of a login that breaks at the store's %s: no old id with a user, no half session, 503",
    async (step) => {
      const { visitor, store, errors } = await serve((ctx, sessions) => {
        if (ctx.path === "/log-in-again") return sessions.of(ctx).login("bob");
        return sessions.of(ctx).logout();
      });
      await visitor.get("/logout");
      const anonymous = hashId("A".repeat(43));
      await store.create(anonymous, new Map([["colour", '"red"']]));
      visitor.cookies.set("id", "A".repeat(43));
      jest.spyOn(store, step).mockRejectedValueOnce(new StoreError(step, new Error("away")));
      const answer = await visitor.get("/log-in-again");
      expect(errors.map(({ name }) => name)).toEqual(["StoreError"]);
      expect(answer.status).toBe(503);
      expect(answer.setCookies).toEqual([]);
      expect((await store.load(anonymous))?.attributes.has("user") ?? false).toBe(false);
      expect(JSON.parse((await visitor.get("/data")).body).user).toBeUndefined();
    },
  );

  it("keeps the cookie of an answer that is an error", async () => {
    const { visitor } = await serve(async (ctx, sessions) => {
      await sessions.of(ctx).renew();
      ctx.throw(422);
    });
    const old = visitor.cookies.get("id");
    const answer = await visitor.get("/");
    expect(answer.status).toBe(422);
    expect(answer.setCookies).toHaveLength(1);
    expect(visitor.cookies.get("id")).not.toBe(old);
    expect(JSON.parse((await visitor.get("/data")).body)).toEqual({ user: "ann" });
  });

  it("creates no session out of one that is too old to be renewed", async () => {
    const { visitor, store } = await serve((ctx, sessions) => sessions.of(ctx).renew());
    const create = store.create.bind(store);
    store.create = (key, attributes) => create(key, attributes, 0);
    await visitor.get("/");
    expect(visitor.cookies.size).toBe(0);
    expect(store.size).toBe(0);
  });
});

describe("session data", () => {
  type Change = (data: Record<string, unknown>, ctx: Koa.Context) => void;
  const assign =
    (name: string, value: unknown): Change =>
    (data) =>
      Reflect.set(data, name, value);
  const refused: readonly [what: string, change: Change, message: RegExp][] = [
    ["a name outside the schema", assign("size", 1), /"size".*colour, count/],
    ["__proto__, as a merge of untrusted JSON assigns it", assign("__proto__", { admin: true }), /__proto__/],
    ["a _private name", assign("_secret", 1), /_secret/],
    ["a method's name", assign("save", 1), /"save"/],
    ["a function", assign("colour", () => 1), /colour/],
    ["a value of another type", assign("colour", 7), /colour/],
    ["NaN", assign("count", Number.NaN), /count/],
    ["an oversized value", assign("colour", "x".repeat(5000)), /5002 bytes.*4096/],
    ["another lifetime", assign("maxAge", 1), /maxAge/],
    ["another user", assign("user", "bob"), /login\(\)/],
    ["a whole session of other names", (_, ctx) => Reflect.set(ctx, "session", { size: 1 }), /"size"/],
  ];
  it.each(refused)("refuses %s, says so and stores nothing of the request", async (_what, change, message) => {
    const { visitor, errors } = await serve((ctx, sessions) => {
      const { data } = sessions.of(ctx);
      data.colour = "red";
      change(data as Record<string, unknown>, ctx);
    });
    const answer = await visitor.get("/");
    expect(answer.status).toBe(500);
    expect(answer.body).toBe("Internal Server Error");
    expect(errors.map((error) => error.message).join()).toMatch(message);
    expect(JSON.parse((await visitor.get("/data")).body)).toEqual({ user: "ann" });
  });

  it.each(["save", "maxAge", "createdAt", "_x", "user", "isNew", "constructor", "a b"])(
    "refuses a schema with the name %j when the app starts",
    (name) => {
      const store = new MemoryStore({ idleSeconds: 1, maxAgeSeconds: 1 });
      const start = () =>
        createSessions(new Koa(), { store, schema: z.object({ [name]: z.string() }), cookie: { secure: false } });
      expect(start).toThrow(JSON.stringify(name));
    },
  );

  it("leaves what another version of the app stored as it is, and does not show it", async () => {
    const { visitor, store, events } = await serve((ctx, sessions) => {
      sessions.of(ctx).data.colour = "red";
    });
    const load = store.load.bind(store);
    let seen = new Map<string, string>();
    store.load = async (key) => {
      const found = await load(key);
      if (found === undefined) return undefined;
      seen = new Map(found.attributes);
      return { ...found, attributes: new Map([...found.attributes, ["newer", '"x"'], ["count", '"not a number"']]) };
    };
    const removed: string[] = [];
    const update = store.update.bind(store);
    store.update = (key, createdAt, changes) => {
      removed.push(...changes.remove);
      return update(key, createdAt, changes);
    };
    await visitor.get("/");
    expect(JSON.parse((await visitor.get("/data")).body)).toEqual({ user: "ann", colour: "red" });
    expect(removed).toEqual([]);
    expect(seen.has("newer")).toBe(false);
    expect(events.filter(({ event }) => event === "attribute ignored").map(({ detail }) => detail)).toEqual(
      expect.arrayContaining(["newer", "count"]),
    );
  });

  it("refuses a second layer on one app, which koa-session would give the first one's options", () => {
    const koa = new Koa();
    const options = { store: new MemoryStore({ idleSeconds: 1, maxAgeSeconds: 1 }), schema, cookie: { secure: false } };
    createSessions(koa, options);
    expect(() => createSessions(koa, options)).toThrow(/session layer already/);
  });
});
