import { createHmac } from "node:crypto";
import pino from "pino";
import { createApp } from "../../webapp/app";
import type { Authentication } from "../../webapp/login/authentication";
import { type LoginLimits, LoginThrottle } from "../../webapp/login/throttle";
import { KeyRing } from "../../webapp/secrets/key-ring";
import { MemoryStore } from "../../webapp/session";
import { type Listening, listen, Visitor } from "../programs/visitor";

const ORIGIN = "https://store.example";
const lifetimes = { idleSeconds: 1800, maxAgeSeconds: 43_200 };

interface Served {
  app: Listening;
  store: MemoryStore;
  lines: string[];
  clock: { now: number };
}

const running: Listening[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop()));
});

interface Options {
  scheme?: "http" | "https";
  keys?: KeyRing;
  limits?: LoginLimits;
  authentication?: Authentication;
  onLimit?: "end-oldest" | "refuse";
  limit?: number;
  trustProxy?: number;
}

const keyRing = (...keys: [string, ...string[]]) => KeyRing.open({ kind: "keys", keys });
const KEY = "k".repeat(32);

async function serve(options: Options = {}): Promise<Served> {
  const {
    scheme = "https",
    limits = { perMinute: 300, refusedPerMinute: 20 },
    trustProxy = 0,
    authentication,
  } = options;
  const clock = { now: Date.now() };
  const store = new MemoryStore({ ...lifetimes, now: () => clock.now });
  const lines: string[] = [];
  const { limit = 10, onLimit = "end-oldest" } = options;
  const koa = createApp({
    environment: {
      publicScheme: scheme,
      publicOrigin: scheme === "https" ? ORIGIN : undefined,
      trustProxy,
      session: { ...lifetimes, limit, onLimit, prefix: "session:" },
    },
    store,
    keys: options.keys ?? (await keyRing(KEY)),
    throttle: new LoginThrottle(undefined, "session:", limits),
    log: pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }),
    ...(authentication && { authentication }),
  });
  const app = await listen(koa);
  running.push(app);
  return { app, store, lines, clock };
}

/** A visitor whose browser says it is on the public origin. */
class HttpsVisitor extends Visitor {
  override post(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    return super.post(path, fields, { origin: ORIGIN, "sec-fetch-site": "same-origin", ...headers });
  }
}
const at = ({ app }: Served) => new HttpsVisitor(app.url);
const isLoggedIn = async (visitor: Visitor) => (await visitor.get("/")).body.includes("Logged in as");
const idOf = (visitor: Visitor) => visitor.cookies.get("__Host-id") as string;

