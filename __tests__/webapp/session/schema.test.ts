import Koa from "koa";
import { z } from "zod";
import { createSessions, MemoryStore } from "../../../webapp/session";
import { until } from "../../harness/poll";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const LONG = { idleSeconds: 60, maxAgeSeconds: 600 };
type Data = Record<string, unknown>;

let app: Listening | undefined;
afterEach(() => app?.stop());

/** An app with one attribute, `a`, and what each of its requests does with the data. */
async function serve(type: z.ZodType) {
  const koa = new Koa();
  const store = new MemoryStore(LONG);
  const errors: string[] = [];
  const writes: string[] = [];
  koa.on("error", (error: Error) => errors.push(error.message));
  const update = store.update.bind(store);
  store.update = (key, version, changes) => {
    writes.push(...changes.set.keys(), ...changes.remove);
    return update(key, version, changes);
  };
  const schema = z.object({ a: type.optional(), other: z.string().optional() });
  const sessions = createSessions(koa, { store, schema: withoutOptional(schema, type), cookie: { secure: false } });
  let act: (data: Data, ctx: Koa.Context) => unknown = () => {};
  koa.use(sessions.middleware);
  koa.use(async (ctx) => {
    if (ctx.path === "/login") await sessions.of(ctx).login("ann");
    ctx.body = "ok";
    await act(sessions.of(ctx).data as Data, ctx);
  });
  app = await listen(koa);
  const ann = new Visitor(app.url);
  const request = async (next: typeof act) => {
    act = next;
    return (await ann.get("/")).status;
  };
  await ann.get("/login");
  return { request, errors, writes, store, ann, url: app.url };
}

/** A type with a default is given as it is: `optional` would take its default away. */
function withoutOptional(schema: z.ZodObject, type: z.ZodType) {
  return type.safeParse(undefined).success ? schema.extend({ a: type }) : schema;
}

const isoDate = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});
const entries = z.codec(z.array(z.tuple([z.string(), z.number()])), z.map(z.string(), z.number()), {
  decode: (list) => new Map(list),
  encode: (map) => [...map],
});
const list = z.codec(z.array(z.string()), z.set(z.string()), {
  decode: (items) => new Set(items),
  encode: (set) => [...set],
});
const bytes = z.codec(z.base64(), z.instanceof(Uint8Array), {
  decode: (text) => new Uint8Array(Buffer.from(text, "base64")),
  encode: (array) => Buffer.from(array).toString("base64"),
});

describe("a schema with values that JSON does not hold", () => {
  const refused: readonly [what: string, type: z.ZodType, value: unknown][] = [
    ["z.date()", z.date(), new Date(0)],
    ["z.map()", z.map(z.string(), z.number()), new Map([["a", 1]])],
    ["an empty z.map()", z.map(z.string(), z.number()), new Map()],
    ["z.set()", z.set(z.string()), new Set(["a"])],
    ["bytes", z.instanceof(Uint8Array), new Uint8Array([1])],
    ["z.bigint()", z.bigint(), 1n],
    ["a date in an object", z.object({ at: z.date() }), { at: new Date(0) }],
    ["a date where anything may be", z.any(), new Date(0)],
    ["a map in an array of anything", z.array(z.unknown()), [new Map([["a", 1]])]],
    ["undefined in an array", z.array(z.string().optional()), ["a", undefined]],
    ["NaN", z.nan(), Number.NaN],
    ["a transform", z.string().transform((text) => text.length), "tea"],
    ["a preprocess", z.preprocess((value) => String(value), z.string()), "tea"],
    ["a transform to the same kind", z.string().transform((text) => `${text}!`), "tea"],
    ["a class of its own", z.instanceof(URL), new URL("http://a.example")],
  ];
  it.each(refused)(
    "refuses %s at the write, with the name, and the rest of the session works",
    async (_what, type, value) => {
      const { request, errors } = await serve(type);
      await request((data) => Object.assign(data, { other: "before" }));
      expect(await request((data) => Object.assign(data, { a: value }))).toBe(500);
      expect(errors).toEqual([expect.stringMatching(/^session data: a: /)]);
      let seen: unknown[] = [];
      expect(await request(({ user, a, other }) => (seen = [user, a, other]))).toBe(200);
      expect(seen).toEqual(["ann", undefined, "before"]);
      expect(await request((data) => Object.assign(data, { other: "after" }))).toBe(200);
    },
  );

  const carried: readonly [
    what: string,
    type: z.ZodType,
    value: unknown,
    change: (value: never) => unknown,
    after: unknown,
  ][] = [
    ["a date by a codec", isoDate, new Date(5), (date: Date) => date.setTime(7), new Date(7)],
    [
      "a map by a codec",
      entries,
      new Map([["a", 1]]),
      (map: Map<string, number>) => map.set("b", 2),
      new Map([
        ["a", 1],
        ["b", 2],
      ]),
    ],
    ["an empty map by a codec", entries, new Map(), (map: Map<string, number>) => map.set("b", 2), new Map([["b", 2]])],
    ["a set by a codec", list, new Set(["a"]), (set: Set<string>) => set.delete("a"), new Set()],
    [
      "bytes by a codec",
      bytes,
      new Uint8Array([1, 2]),
      (array: Uint8Array) => array.set([9], 1),
      new Uint8Array([1, 9]),
    ],
    ["a date that is coerced", z.coerce.date(), new Date(5), (date: Date) => date.setTime(7), new Date(7)],
    [
      "codecs in an object",
      z.object({ at: isoDate, n: z.number().optional() }),
      { at: new Date(5), n: undefined },
      (own: { at: Date }) => own.at.setTime(7),
      { at: new Date(7) },
    ],
    [
      "a map of anything as a record",
      z.record(z.string(), z.unknown()),
      { b: 1, a: [null] },
      (own: Data) => Reflect.set(own, "c", true),
      { b: 1, a: [null], c: true },
    ],
  ];
  it.each(carried)(
    "carries %s both ways; reading writes nothing, and a change in place is stored",
    async (_what, type, value, change, after) => {
      const { request, errors, writes } = await serve(type);
      expect([await request((data) => Object.assign(data, { a: value })), errors]).toEqual([200, []]);
      writes.length = 0;
      let seen: unknown;
      await request((data) => (seen = data.a));
      expect(seen).toEqual(value);
      expect(writes).toEqual([]);
      await request((data) => change(data.a as never));
      expect([writes, errors]).toEqual([["a"], []]);
      await request((data) => (seen = data.a));
      expect(seen).toEqual(after);
    },
  );

  it("stores a text as its schema trims it", async () => {
    const { request, writes } = await serve(z.string().trim());
    await request((data) => Object.assign(data, { a: " tea " }));
    let seen: unknown;
    await request((data) => (seen = data.a));
    expect([seen, writes]).toEqual(["tea", ["a"]]);
  });
});

