import path from "node:path";
import { RedisStore } from "../../../webapp/session";
import { runNode } from "../../programs/command";
import { describeWith } from "../../programs/require";
import { Visitor } from "../../programs/visitor";
import { type InspectedApp, startInspectedApp } from "./inspected-app";

/** From source, and as it is deployed: `npm test` builds before it tests. */
const SOURCE = ["--require", "./cli/typescript.cjs", "webapp/main.ts", "inspect"];
const BUNDLE = [path.join("webapp", "dist", "session-app.js"), "inspect"];
const KEY = /session:s:[\w-]{43}/;

describeWith(["redis-server"], "inspect", () => {
  let at: InspectedApp;
  beforeAll(async () => {
    at = await startInspectedApp();
  });
  afterAll(() => at.stop());
  beforeEach(() => at.restricted.admin.flushall());

  it("lists no session that a login has taken, though its form may come again", async () => {
    const ann = new Visitor(at.app.url);
    await ann.get("/index.html");
    await ann.post("/1");
    await ann.login("ann");
    expect(await at.restricted.admin.keys("session:s:*")).toHaveLength(2);
    expect(await at.find()).toMatchObject([{ user: "ann" }]);
  });

  it("lists sessions with user, fields and both ends, from source as from the bundle", async () => {
    await at.logIn("ann");
    await at.logIn("山田");
    for (const program of [SOURCE, BUNDLE]) {
      const { code, stdout, stderr } = await runNode(program, { REDIS_URL: at.restricted.url });
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
    const remembering = new RedisStore(at.redis, {
      prefix: "session:",
      idleSeconds: 1800,
      maxAgeSeconds: 43_200,
      longest,
    });
    const createdAt = (await remembering.create("remembered", new Map(), undefined, longest)) as number;
    const [row] = await at.find();
    const days = (end: string) => Math.round((new Date(end).getTime() - createdAt) / 86_400_000);
    expect([days(row.idleEndsAt), days(row.absoluteEndsAt)]).toEqual([14, 30]);
  });

  it("lists sessions as JSON, anonymous ones and what is no session included", async () => {
    await at.store.create("anonymous", new Map([["colour", '"red"']]));
    await at.restricted.admin.set("session:s:foreign", "text");
    const rows = await at.find();
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
    await Promise.all(names.map((name) => at.store.create(name, new Map())));
    expect(await at.find()).toHaveLength(1500);
    expect((await at.inspect()).stdout).toContain("\n1,500 sessions under session:\n");
    expect((await at.inspect("end", "--all", "--yes")).stdout).toBe("Ended 1,500 sessions of everybody\n");
    expect((await at.inspect()).stdout).toBe("No sessions under session:\n");
  });

  it("lists no more than a limit, and says that there may be more", async () => {
    await Promise.all(["a", "b", "c"].map((name) => at.store.create(name, new Map())));
    expect(await at.find("--limit", "2")).toHaveLength(2);
    expect((await at.inspect("--limit", "2")).stdout).toMatch(/\n2 sessions under session:, and perhaps more\n$/);
    expect((await at.inspect("--limit", "4")).stdout).toMatch(/\n3 sessions under session:\n$/);
  });

  it("lists those last seen, newest first, and says of how many", async () => {
    const now = Date.now();
    for (const [name, seen] of Object.entries({ old: 1, newest: 3, middle: 2 })) {
      await at.store.create(name, new Map());
      await at.restricted.admin.hset(at.store.nameOf(name), "lastSeenAt", now + seen);
    }
    const rows = await at.find("--newest", "2");
    expect(rows.map(({ key }: { key: string }) => key)).toEqual(["session:s:newest", "session:s:middle"]);
    expect((await at.inspect("--newest", "2")).stdout).toMatch(/\nThe 2 last seen of 3 sessions under session:\n$/);
    expect((await at.inspect("--newest", "3")).stdout).toMatch(/\n3 sessions under session:\n$/);
  });

  it("names the keys of other prefixes, and the way to look at them", async () => {
    await at.store.create("a", new Map());
    await at.restricted.admin.hset("session:example:token", "visits", 3);
    await at.restricted.admin.hset(`shop:s:${"x".repeat(43)}`, "visits", 3);
    await at.restricted.admin.set("alone", "text");
    const { stdout, stderr } = await at.inspect();
    expect(stdout).toMatch(/\n1 session under session:\n$/);
    expect(stderr.trim().split("\n").sort()).toEqual([
      "also in this Redis: 1 key under session:example:; inspect session:example:token shows one",
      "also in this Redis: 1 key under shop:s:; SESSION_PREFIX=shop: shows these sessions",
      "also in this Redis: 1 key without a prefix",
    ]);
  });

  it("counts keys by kind, and says what memory is known without a right of its own", async () => {
    await Promise.all([at.logIn("ann"), at.logIn("bob")]);
    await at.restricted.admin.hset("session:example:token", "visits", 3);
    await at.store.adopt("a", new Map(), {}, 60_000);
    await at.store.destroy(["a"]);
    expect(await at.find("count")).toEqual({
      kinds: [
        { keys: "session:s:", says: "sessions", count: 2, bytes: null },
        { keys: "session:u:", says: "users with sessions", count: 2, bytes: null },
        { keys: "session:t:", says: "login throttles", count: expect.any(Number), bytes: null },
        { keys: "session:a:", says: "visitors who moved in", count: 1, bytes: null },
      ],
      others: [{ keys: "session:example:", count: 1 }],
      redis: { usedBytes: expect.any(Number), maxBytes: 0 },
      isComplete: true,
    });
    expect((await at.inspect("count")).stdout).toMatch(
      /^KEYS .*\nsession:s: +2 +- +sessions\n(.*\n)+.*\nRedis uses [\d.]+ MiB in all\n/,
    );
  });

  it("measures sessions where the user may", async () => {
    await at.store.create("a", new Map([["text", JSON.stringify("x".repeat(10_000))]]));
    const url = at.restricted.url.replace("app:any", "admin:any");
    const { stdout } = await runNode([...BUNDLE, "count", "--json"], { REDIS_URL: url });
    const [sessions] = JSON.parse(stdout).kinds;
    expect(sessions.bytes).toBeGreaterThan(10_000);
    expect(sessions.bytes).toBe(await at.restricted.admin.memory("USAGE", "session:s:a"));
  });

  it("shows a damaged session raw, and ends it by its key, of any type", async () => {
    await at.restricted.admin.hset("session:s:hash", { createdAt: "soon", user: '"ann"' });
    await at.restricted.admin.set("session:s:text", "a text");
    await at.restricted.admin.rpush("session:s:list", "a");
    const { stdout, stderr } = await at.inspect();
    expect(stdout).toContain("3 sessions under session:\n");
    expect(stderr).toBe("3 damaged: inspect <key> shows one, inspect end --key <key> --yes ends it\n");
    expect(await at.find("session:s:hash")).toMatchObject({
      type: "hash",
      fields: { createdAt: "soon", user: '"ann"' },
    });
    expect(await at.find("session:s:text")).toMatchObject({ type: "string", value: "a text" });
    expect((await at.inspect("session:s:list")).stdout).toContain("the value of a list is not shown\n");
    for (const name of ["hash", "text", "list"])
      expect(await at.find("end", "--key", `session:s:${name}`, "--yes")).toEqual({ ended: 1 });
    expect(await at.restricted.admin.keys("session:s:*")).toEqual([]);
  });

  it("shows one key: type, expiry, fields; by its key or by the hashed id", async () => {
    await at.logIn("ann");
    const key = KEY.exec((await at.inspect()).stdout)?.[0] as string;
    const { stdout } = await at.inspect(key);
    expect(stdout).toContain(`KEY   ${key}\nTYPE  hash\nTTL   1`);
    expect(stdout).toMatch(/FIELD {8}VALUE\n(.*\n)*user {9}"ann"\nvisits {7}1\n$/);
    expect((await at.find(key)).fields).toMatchObject({ user: '"ann"', visits: "1", idleSeconds: "1800" });
    const byId = await at.inspect("--json", "--", key.slice("session:s:".length));
    expect(JSON.parse(byId.stdout)).toMatchObject({ key, type: "hash" });
  });

  it("shows a user's index, a throttle's count and a key without expiry for what they are", async () => {
    await at.logIn("ann");
    const key = KEY.exec((await at.inspect()).stdout)?.[0] as string;
    expect(await at.find(at.store.userKey("ann"))).toMatchObject({
      type: "zset",
      members: [key.slice("session:s:".length)],
    });
    const [throttle = ""] = await at.restricted.admin.keys("session:t:*");
    expect((await at.inspect(throttle)).stdout).toMatch(
      /^KEY {3}.*\nTYPE {2}string\nTTL {3}\d+ s, until .*\n\nVALUE\n\d+\n$/,
    );
    await at.restricted.admin.hset("session:example:token", "visits", 3);
    expect((await at.inspect("session:example:token")).stdout).toMatch(
      /TTL {3}none: .*\n\nFIELD {3}VALUE\nvisits {2}3\n$/,
    );
  });

  it("lists one user's sessions", async () => {
    await Promise.all([at.logIn("ann"), at.logIn("ann"), at.logIn("bob")]);
    const rows = await at.find("user", "ann");
    expect(rows.map(({ user }: { user: string }) => user)).toEqual(["ann", "ann"]);
    expect((await at.inspect("user", "zoe")).stdout).toBe('No sessions of user "zoe"\n');
  });

  it("lets no name steer the terminal", async () => {
    await at.store.create("evil", new Map([["user", JSON.stringify("a\u001b[2J\u009b2J\u202eb")]]));
    expect((await at.inspect()).stdout).toContain(" a\\u{1b}[2J\\u{9b}2J\\u{202e}b\n");
    for (const arg of ["session:s:evil", "--json"]) {
      expect((await at.inspect(arg)).stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect((await at.find())[0].user).toBe("a\u001b[2J\u009b2J\u202eb");
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
    const { code, stdout, stderr } = await at.inspect(...args);
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
    const { code, stderr } = await runNode(BUNDLE, { REDIS_URL: at.restricted.url, DEBUG: "*" });
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("says that Redis does not know the app's user, and not its password", async () => {
    const url = at.restricted.url.replace("app:any", "stranger:s3cret-password");
    const { code, stderr } = await runNode(BUNDLE, { REDIS_URL: url });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Redis at 127.0.0.1:\d+: WRONGPASS .*\n$/);
  });

  it("explains itself, and the bundle takes no other command", async () => {
    expect(await at.inspect("--help")).toMatchObject({
      code: 0,
      stderr: "",
      stdout: expect.stringContaining("end [options] [user]"),
    });
    const { code, stderr } = await runNode([BUNDLE[0] as string, "serve"], {});
    expect([code, stderr]).toEqual([1, 'session-app: got "serve", takes "inspect" or no argument at all\n']);
  });
});