describe("session security (OWASP ASVS 5.0)", () => {
  it("7.1.2 limits a user's parallel sessions: the oldest ends", async () => {
    const served = await serve({ limit: 2 });
    const [first, second, third] = [at(served), at(served), at(served)];
    for (const visitor of [first, second, third]) {
      served.clock.now += 1000;
      await visitor.login("ann");
    }
    expect([await isLoggedIn(first), await isLoggedIn(second), await isLoggedIn(third)]).toEqual([false, true, true]);
  });

  it("7.1.2 or refuses one login more, by setting", async () => {
    const served = await serve({ limit: 1, onLimit: "refuse" });
    const [first, second] = [at(served), at(served)];
    await first.login("ann");
    await second.get("/login");
    const answer = await second.post("/login", { username: "ann" });
    expect(answer.status).toBe(409);
    expect(answer.body).toContain("log out elsewhere first");
    expect(await isLoggedIn(first)).toBe(true);
  });

  it("7.2.3 makes ids of 256 bits that do not repeat", async () => {
    const served = await serve();
    const ids = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const visitor = at(served);
      await visitor.login(`user${i}`);
      expect(Buffer.from(idOf(visitor), "base64url")).toHaveLength(32);
      ids.add(idOf(visitor));
    }
    expect(ids.size).toBe(50);
  });

  it("7.2.4 gives a new id at each login, and the one before is dead", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const before = idOf(ann);
    await ann.login("ann");
    expect(idOf(ann)).not.toBe(before);
    const thief = at(served);
    thief.cookies.set("__Host-id", before);
    expect(await isLoggedIn(thief)).toBe(false);
  });

  it("7.3.1 ends a session that is not used for the idle limit", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    served.clock.now += 1799_000;
    expect(await isLoggedIn(ann)).toBe(true);
    served.clock.now += 1801_000;
    expect(await isLoggedIn(ann)).toBe(false);
  });

  it("7.3.2 ends a session at the absolute limit, however much it is used", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const end = served.clock.now + 43_200_000;
    while (served.clock.now < end - 1000_000) {
      served.clock.now += 1000_000;
      expect(await isLoggedIn(ann)).toBe(true);
    }
    served.clock.now = end;
    expect(await isLoggedIn(ann)).toBe(false);
  });

  it("7.4.1 kills the session at the store on logout, and expires the cookie", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const id = idOf(ann);
    const answer = await ann.post("/logout");
    expect(answer.setCookies.join()).toMatch(/^__Host-id=; .*expires=Thu, 01 Jan 1970/);
    expect(answer.headers.get("clear-site-data")).toBe('"cache", "storage"');
    expect(served.store.size).toBe(0);
    ann.cookies.set("__Host-id", id);
    expect(await isLoggedIn(ann)).toBe(false);
  });

  it("7.4.3 and 7.5.2 show a user their sessions, to end one or all others", async () => {
    const served = await serve();
    const visitors = [at(served), at(served), at(served), at(served)] as const;
    for (const visitor of visitors) {
      served.clock.now += 1000;
      await visitor.login("ann");
    }
    const [first, second, third, mine] = visitors;
    const bob = at(served);
    await bob.login("bob");
    const page = await mine.get("/session");
    const references = [...page.body.matchAll(/name="reference" value="([^"]+)"/g)].map(([, value]) => value as string);
    expect(references).toHaveLength(3);
    await bob.get("/session");
    await bob.post("/session/end", { reference: references[0] as string });
    expect(await isLoggedIn(first)).toBe(true);
    await mine.get("/session");
    await mine.post("/session/end", { reference: references[0] as string });
    expect([await isLoggedIn(first), await isLoggedIn(second)]).toEqual([false, true]);
    await mine.get("/session");
    await mine.post("/session/end-others");
    expect([await isLoggedIn(second), await isLoggedIn(third), await isLoggedIn(mine)]).toEqual([false, false, true]);
    expect(await isLoggedIn(bob)).toBe(true);
  });

  it("3.3.1 to 3.3.4 sends the id in one cookie, __Host-, Secure, HttpOnly, SameSite, and nowhere else", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.get("/login");
    const login = await ann.post("/login", { username: "ann" });
    expect(login.setCookies).toEqual([`__Host-id=${idOf(ann)}; path=/; samesite=lax; secure; httponly`]);
    const pages = [login, await ann.get("/"), await ann.get("/session"), await ann.get("/nope")];
    for (const { body, headers } of pages) {
      const elsewhere = [...headers].filter(([name]) => name !== "set-cookie");
      expect(body + JSON.stringify(elsewhere)).not.toContain(idOf(ann));
    }
    expect(served.lines.join("")).not.toContain(idOf(ann));
  });

  it("3.3.1 on plain http sends an honest plain cookie, which browsers take", async () => {
    const served = await serve({ scheme: "http" });
    const ann = new Visitor(served.app.url);
    await ann.get("/login");
    const { setCookies } = await ann.post("/login", { username: "ann" });
    expect(setCookies).toEqual([`id=${ann.cookies.get("id")}; path=/; samesite=lax; httponly`]);
  });

  const everywhere: [number: string, name: string, value: RegExp][] = [
    ["3.4.3", "content-security-policy", /default-src 'none'.*base-uri 'none'.*object-src 'none'/],
    ["3.4.4", "x-content-type-options", /^nosniff$/],
    ["3.4.5", "referrer-policy", /^same-origin$/],
    ["3.4.6", "content-security-policy", /frame-ancestors 'none'/],
    ["cache", "cache-control", /^no-store$/],
  ];
  const onHttps: typeof everywhere = [
    ["3.4.1", "strict-transport-security", /^max-age=31536000/],
    ["3.4.8", "cross-origin-opener-policy", /^same-origin$/],
  ];
  it.each([
    { scheme: "https" as const, has: [...everywhere, ...onHttps], hasNot: [] },
    { scheme: "http" as const, has: everywhere, hasNot: onHttps },
  ])("3.4 sends its headers with every answer on $scheme", async ({ scheme, has, hasNot }) => {
    const served = await serve({ scheme });
    const ann = at(served);
    const answers = [
      await ann.get("/"),
      await ann.get("/login"),
      await ann.get("/session"),
      await ann.get("/nope"),
      await ann.get("/healthz"),
      await ann.send("POST", "/login", { origin: "https://evil.example" }),
    ];
    for (const { headers } of answers) {
      for (const [number, name, value] of has)
        expect([number, headers.get(name)]).toEqual([number, expect.stringMatching(value)]);
      for (const [number, name] of hasNot) expect([number, headers.get(name)]).toEqual([number, null]);
      expect(headers.get("content-security-policy")).not.toMatch(/unsafe/);
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });

  it.each([
    { what: "another origin", headers: { origin: "https://evil.example" } },
    { what: "an opaque origin", headers: { origin: "null" } },
    { what: "a sibling site", headers: { "sec-fetch-site": "same-site" } },
    { what: "another scheme", headers: { origin: "http://store.example" } },
    {
      what: "a forwarded host that lies",
      headers: { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
    },
  ])("3.5.1 refuses a form from $what", async ({ headers }) => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    expect((await ann.post("/logout", {}, headers)).status).toBe(403);
    expect(await isLoggedIn(ann)).toBe(true);
  });

  it("3.5.1 refuses a form with no token, an old one, an edited one", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const token = /name="token" value="([^"]*)"/.exec((await ann.get("/")).body)?.[1] as string;
    const [issued, signature] = token.split(".") as [string, string];
    const old = (Date.now() - 13 * 3600_000).toString(36);
    const forged = createHmac("sha256", "x".repeat(32)).update(`form:${issued}:x`).digest("base64url");
    for (const bad of [
      "",
      "x",
      `${old}.${signature}`,
      `${issued}.${forged}`,
      `${issued}.`,
      "a.b.c",
      "x".repeat(5000),
    ]) {
      expect([bad.slice(0, 30), (await ann.post("/logout", { token: bad })).status]).toEqual([bad.slice(0, 30), 403]);
    }
    expect((await ann.post("/logout", { token })).status).toBe(303);
  });

  it("3.5.3 changes nothing by GET but the visit count", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    for (const path of ["/logout", "/session/end", "/session/end-others"])
      expect((await ann.get(path)).status).toBe(405);
    await ann.get("/login?username=mallory");
    expect((await ann.get("/")).body).toContain("Logged in as ann");
  });

  it("6.3.1 slows down logins by address: generous to those that succeed, strict on refused ones", async () => {
    const limits = { perMinute: 30, refusedPerMinute: 3 };
    const served = await serve({ limits });
    const ann = at(served);
    for (let i = 0; i < 10; i++) await ann.login("ann");
    for (let i = 0; i < 3; i++) expect((await ann.post("/login", { username: "" })).status).toBe(422);
    const answer = await ann.post("/login", { username: "" });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ann.get("/")).status).toBe(200);
  });

  it("6.3.1 takes the address from as many proxies as there are, and from nobody else", async () => {
    const limits = { perMinute: 2, refusedPerMinute: 20 };
    const behind = await serve({ limits, trustProxy: 1 });
    const login = async (visitor: HttpsVisitor, forwarded: string) => {
      await visitor.get("/login");
      return (await visitor.post("/login", { username: "ann" }, { "x-forwarded-for": forwarded })).status;
    };
    const statuses = async (served: Served) => [
      await login(at(served), "6.6.6.1, 198.51.100.1"),
      await login(at(served), "6.6.6.2, 198.51.100.1"),
      await login(at(served), "6.6.6.3, 198.51.100.1"),
      await login(at(served), "6.6.6.3, 198.51.100.2"),
    ];
    expect(await statuses(behind)).toEqual([303, 303, 429, 303]);
    expect(await statuses(await serve({ limits }))).toEqual([303, 303, 429, 429]);
  });

  it("6.3.1 counts refused logins by user where a login can be refused, and says the same for name and password", async () => {
    const authentication: Authentication = {
      hasPassword: true,
      canFail: true,
      authenticate: async ({ username, password }) => (username === "ann" && password === "right" ? "ann" : undefined),
    };
    const served = await serve({ authentication, trustProxy: 1, limits: { perMinute: 300, refusedPerMinute: 3 } });
    const answers: string[] = [];
    const login = async (username: string, password: string, address: number) => {
      const visitor = at(served);
      expect((await visitor.get("/login")).body).not.toContain("demo login");
      const forwarded = { "x-forwarded-for": `198.51.100.${address}` };
      const { status, body } = await visitor.post("/login", { username, password }, forwarded);
      answers.push(/role="alert">([^<]*)/.exec(body)?.[1] ?? "");
      return status;
    };
    expect(await login("ann", "right", 1)).toBe(303);
    expect(await login("nobody", "wrong", 2)).toBe(422);
    for (const address of [3, 4, 5]) expect(await login("ann", "wrong", address)).toBe(422);
    expect(await login("ann", "wrong", 6)).toBe(429);
    expect(new Set(answers.filter((text) => text !== ""))).toEqual(new Set(["Name or password is not right."]));
  });

  it("logs a session's life by a salted hash, the same in all processes", async () => {
    const [one, other] = [await serve(), await serve()];
    const ann = at(one);
    await ann.login("ann");
    await ann.post("/logout");
    const events = one.lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "session");
    expect(events.map(({ event, user }) => [event, user])).toEqual([
      ["login", "ann"],
      ["logout", "ann"],
    ]);
    expect(new Set(events.map(({ session }) => session)).size).toBe(1);
    const late = at(other);
    late.cookies.set("__Host-id", "a".repeat(43));
    await late.get("/");
    expect(other.lines.join("")).toMatch(/"event":"unknown","session":"[\w-]{16}"/);
  });
});

