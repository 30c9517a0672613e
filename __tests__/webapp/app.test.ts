import pino from "pino";
import { createApp } from "../../webapp/app";
import { LoginThrottle } from "../../webapp/login/throttle";
import { KeyRing } from "../../webapp/secrets/key-ring";
import { MemoryStore, type Store, StoreError } from "../../webapp/session";
import { type Listening, listen, Visitor } from "../programs/visitor";

const KEYS: [string, ...string[]] = ["k".repeat(32)];
const session = { idleSeconds: 60, maxAgeSeconds: 600, limit: 10, onLimit: "end-oldest", prefix: "session:" } as const;

let app: Listening;
let store: Store;
let lines: string[];
let stopping: AbortController;

async function serve(more: { publicScheme?: "http" | "https"; publicOrigin?: string } = {}) {
  lines = [];
  stopping = new AbortController();
  store = new MemoryStore(session);
  const environment = {
    publicScheme: "http" as const,
    publicOrigin: undefined,
    trustProxy: 0,
    session,
    shownHost: "a-host",
    ...more,
  };
  const keys = await KeyRing.open({ kind: "keys", keys: KEYS });
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const throttle = new LoginThrottle(undefined, session.prefix, { perMinute: 300, refusedPerMinute: 20 });
  app = await listen(createApp({ environment, store, keys, throttle, log, stopping: stopping.signal }));
}

