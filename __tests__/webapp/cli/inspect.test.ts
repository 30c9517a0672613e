import path from "node:path";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import type { Cluster, Redis } from "ioredis";
import pino from "pino";
import { type RedisConnection, readEnvironment } from "../../../environment";
import { createApp } from "../../../webapp/app";
import { inspect as inspectCommand } from "../../../webapp/cli/inspect";
import { LoginThrottle } from "../../../webapp/login/throttle";
import { openRedis } from "../../../webapp/redis/open";
import { KeyRing } from "../../../webapp/secrets/key-ring";
import { RedisStore } from "../../../webapp/session";
import { type Finished, runNode } from "../../programs/command";
import { describeWith } from "../../programs/require";
import { type RestrictedRedis, startRestrictedRedis } from "../../programs/restricted-redis";
import { type Listening, listen, Visitor } from "../../programs/visitor";

/** From source, and as it is deployed: `npm test` builds before it tests. */
const SOURCE = ["--require", "./cli/typescript.cjs", "webapp/main.ts", "inspect"];
const BUNDLE = [path.join("webapp", "dist", "session-app.js"), "inspect"];
const KEY = /session:s:[\w-]{43}/;

describeWith(["redis-server"], "inspect", () => {
  let restricted: RestrictedRedis;
  let redis: Redis | Cluster;
  let store: RedisStore;
  let app: Listening;

  /**
   * The command in this process, with an environment and outputs of its own. With no right beyond the app's: a command
   * the access string lacks is an error here.
   */
  async function inspect(...args: string[]): Promise<Finished> {
    const [out, err] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
    let [stdout, stderr] = ["", ""];
    out.on("data", (chunk: string) => (stdout += chunk));
    err.on("data", (chunk: string) => (stderr += chunk));
    jest.replaceProperty(process, "env", { REDIS_URL: restricted.url });
    jest.spyOn(process, "stdout", "get").mockReturnValue(out as never);
    jest.spyOn(process, "stderr", "get").mockReturnValue(err as never);
    try {
      await inspectCommand(args);
      const code = Number(process.exitCode ?? 0);
      await Promise.all([finished(out.end()), finished(err.end())]);
      return { code, stdout, stderr };
    } finally {
      process.exitCode = undefined;
      jest.restoreAllMocks();
    }
  }
  const found = async (...args: string[]) => JSON.parse((await inspect(...args, "--json")).stdout);
  const loggedIn = async (name: string) => {
    const visitor = new Visitor(app.url);
    await visitor.login(name);
    return visitor;
  };
  const isLoggedIn = async (visitor: Visitor) => (await visitor.get("/")).body.includes("Logged in as");

  beforeAll(async () => {
    restricted = await startRestrictedRedis();
    const environment = readEnvironment({ REDIS_URL: restricted.url });
    redis = await openRedis(environment.redis as RedisConnection);
    store = new RedisStore(redis, environment.session);
    const keys = await KeyRing.open({ kind: "keys", keys: ["k".repeat(32)] });
    const throttle = new LoginThrottle(redis, "session:", environment.loginLimits);
    app = await listen(createApp({ environment, store, keys, throttle, log: pino({ level: "silent" }) }));
  });
  afterAll(async () => {
    await app.stop();
    redis.disconnect();
    await restricted.stop();
  });
  beforeEach(() => restricted.admin.flushall());

  it("lists no session that a login has taken, though its form may come again", async () => {
    const ann = new Visitor(app.url);
    await ann.get("/index.html");
    await ann.post("/1");
    await ann.login("ann");
    expect(await restricted.admin.keys("session:s:*")).toHaveLength(2);
    expect(await found()).toMatchObject([{ user: "ann" }]);
  });

  it("lists sessions with user, fields and both ends, from source as from the bundle", async () => {
    await loggedIn("ann");
    await loggedIn("山田");
    for (const program of [SOURCE, BUNDLE]) {
      const { code, stdout, stderr } = await runNode(program, { REDIS_URL: restricted.url });
      expect([code, stderr]).toEqual([0, ""]);
      const [headings = "", ...rows] = stdout.split("\n");
      expect(headings.split(/ {2,}/)).toEqual(["KEY", "TYPE", "FIELDS", "TTL", "IDLE END", "ABSOLUTE END", "USER"]);
      for (const row of rows.slice(0, 2)) {
        expect(row.indexOf("hash")).toBe(headings.indexOf("TYPE"));
        expect(row).toMatch(
          /^session:s:[\w-]{43} {2}hash {2}5 {7}1\d\d\d s {2}[\d-]+T[\d:]+Z \(in 30 min\) {2}[\d-]+T[\d:]+Z \(in 12 h\) {2}(ann|山田)$/,
        );
      }
      expect(stdout).toContain("\n2 sessions under session:\n");
    }
  });

  it("lists the limits of a session that its login gave it", async () => {
    const longest = { idleSeconds: 14 * 86_400, maxAgeSeconds: 30 * 86_400 };
    const remembering = new RedisStore(redis, {
      prefix: "session:",
      idleSeconds: 1800,
      maxAgeSeconds: 43_200,
      longest,
    });
    const createdAt = (await remembering.create("remembered", new Map(), undefined, longest)) as number;
    const [row] = await found();
    const days = (end: string) => Math.round((new Date(end).getTime() - createdAt) / 86_400_000);
    expect([days(row.idleEndsAt), days(row.absoluteEndsAt)]).toEqual([14, 30]);
  });

  it("lists sessions as JSON, anonymous ones and what is no session included", async () => {
    await store.create("anonymous", new Map([["colour", '"red"']]));
    await restricted.admin.set("session:s:foreign", "text");
    const rows = await found();
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual({
      key: "session:s:anonymous",
      type: "hash",
      fields: 4,
      ttlSeconds: expect.any(Number),
      user: null,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      lastSeenAt: expect.stringMatching(/Z$/),
      idleEndsAt: expect.stringMatching(/Z$/),
      absoluteEndsAt: expect.stringMatching(/Z$/),
    });
    expect(rows).toContainEqual(expect.objectContaining({ type: "string", fields: null, ttlSeconds: -1, user: null }));
  });

  it("lists more sessions than one SCAN step finds", async () => {
    const names = Array.from({ length: 1500 }, (_, i) => `many-${i}`);
    await Promise.all(names.map((name) => store.create(name, new Map())));
    expect(await found()).toHaveLength(1500);
    expect((await inspect()).stdout).toContain("\n1,500 sessions under session:\n");
    expect((await inspect("end", "--all", "--yes")).stdout).toBe("Ended 1,500 sessions of everybody\n");
    expect((await inspect()).stdout).toBe("No sessions under session:\n");
  });

  it("lists no more than a limit, and says that there may be more", async () => {
    await Promise.all(["a", "b", "c"].map((name) => store.create(name, new Map())));
    expect(await found("--limit", "2")).toHaveLength(2);
    expect((await inspect("--limit", "2")).stdout).toMatch(/\n2 sessions under session:, and perhaps more\n$/);
    expect((await inspect("--limit", "4")).stdout).toMatch(/\n3 sessions under session:\n$/);
  });

  it("lists those last seen, newest first, and says of how many", async () => {
    const now = Date.now();
    for (const [name, seen] of Object.entries({ old: 1, newest: 3, middle: 2 })) {
      await store.create(name, new Map());
      await restricted.admin.hset(store.nameOf(name), "lastSeenAt", now + seen);
    }
    const rows = await found("--newest", "2");
    expect(rows.map(({ key }: { key: string }) => key)).toEqual(["session:s:newest", "session:s:middle"]);
    expect((await inspect("--newest", "2")).stdout).toMatch(/\nThe 2 last seen of 3 sessions under session:\n$/);
    expect((await inspect("--newest", "3")).stdout).toMatch(/\n3 sessions under session:\n$/);
  });

  it("names the keys of other prefixes, and the way to look at them", async () => {
    await store.create("a", new Map());
    await restricted.admin.hset("session:example:token", "visits", 3);
    await restricted.admin.hset(`shop:s:${"x".repeat(43)}`, "visits", 3);
    await restricted.admin.set("alone", "text");
    const { stdout, stderr } = await inspect();
    expect(stdout).toMatch(/\n1 session under session:\n$/);
    expect(stderr.trim().split("\n").sort()).toEqual([
      "also in this Redis: 1 key under session:example:; inspect session:example:token shows one",
      "also in this Redis: 1 key under shop:s:; SESSION_PREFIX=shop: shows these sessions",
      "also in this Redis: 1 key without a prefix",
    ]);
  });

  it("counts keys by kind, and says what memory is known without a right of its own", async () => {
    await Promise.all([loggedIn("ann"), loggedIn("bob")]);
    await restricted.admin.hset("session:example:token", "visits", 3);
    expect(await found("count")).toEqual({
      kinds: [
        { keys: "session:s:", says: "sessions", count: 2, bytes: null },
        { keys: "session:u:", says: "users with sessions", count: 2, bytes: null },
        { keys: "session:t:", says: "login throttles", count: expect.any(Number), bytes: null },
      ],
      others: [{ keys: "session:example:", count: 1 }],
      redis: { usedBytes: expect.any(Number), maxBytes: 0 },
      isComplete: true,
    });
    expect((await inspect("count")).stdout).toMatch(
      /^KEYS .*\nsession:s: +2 +- +sessions\n(.*\n)+.*\nRedis uses [\d.]+ MiB in all\n/,
    );
  });

  it("measures sessions where the user may", async () => {
    await store.create("a", new Map([["text", JSON.stringify("x".repeat(10_000))]]));
    const url = restricted.url.replace("app:any", "admin:any");
    const { stdout } = await runNode([...BUNDLE, "count", "--json"], { REDIS_URL: url });
    const [sessions] = JSON.parse(stdout).kinds;
    expect(sessions.bytes).toBeGreaterThan(10_000);
    expect(sessions.bytes).toBe(await restricted.admin.memory("USAGE", "session:s:a"));
  });

  it("ends one session by its key, and takes it out of its user's list", async () => {
    const [ann, bob] = await Promise.all([loggedIn("ann"), loggedIn("bob")]);
    const rows = await found();
    const { key } = rows.find(({ user }: { user: string }) => user === "ann");
    const refused = await inspect("end", "--key", key);
    expect(refused).toMatchObject({ code: 2, stderr: `end: got no --yes, takes it to end ${key} of user "ann"\n` });
    expect((await inspect("end", "--key", key, "--yes")).stdout).toBe(`Ended ${key} of user "ann"\n`);
    expect([await isLoggedIn(ann), await isLoggedIn(bob)]).toEqual([false, true]);
    expect(await restricted.admin.exists(store.userKey("ann"))).toBe(0);
  });

  it("shows a damaged session raw, and ends it by its key, of any type", async () => {
    await restricted.admin.hset("session:s:hash", { createdAt: "soon", user: '"ann"' });
    await restricted.admin.set("session:s:text", "a text");
    await restricted.admin.rpush("session:s:list", "a");
    const { stdout, stderr } = await inspect();
    expect(stdout).toContain("3 sessions under session:\n");
    expect(stderr).toBe("3 damaged: inspect <key> shows one, inspect end --key <key> --yes ends it\n");
    expect(await found("session:s:hash")).toMatchObject({ type: "hash", fields: { createdAt: "soon", user: '"ann"' } });
    expect(await found("session:s:text")).toMatchObject({ type: "string", value: "a text" });
    expect((await inspect("session:s:list")).stdout).toContain("the value of a list is not shown\n");
    for (const name of ["hash", "text", "list"])
      expect(await found("end", "--key", `session:s:${name}`, "--yes")).toEqual({ ended: 1 });
    expect(await restricted.admin.keys("session:s:*")).toEqual([]);
  });

  it("shows one key: type, expiry, fields; by its key or by the hashed id", async () => {
    await loggedIn("ann");
    const key = KEY.exec((await inspect()).stdout)?.[0] as string;
    const { stdout } = await inspect(key);
    expect(stdout).toContain(`KEY   ${key}\nTYPE  hash\nTTL   1`);
    expect(stdout).toMatch(/FIELD {8}VALUE\n(.*\n)*user {9}"ann"\nvisits {7}1\n$/);
    expect((await found(key)).fields).toMatchObject({ user: '"ann"', visits: "1", idleSeconds: "1800" });
    const byId = await inspect("--json", "--", key.slice("session:s:".length));
    expect(JSON.parse(byId.stdout)).toMatchObject({ key, type: "hash" });
  });

  it("shows a user's index, a throttle's count and a key without expiry for what they are", async () => {
    await loggedIn("ann");
    const key = KEY.exec((await inspect()).stdout)?.[0] as string;
    expect(await found(store.userKey("ann"))).toMatchObject({
      type: "zset",
      members: [key.slice("session:s:".length)],
    });
    const [throttle = ""] = await restricted.admin.keys("session:t:*");
    expect((await inspect(throttle)).stdout).toMatch(
      /^KEY {3}.*\nTYPE {2}string\nTTL {3}\d+ s, until .*\n\nVALUE\n\d+\n$/,
    );
    await restricted.admin.hset("session:example:token", "visits", 3);
    expect((await inspect("session:example:token")).stdout).toMatch(
      /TTL {3}none: .*\n\nFIELD {3}VALUE\nvisits {2}3\n$/,
    );
  });

  it("lists one user's sessions", async () => {
    await Promise.all([loggedIn("ann"), loggedIn("ann"), loggedIn("bob")]);
    const rows = await found("user", "ann");
    expect(rows.map(({ user }: { user: string }) => user)).toEqual(["ann", "ann"]);
    expect((await inspect("user", "nobody")).stdout).toBe('No sessions of user "nobody"\n');
  });

  it("ends all sessions of one user and no other's, so that the user is logged out everywhere (ASVS 7.4.5)", async () => {
    const [here, there, bob] = await Promise.all([loggedIn("ann"), loggedIn("ann"), loggedIn("bob")]);
    const refused = await inspect("end", "ann");
    expect(refused).toMatchObject({
      code: 2,
      stderr: 'end: got no --yes, takes it to log user "ann" out: 2 sessions\n',
    });
    expect(await isLoggedIn(here)).toBe(true);
    expect((await inspect("end", "ann", "--yes")).stdout).toBe('Ended 2 sessions of user "ann"\n');
    expect([await isLoggedIn(here), await isLoggedIn(there), await isLoggedIn(bob)]).toEqual([false, false, true]);
    expect(await restricted.admin.exists(store.userKey("ann"))).toBe(0);
    expect(await found("end", "ann", "--yes")).toEqual({ ended: 0 });
  });

  it("ends a session its user's index does not know", async () => {
    const ann = await loggedIn("ann");
    await restricted.admin.del(store.userKey("ann"));
    expect(await found("end", "ann", "--yes")).toEqual({ ended: 1 });
    expect(await isLoggedIn(ann)).toBe(false);
  });

  it("ends every session, anonymous ones included, and leaves no index behind (ASVS 7.4.5)", async () => {
    const visitors = await Promise.all(["ann", "ann", "bob"].map(loggedIn));
    await store.create("anonymous", new Map());
    expect(await inspect("end", "--all")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/4 sessions$/m),
    });
    expect(await found("end", "--all", "--yes")).toEqual({ ended: 4 });
    expect(await Promise.all(visitors.map(isLoggedIn))).toEqual([false, false, false]);
    expect(await restricted.admin.keys("session:[su]:*")).toEqual([]);
  });

  it.each(["createdAt", "lastSeenAt", "idleSeconds"])(
    "lists and ends a session whose %s is damaged, beside the others",
    async (field) => {
      for (const value of ["soon", "-1", "1e300", "NaN", "99999999999999999999", ""]) {
        const ann = await loggedIn("ann");
        await store.create("damaged", new Map([["user", '"ann"']]));
        await restricted.admin.hset("session:s:damaged", field, value);
        expect(await found()).toHaveLength(2);
        expect((await inspect()).stdout).toContain("2 sessions under session:\n");
        expect((await inspect("session:s:damaged")).code).toBe(0);
        expect(await found("user", "ann")).toHaveLength(1);
        expect(await found("end", "--all", "--yes")).toEqual({ ended: 2 });
        expect(await isLoggedIn(ann)).toBe(false);
        expect(await restricted.admin.keys("session:s:*")).toEqual([]);
      }
    },
  );

  it("ends a session whose creation is yet to come, by a clock that went back", async () => {
    await store.create("ahead", new Map(), Date.now() + 3_600_000);
    expect(await found("end", "--all", "--yes")).toEqual({ ended: 1 });
    expect(await restricted.admin.keys("session:s:*")).toEqual([]);
  });

  it("lets no name steer the terminal", async () => {
    await store.create("evil", new Map([["user", JSON.stringify("a\u001b[2J\u009b2J\u202eb")]]));
    expect((await inspect()).stdout).toContain(" a\\u{1b}[2J\\u{9b}2J\\u{202e}b\n");
    for (const arg of ["session:s:evil", "--json"]) {
      expect((await inspect(arg)).stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect((await found())[0].user).toBe("a\u001b[2J\u009b2J\u202eb");
  });

  it.each([
    { args: ["--nope"], says: "inspect: got --nope (unknown option '--nope'), takes nothing, <key>," },
    { args: ["user"], says: "inspect: got user (missing required argument 'name'), takes" },
    { args: ["end"], says: "end: got nothing, takes one of a user, --key and --all" },
    { args: ["--limit", "0"], says: '--limit: got "0", takes a whole number from 1 on' },
    { args: ["--limit", "1", "--newest", "1"], says: "got both of --limit and --newest, takes one of them" },
    { args: ["end", "--key", "session:t:x", "--yes"], says: '--key: got "session:t:x", takes a session\'s key' },
    { args: ["end", "--key", "session:s:gone"], says: '--key: got "session:s:gone", takes one that exists' },
    { args: ["end", "ann", "--all", "--yes"], says: "end: got a user and --all, takes one of" },
    { args: ["other:key"], says: 'key: got "other:key", takes a key that begins with session:' },
    { args: ["session:s:gone"], says: 'key: got "session:s:gone", takes one that exists' },
    { args: ["token"], says: "REDIS_AUTH: got password, takes iam" },
  ])("refuses $args in one line: what, got, takes", async ({ args, says }) => {
    const { code, stdout, stderr } = await inspect(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.startsWith(says)).toBe(true);
    expect(stderr.split("\n")).toHaveLength(2);
  });

  it.each([
    { what: "no Redis named", variables: {}, says: "REDIS_URL: got nothing, takes the Redis to look into" },
    { what: "a wrong variable", variables: { PORT: "x" }, says: 'PORT: got "x", takes a whole number' },
    {
      what: "no server there",
      variables: { REDIS_URL: "redis://127.0.0.1:1" },
      says: "Redis at 127.0.0.1:1: connect ECONN",
    },
  ])("says in one line that there is $what", async ({ variables, says }) => {
    const { code, stderr } = await runNode(BUNDLE, variables as Record<string, string>);
    expect([code, stderr.split("\n").length, stderr.slice(0, says.length)]).toEqual([2, 2, says]);
  });

  it("prints nothing of what it says to Redis, login included, when DEBUG asks its packages to", async () => {
    const { code, stderr } = await runNode(BUNDLE, { REDIS_URL: restricted.url, DEBUG: "*" });
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("says that Redis does not know the app's user, and not its password", async () => {
    const url = restricted.url.replace("app:any", "stranger:s3cret-password");
    const { code, stderr } = await runNode(BUNDLE, { REDIS_URL: url });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Redis at 127.0.0.1:\d+: WRONGPASS .*\n$/);
  });

  it("explains itself, and the bundle takes no other command", async () => {
    expect(await inspect("--help")).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("end [options] [user]"),
    });
    const { code, stderr } = await runNode([BUNDLE[0] as string, "serve"], {});
    expect([code, stderr]).toEqual([1, 'session-app: got "serve", takes "inspect" or no argument at all\n']);
  });
});