describe("rotation of SECRET_KEY in one go", () => {
  it("logs nobody out and breaks no open form", async () => {
    const served = await serve({ keys: await keyRing("old".repeat(12)) });
    const ann = at(served);
    await ann.login("ann");
    const open = /name="token" value="([^"]*)"/.exec((await ann.get("/")).body)?.[1] as string;
    const after = await keyRing("new".repeat(12), "old".repeat(12));
    expect(await after.verify("x", (await keyRing("old".repeat(12))).sign("x"))).toBe(true);
    const koa = createApp({
      environment: {
        publicScheme: "https",
        publicOrigin: ORIGIN,
        trustProxy: 0,
        session: { ...lifetimes, limit: 10, onLimit: "end-oldest", prefix: "session:" },
      },
      store: served.store,
      keys: after,
      throttle: new LoginThrottle(undefined, "session:", { perMinute: 300, refusedPerMinute: 20 }),
      log: pino({ level: "silent" }),
    });
    const app = await listen(koa);
    running.push(app);
    const same = new HttpsVisitor(app.url);
    for (const [name, value] of ann.cookies) same.cookies.set(name, value);
    expect(await isLoggedIn(same)).toBe(true);
    expect((await same.post("/logout", { token: open })).status).toBe(303);
  });

  it("is noticed by a process that meets the new key's signature, once in a while", async () => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
    try {
      let keys: [string, ...string[]] = [KEY];
      const load = jest.fn(async () => keys);
      const ring = await KeyRing.open({ kind: "random" }, load);
      const newer = await keyRing("n".repeat(32), KEY);
      keys = ["n".repeat(32), KEY];
      expect(await ring.verify("x", newer.sign("x"))).toBe(false);
      jest.setSystemTime(Date.now() + 61_000);
      expect(await ring.verify("x", newer.sign("x"))).toBe(true);
      expect(await ring.verify("x", "made up")).toBe(false);
      expect(load).toHaveBeenCalledTimes(2);
      expect(ring.sign("x")).toBe(newer.sign("x"));
    } finally {
      jest.useRealTimers();
    }
  });
});
