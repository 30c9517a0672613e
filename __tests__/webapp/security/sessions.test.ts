import { createHash } from "node:crypto";
import { hashId } from "../../../webapp/session/session-id";
import { at, isLoggedIn, keyRing, readId, serve } from "./served";

describe("the life of a session (OWASP ASVS 5.0 chapter 7)", () => {
  it("7.1.2 limits a user's parallel sessions to ten: the oldest ends", async () => {
    const served = await serve();
    const visitors = Array.from({ length: 11 }, () => at(served));
    for (const visitor of visitors) {
      served.clock.now += 1000;
      await visitor.login("ann");
    }
    expect(await Promise.all(visitors.map(isLoggedIn))).toEqual([false, ...Array(10).fill(true)]);
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
      expect(Buffer.from(readId(visitor), "base64url")).toHaveLength(32);
      ids.add(readId(visitor));
    }
    expect(ids.size).toBe(50);
  });

  it("7.2.3 takes no part of an id from Math.random", async () => {
    const random = jest.spyOn(Math, "random").mockReturnValue(0.5);
    try {
      const served = await serve();
      const ids = new Set<string>();
      for (const name of ["ann", "bea", "cleo"]) {
        const visitor = at(served);
        await visitor.login(name);
        for (const part of [0, 16, 32]) ids.add(`${part} ${readId(visitor).slice(part, part + 8)}`);
      }
      expect(ids.size).toBe(9);
    } finally {
      random.mockRestore();
    }
  });

  it("7.2.4 gives a new id at each login, and the one before is dead", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    const before = readId(ann);
    await ann.login("ann");
    expect(readId(ann)).not.toBe(before);
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
    const id = readId(ann);
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

  it("keeps a session under the hash of its id, not under the id", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    expect(await served.store.peek(readId(ann))).toBeUndefined();
    const hashed = createHash("sha256").update(readId(ann)).digest("base64url");
    expect((await served.store.peek(hashed))?.attributes.get("user")).toBe('"ann"');
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
    const id = "a".repeat(43);
    const another = await serve({ keys: await keyRing("another key".repeat(3)) });
    const names = [];
    for (const served of [one, other, another]) {
      served.lines.length = 0;
      const late = at(served);
      late.cookies.set("__Host-id", id);
      await late.get("/");
      names.push(/"event":"unknown","session":"([\w-]{16})"/.exec(served.lines.join(""))?.[1]);
    }
    expect(names).toEqual([expect.any(String), names[0], expect.any(String)]);
    expect(names[2]).not.toBe(names[0]);
    expect(hashId(id)).not.toContain(names[0]);
  });
});