describe("comparing", () => {
  /** An app whose sessions hold what another version of it has stored. */
  async function stored(type: z.ZodType, json: string) {
    const served = await serve(type);
    const load = served.store.load.bind(served.store);
    served.store.load = async (key) => {
      const session = await load(key);
      return session && { ...session, attributes: new Map([...session.attributes, ["a", json]]) };
    };
    return served;
  }

  it.each([
    ["a name that the schema strips", z.object({ n: z.number() }), '{"n":1,"old":true}'],
    ["another order of names", z.object({ n: z.number(), m: z.number() }), '{"m":1,"n":2}'],
    ["blanks", z.array(z.number()), "[1, 2]"],
    ["a text that the schema trims", z.string().trim(), '" tea "'],
    ["a transform", z.string().transform((text) => text.length), '"tea"'],
    ["a default inside", z.object({ n: z.number().default(3) }), "{}"],
  ])("with what was shown: %s is no change, and writes nothing", async (_what, type, json) => {
    const { request, errors, writes } = await stored(type, json);
    expect(await request(() => {})).toBe(200);
    expect(await request((data) => Object.assign(data, { other: "x" }))).toBe(200);
    expect([errors, writes]).toEqual([[], ["other"]]);
  });
});

describe("a default", () => {
  it("is shown where nothing is stored, to a visitor without a session too, and stored once it is changed", async () => {
    const { request, writes, url, store } = await serve(z.array(z.string()).default(["tea"]));
    const seen: unknown[] = [];
    const look = (data: Data) => seen.push([...(data.a as string[])]);
    await request(look);
    const [answer, before] = [await new Visitor(url).get("/"), store.size];
    expect([seen, answer.setCookies, before, writes]).toEqual([[["tea"], ["tea"]], [], 1, []]);
    await request((data) => (data.a as string[]).push("milk"));
    await request(look);
    expect([seen.at(-1), writes]).toEqual([["tea", "milk"], ["a"]]);
    const guest = new Visitor(url);
    await request(() => {});
    expect((await guest.get("/")).setCookies).toEqual([]);
  });

  it("that is made at each request is no change", async () => {
    let made = 0;
    const { request, writes, errors } = await serve(z.number().default(() => ++made));
    await request(() => {});
    await request(() => {});
    expect([writes, errors]).toEqual([[], []]);
  });

  it("stays with a login", async () => {
    const { ann, request } = await serve(z.number().default(3));
    let seen: unknown;
    await request((data) => (seen = data.a));
    await ann.get("/login");
    expect(seen).toBe(3);
  });
});

describe("a change after the commit", () => {
  it.each([
    ["a date", isoDate, () => new Date(5), (date: Date) => date.setHours(7)],
    ["a map", entries, () => new Map([["a", 1]]), (map: Map<string, number>) => map.set("b", 2)],
    ["a set", list, () => new Set(["a"]), (set: Set<string>) => set.clear()],
    [
      "a date in an object",
      z.object({ at: isoDate }),
      () => ({ at: new Date(5) }),
      (own: { at: Date }) => own.at.setTime(7),
    ],
  ] as const)(
    "of %s throws, for one that was assigned and for one that was read",
    async (_what, type, create, change) => {
      const { request } = await serve(type);
      const caught: unknown[] = [];
      const late = (value: unknown, ctx: Koa.Context) =>
        ctx.res.once("close", () => {
          try {
            change(value as never);
            caught.push("taken");
          } catch (error) {
            caught.push((error as Error).name);
          }
        });
      await request((data, ctx) => {
        const value = create();
        data.a = value;
        late(value, ctx);
      });
      await request((data, ctx) => {
        const value = data.a;
        if (value !== null && typeof value === "object" && "at" in value) void value.at;
        late(value, ctx);
      });
      await until(() => caught.length === 2, "the late changes");
      expect(caught).toEqual(["SessionDataError", "SessionDataError"]);
    },
  );
});