beforeEach(() => serve());
afterEach(() => app.stop());
const visitor = () => new Visitor(app.url);
const readText = (html: string) => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describe("the app", () => {
  it("shows the user who is logged in and counts that user's visits alone", async () => {
    const [ann, bob] = [visitor(), visitor()];
    expect(readText((await ann.get("/")).body)).toContain("You are not logged in");
    expect(readText((await ann.login("ann")).body)).toMatch(/Logged in as ann .*Visits: 1 /);
    expect(readText((await ann.get("/")).body)).toMatch(/Logged in as ann .*Visits: 2 /);
    expect(readText((await bob.login("bob")).body)).toMatch(/Logged in as bob .*Visits: 1 /);
    expect(readText((await visitor().get("/")).body)).toContain("You are not logged in");
  });

  it.each(["/", "/index.html", "/session"])("does not ask for a login again on %s", async (path) => {
    const ann = visitor();
    const loginLink = '<a href="/login"';
    expect((await ann.get(path)).body).toContain(loginLink);
    await ann.login("ann");
    expect((await ann.get(path)).body).not.toContain(loginLink);
  });

  it("logs out at the store: the old cookie has no session", async () => {
    const ann = visitor();
    await ann.login("ann");
    const old = ann.cookies.get("id") as string;
    const answer = await ann.post("/logout");
    expect(answer.status).toBe(303);
    expect(answer.headers.get("location")).toBe("/");
    expect(ann.cookies.size).toBe(0);
    ann.cookies.set("id", old);
    expect(readText((await ann.get("/")).body)).toContain("You are not logged in");
  });

  it.each([
    { what: "no name at all", username: "", says: "Please enter a name." },
    { what: "blanks", username: "   ", says: "Please enter a name." },
    { what: "a name of 65 letters", username: "x".repeat(65), says: "at most 64 characters" },
    { what: "a control character", username: "a\u0000b", says: "letters, digits or punctuation only" },
    { what: "a line separator", username: "a\u2028b", says: "letters, digits or punctuation only" },
    { what: "a paragraph separator", username: "a\u2029b", says: "letters, digits or punctuation only" },
    { what: "a joiner alone", username: "\u200d", says: "Please enter a name." },
    { what: "a filler alone", username: "\u3164", says: "Please enter a name." },
    { what: "the blank of Braille alone", username: "\u2800", says: "Please enter a name." },
  ])("shows the form again for $what, with the reason", async ({ username, says }) => {
    const ann = visitor();
    await ann.get("/login");
    const answer = await ann.post("/login", { username });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain(says);
    expect(answer.setCookies).toEqual([]);
  });

  it("takes a form without the field for an empty one", async () => {
    const ann = visitor();
    await ann.get("/login");
    expect((await ann.post("/login")).status).toBe(422);
  });

  it("does not count a HEAD", async () => {
    const ann = visitor();
    await ann.login("ann");
    for (let i = 0; i < 3; i++) expect((await ann.send("HEAD", "/", {})).status).toBe(200);
    expect(readText((await ann.get("/")).body)).toContain("Visits: 2 ");
  });

  it.each(["می\u200cخواهم", "👨\u200d👩\u200d👧", "José", "Ann-Marie O'Neil"])("takes %j for a name", async (name) => {
    expect((await visitor().login(name)).body).toContain(name.replace("'", "&#39;"));
  });

  it("takes both ways to write an accent for one user", async () => {
    const [one, other] = [visitor(), visitor()];
    await one.login("Jose\u0301");
    await other.login("Jos\u00e9");
    expect((await one.get("/session")).body).toContain("End all others");
  });

  it("escapes what a visitor calls themselves", async () => {
    const { body } = await visitor().login("<script>alert('x')</script>");
    expect(body).not.toContain("<script");
    expect(body).toContain("&lt;script&gt;");
  });

  it("answers health checks without a session, with any cookie", async () => {
    const ann = visitor();
    await ann.login("ann");
    store.load = () => Promise.reject(new StoreError("load", new Error("away")));
    expect((await ann.get("/healthz")).status).toBe(200);
    expect((await ann.get("/style.css")).status).toBe(200);
    expect((await ann.get("/readyz")).status).toBe(200);
    store.ping = () => Promise.reject(new StoreError("ping", new Error("away")));
    expect((await ann.get("/readyz")).status).toBe(503);
    const page = await ann.get("/");
    expect(page.status).toBe(503);
    expect(page.headers.get("retry-after")).toBe("2");
    expect(readText(page.body)).toContain("try again in a few seconds");
    expect((await visitor().get("/")).status).toBe(200);
  });

  it.each(["/readyz", "/readyz/", "/readyz?x"])(
    "is not ready on %s once the process is about to stop",
    async (path) => {
      const probe = visitor();
      expect((await probe.get(path)).status).toBe(200);
      stopping.abort();
      expect(await probe.get(path)).toMatchObject({ status: 503, body: "stopping\n" });
      expect((await probe.get("/")).status).toBe(200);
    },
  );

  it.each([
    { method: "GET", path: "/nope", status: 404 },
    { method: "GET", path: "/logout", status: 405 },
    { method: "PUT", path: "/login", status: 405 },
    { method: "GET", path: "/%ff", status: 404 },
  ])("answers $method $path with $status and a page, without reading a session", async ({ method, path, status }) => {
    const ann = visitor();
    await ann.login("ann");
    store.load = () => Promise.reject(new StoreError("load", new Error("away")));
    const answer = await ann.send(method, path, {});
    expect(answer.status).toBe(status);
    expect(answer.body).toContain("<h1>");
  });

  it("refuses a form from another site, without token, or with another visitor's", async () => {
    const ann = visitor();
    await ann.login("ann");
    expect((await ann.post("/logout", {}, { origin: "https://evil.example" })).status).toBe(403);
    expect((await ann.post("/logout", {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await ann.post("/logout", { token: "" })).status).toBe(403);
    const bob = visitor();
    await bob.login("bob");
    const bobs = /name="token" value="([^"]*)"/.exec((await bob.get("/")).body)?.[1] as string;
    expect((await ann.post("/logout", { token: bobs })).status).toBe(403);
    expect(readText((await ann.get("/")).body)).toContain("Logged in as ann");
  });

  it("shows no visitor a stack trace, and logs no session id", async () => {
    const ann = visitor();
    await ann.login("ann");
    store.load = () => Promise.reject(new Error("a secret detail"));
    const answer = await ann.get("/");
    expect(answer.status).toBe(500);
    expect(answer.body).not.toMatch(/secret detail|at .*\.ts/);
    expect(lines.join("")).toContain("a secret detail");
    expect(lines.join("")).not.toContain(ann.cookies.get("id"));
  });

  it("marks the cookie for https behind a proxy, by configuration and not by header", async () => {
    await app.stop();
    await serve({ publicScheme: "https", publicOrigin: "https://store.example" });
    const ann = visitor();
    await ann.get("/login");
    const answer = await ann.post("/login", { username: "ann" }, { origin: "https://store.example" });
    expect(answer.setCookies.join()).toMatch(/^__Host-id=[\w-]{43}; path=\/; samesite=lax; secure; httponly$/);
    expect(answer.headers.get("strict-transport-security")).toMatch(/^max-age=31536000/);
  });
});
