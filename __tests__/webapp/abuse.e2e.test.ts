import net from "node:net";
import { Redis } from "ioredis";
import { until } from "../harness/poll";
import { type AppProcess, startApp } from "../programs/app-process";
import { fastClient } from "../programs/fast-client";
import { type RedisServer, startRedis } from "../programs/redis-server";
import { describeWith } from "../programs/require";
import { Visitor } from "../programs/visitor";

describeWith(["redis-server"], "abuse of the deployed app", () => {
  let redis: RedisServer;
  let admin: Redis;
  let app: AppProcess;

  beforeAll(async () => {
    redis = await startRedis();
    admin = new Redis({ port: redis.port });
    const limits = { LOGINS_PER_MINUTE: "1000000", REFUSED_LOGINS_PER_MINUTE: "1000000" };
    app = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}`, ...limits });
  });
  afterAll(async () => {
    admin.disconnect();
    await app.stop();
    await redis.stop();
  });
  afterEach(async () => {
    expect((await new Visitor(app.url).get("/healthz")).status).toBe(200);
  });

  /**
   * Sends bytes as they are; answers with the status line, or with the code of the error that ended the connection before it. A server
   * that answers and closes while bytes are on their way resets the connection, and the answer can be lost (RFC 9112, section 9.6).
   */
  function raw(bytes: string): Promise<string> {
    const { port, hostname } = new URL(app.url);
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk.toString();
        if (answer.includes("\r\n")) {
          resolve(answer.slice(0, answer.indexOf("\r\n")));
          socket.destroy();
        }
      });
      socket.once("end", () => resolve(answer.split("\r\n")[0] ?? ""));
      socket.once("error", ({ code = "" }: NodeJS.ErrnoException) => resolve(code));
      socket.setTimeout(5000, () => reject(new Error("no answer")));
    });
  }
  const host = "Host: store.example\r\nConnection: close\r\n";

  it.each([
    // Node.js takes 16 KB of headers. The server reads these requests whole, so that their answers arrive.
    {
      what: "a cookie of 20 KB",
      bytes: `GET / HTTP/1.1\r\n${host}Cookie: id=${"a".repeat(20_000)}\r\n\r\n`,
      status: 431,
    },
    { what: "5,000 headers", bytes: `GET / HTTP/1.1\r\n${host}${"X-A: b\r\n".repeat(5000)}\r\n`, status: 431 },
    {
      what: "200 cookies of the same name",
      bytes: `GET / HTTP/1.1\r\n${host}Cookie: ${"id=aa; ".repeat(200)}\r\n\r\n`,
      status: 200,
    },
    { what: "no host", bytes: "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", status: 400 },
    { what: "no HTTP at all", bytes: "\x16\x03\x01\x02\x00\r\n\r\n", status: 400 },
    { what: "an unknown method", bytes: `BREW / HTTP/1.1\r\n${host}\r\n`, status: 400 },
    { what: "TRACE", bytes: `TRACE / HTTP/1.1\r\n${host}\r\n`, status: 405 },
    { what: "a path of a proxy", bytes: `GET http://other.example/ HTTP/1.1\r\n${host}\r\n`, status: 200 },
    { what: "a target that is no URL", bytes: `GET http://[ HTTP/1.1\r\n${host}\r\n`, status: 400 },
    { what: "a target of half an address", bytes: `GET http://[::1 HTTP/1.1\r\n${host}\r\n`, status: 400 },
    // `xn--a` is no name either, to Node.js 20 and 22 alone.
    { what: "a target of no name", bytes: `GET http://a<b/ HTTP/1.1\r\n${host}\r\n`, status: 400 },
    { what: "an asterisk", bytes: `OPTIONS * HTTP/1.1\r\n${host}\r\n`, status: 404 },
    { what: "a path of two slashes", bytes: `GET // HTTP/1.1\r\n${host}\r\n`, status: 200 },
    { what: "a null byte", bytes: `GET /%00 HTTP/1.1\r\n${host}\r\n`, status: 404 },
    { what: "a broken escape", bytes: `GET /%zz%ff HTTP/1.1\r\n${host}\r\n`, status: 404 },
    { what: "a way up", bytes: `GET /../../etc/passwd HTTP/1.1\r\n${host}\r\n`, status: 404 },
    { what: "a path of 10,000 letters", bytes: `GET /${"a".repeat(10_000)} HTTP/1.1\r\n${host}\r\n`, status: 404 },
    {
      what: "two lengths",
      bytes: `POST /login HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`,
      status: 400,
    },
    {
      what: "a body in another language",
      bytes: `POST /login HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      status: 403,
    },
    {
      what: "a compressed bomb's header",
      bytes: `POST /login HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nab`,
      status: 400,
    },
  ])("$what gets a $status", async ({ bytes, status }) => {
    expect(await raw(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it.each([
    ["a cookie of 1 MB", `Cookie: id=${"a".repeat(1_000_000)}\r\n`],
    ["10,000 headers", "X-A: b\r\n".repeat(10_000)],
  ])("%s gets a 431 or a reset while it is sent", async (_what, headers) => {
    expect(await raw(`GET / HTTP/1.1\r\n${host}${headers}\r\n`)).toMatch(/^(HTTP\/1\.1 431 |ECONNRESET$|EPIPE$)/);
  });

  it.each([
    ["a broken chunk", "Transfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["another coding", "Transfer-Encoding: gzip\r\n\r\nab"],
    ["bytes after the end", "Content-Length: 0\r\n\r\n\x01\x02garbage\r\n\r\n"],
  ])("%s leaves no cookie in the log, in any form", async (_what, rest) => {
    const id = "Q".repeat(43);
    const before = app.output().length;
    await raw(`POST /login HTTP/1.1\r\nHost: store.example\r\nCookie: id=${id}\r\n${rest}`);
    const lines = await until(() => app.output().slice(before), "a line in the log");
    expect(lines).not.toContain(id);
    expect(lines).not.toContain(`${"Q".charCodeAt(0)},${"Q".charCodeAt(0)}`);
  });

  it("a name of 200,000 letters, a thousand fields, an array for a name: refused, and nothing stored", async () => {
    const visitor = new Visitor(app.url);
    await visitor.get("/login");
    expect((await visitor.post("/login", { username: "a".repeat(200_000) })).status).toBe(413);
    const fields = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`f${i}`, ""]));
    expect((await visitor.post("/login", { ...fields, username: "" })).status).toBe(422);
    expect((await visitor.post("/login", { "username[]": "x", "username[a]": "y" })).status).toBe(422);
    expect((await visitor.post("/login", { "__proto__[user]": "x", username: "" })).status).toBe(422);
    expect(await admin.keys("session:s:*")).toEqual([]);
  });

  it("ten thousand logins at once: none fails, no login gets another's session", async () => {
    const request = fastClient(app.url);
    const token = /name="token" value="([^"]*)"/.exec((await request("/login")).body)?.[1] as string;
    const wrong: string[] = [];
    let next = 0;
    const worker = async () => {
      for (let i = next++; i < 10_000; i = next++) {
        const { status, cookie } = await request("/login", "", { username: `n${i}`, token });
        const isTheirs = i % 10 !== 0 || (await request("/", cookie)).body.includes(`Logged in as n${i}<`);
        if (status !== 303 || !isTheirs) wrong.push(`n${i}: ${status}`);
      }
    };
    await Promise.all(Array.from({ length: 100 }, worker));
    expect(wrong).toEqual([]);
    expect(await admin.dbsize()).toBeGreaterThanOrEqual(20_000);
  }, 180_000);

  it("a cookie that was logged out, replayed a hundred times at once, is not logged in", async () => {
    const ann = new Visitor(app.url);
    await ann.login("ann");
    const id = ann.cookies.get("id") as string;
    const slow = Array.from({ length: 50 }, () => ann.get("/"));
    await ann.post("/logout");
    await Promise.all(slow);
    const replays = Array.from({ length: 100 }, () => {
      const thief = new Visitor(app.url);
      thief.cookies.set("id", id);
      return thief.get("/");
    });
    for (const { body } of await Promise.all(replays)) expect(body).toContain("You are not logged in");
  });
});
