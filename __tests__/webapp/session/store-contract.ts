import type { Store } from "../../../webapp/session";
import type { LoadedSession, PeekedSession } from "../../../webapp/session/store";
import { until } from "../../harness/poll";
import { adoptionContract } from "./adoption-contract";
import { counterContract } from "./counter-contract";
import { ANY, attributes, freshKey, LONG, type MakeStore } from "./stored";
import { termsContract } from "./terms-contract";

/** The tests that each store passes. */
export function storeContract(make: MakeStore): void {
  it("hands back what it was given", async () => {
    const store = make(LONG);
    const key = freshKey();
    const createdAt = await store.create(key, attributes({ user: "ann", visits: 3 }));
    const loaded = await store.load(key);
    expect(loaded).toMatchObject({ createdAt, idleSeconds: 60, touched: false });
    expect(loaded?.attributes).toEqual(attributes({ user: "ann", visits: 3 }));
    expect(await store.load(freshKey())).toBeUndefined();
  });

  it("keeps both fields when two requests write at once, 200 of 200 times", async () => {
    const store = make(LONG);
    const trials = Array.from({ length: 200 }, async () => {
      const key = freshKey();
      const createdAt = (await store.create(key, attributes({}))) as number;
      await Promise.all(
        ["a", "b"].map((name) => store.update(key, { createdAt }, { set: attributes({ [name]: 1 }), remove: [] })),
      );
      return (await store.load(key))?.attributes.size;
    });
    expect((await Promise.all(trials)).filter((size) => size === 2)).toHaveLength(200);
  });

  it("counts every one of 200 parallel increments", async () => {
    const store = make(LONG);
    const key = freshKey();
    const createdAt = (await store.create(key, attributes({ visits: 0 }))) as number;
    await Promise.all(Array.from({ length: 200 }, () => store.increment(key, { createdAt }, "visits", 1, ANY)));
    expect((await store.load(key))?.attributes.get("visits")).toBe("200");
  });

  it("removes what a request removed and leaves the rest", async () => {
    const store = make(LONG);
    const key = freshKey();
    const createdAt = (await store.create(key, attributes({ a: 1, b: 2, c: 3 }))) as number;
    await store.update(key, { createdAt }, { set: attributes({ a: 9 }), remove: ["b"] });
    expect((await store.load(key))?.attributes).toEqual(attributes({ a: 9, c: 3 }));
  });

  describe("never brings back a session that", () => {
    const write = async (store: Store, key: string, createdAt: number) => ({
      updated: await store.update(key, { createdAt }, { set: attributes({ late: true }), remove: [] }),
      counted: await store.increment(key, { createdAt }, "visits", 1, ANY),
      left: await store.peek(key),
    });
    const nothing = { updated: false, counted: undefined, left: undefined };

    it("was destroyed", async () => {
      const store = make(LONG);
      const key = freshKey();
      const createdAt = (await store.create(key, attributes({ visits: 1 }))) as number;
      expect(await store.destroy([key])).toBe(1);
      expect(await write(store, key, createdAt)).toEqual(nothing);
    });

    it("was taken for a new id", async () => {
      const store = make(LONG);
      const key = freshKey();
      const createdAt = (await store.create(key, attributes({ visits: 1 }))) as number;
      expect((await store.take(key))?.attributes).toEqual(attributes({ visits: 1 }));
      expect(await store.take(key)).toBeUndefined();
      expect(await write(store, key, createdAt)).toEqual(nothing);
    });

    it("has gone idle", async () => {
      const store = make({ idleSeconds: 0.05, maxAgeSeconds: 600 });
      const key = freshKey();
      const createdAt = (await store.create(key, attributes({ visits: 1 }))) as number;
      await until(async () => (await store.peek(key)) === undefined, "the idle limit");
      expect(await write(store, key, createdAt)).toEqual(nothing);
    });

    it("another one has taken the place of", async () => {
      const store = make(LONG);
      const key = freshKey();
      const first = (await store.create(key, attributes({ visits: 1 }))) as number;
      await store.destroy([key]);
      await until(() => Date.now() > first + 1, "the next millisecond");
      await store.create(key, attributes({ visits: 7 }));
      expect(await store.update(key, { createdAt: first }, { set: attributes({ late: true }), remove: [] })).toBe(
        false,
      );
      expect((await store.load(key))?.attributes).toEqual(attributes({ visits: 7 }));
    });
  });

  it("keeps a session alive by reads alone, for three idle limits", async () => {
    const store = make({ idleSeconds: 0.2, maxAgeSeconds: 600 });
    const begin = async () => {
      const key = freshKey();
      const now = Date.now();
      await store.create(key, attributes({}));
      return { key, readAt: now, end: now + 3 * 200 };
    };
    let read = await begin();
    const ended = await until(async () => {
      const now = Date.now();
      if ((await store.load(read.key)) !== undefined) {
        read.readAt = now;
        return now > read.end && "alive";
      }
      // A tenth of the limit may pass between a read and its mark. Held up for longer than the rest, we start again.
      if (Date.now() - read.readAt < 0.9 * 200) return "logged out";
      read = await begin();
      return false;
    }, "three idle limits");
    expect(ended).toBe("alive");
  });

  it("marks a session as seen at most once in a tenth of the idle limit", async () => {
    const store = make({ idleSeconds: 2, maxAgeSeconds: 600 });
    const key = freshKey();
    await store.create(key, attributes({}));
    const loads = await Promise.all(Array.from({ length: 20 }, () => store.load(key)));
    expect(loads.filter((session) => session?.touched)).toHaveLength(0);
    await until(async () => (await store.load(key))?.touched === true, "the first touch");
    const { createdAt, lastSeenAt } = (await store.peek(key)) as PeekedSession;
    expect(lastSeenAt - createdAt).toBeGreaterThanOrEqual(200);
    expect((await store.load(key))?.touched).toBe(false);
  });

  it.each(["update", "increment"] as const)("marks on %s at most once in a tenth of the idle limit", async (write) => {
    const store = make({ idleSeconds: 2, maxAgeSeconds: 600 });
    const key = freshKey();
    await store.create(key, attributes({ n: 0 }));
    const loaded = (await store.load(key)) as LoadedSession;
    const act = async () => {
      if (write === "increment") await store.increment(key, loaded, "n", 1, ANY);
      else await store.update(key, loaded, { set: attributes({ n: 1 }), remove: [] });
      return (await store.peek(key))?.lastSeenAt as number;
    };
    expect(await act()).toBe(loaded.lastSeenAt);
    const marked = await until(async () => {
      const seen = await act();
      return seen !== loaded.lastSeenAt && seen;
    }, "the first mark");
    expect(marked - loaded.lastSeenAt).toBeGreaterThanOrEqual(200);
    expect((await store.peek(key))?.ttlMs).toBeGreaterThan(1500);
  });

  counterContract(make);
  termsContract(make);
  adoptionContract(make);

  describe("a session that a login has taken", () => {
    it("is handed to another login of that user, as it was, and is no session to anything else", async () => {
      const store = make(LONG);
      const key = freshKey();
      const createdAt = (await store.create(key, attributes({ colour: "red" }))) as number;
      expect(await store.take(key, "ann")).toMatchObject({ createdAt, attributes: attributes({ colour: "red" }) });
      expect([await store.load(key), await store.peek(key)]).toEqual([undefined, undefined]);
      expect(await store.update(key, { createdAt }, { set: attributes({ late: true }), remove: [] })).toBe(false);
      expect(await store.increment(key, { createdAt }, "visits", 1, ANY)).toBeUndefined();
      expect(await store.take(key, "mallory")).toBeUndefined();
      expect(await store.take(key, "ann")).toEqual({ attributes: attributes({ colour: "red" }) });
      expect(await store.take(key, "ann")).toEqual({ attributes: attributes({ colour: "red" }) });
      expect(await store.take(key)).toBeUndefined();
    });

    it("is kept no longer than it would have lived", async () => {
      const store = make({ idleSeconds: 0.05, maxAgeSeconds: 600 });
      const key = freshKey();
      await store.create(key, attributes({ colour: "red" }));
      await store.take(key, "ann");
      await until(async () => (await store.take(key, "ann")) === undefined, "its end");
    });

    it("is kept no longer than to a take without a user", async () => {
      const store = make(LONG);
      const key = freshKey();
      await store.create(key, attributes({ colour: "red" }));
      await store.take(key, "ann");
      await store.take(key);
      expect(await store.take(key, "ann")).toBeUndefined();
    });

    it("is not kept after a logout", async () => {
      const store = make(LONG);
      const key = freshKey();
      await store.create(key, attributes({ colour: "red" }));
      await store.take(key);
      expect(await store.take(key, "ann")).toBeUndefined();
    });
  });

  it.each([
    ["idleSeconds", Number.NaN],
    ["idleSeconds", undefined],
    ["idleSeconds", 0],
    ["idleSeconds", -1],
    ["idleSeconds", Number.POSITIVE_INFINITY],
    ["idleSeconds", "1800"],
    ["maxAgeSeconds", Number.NaN],
    ["maxAgeSeconds", undefined],
    ["maxAgeSeconds", 0],
    ["maxAgeSeconds", Number.POSITIVE_INFINITY],
    ["maxAgeSeconds", 400 * 24 * 3600 + 1],
  ])("refuses %s of %p before anything is stored", (name, value) => {
    const wrong = { ...LONG, [name]: value } as typeof LONG;
    expect(() => make(wrong)).toThrow(`session store: ${name}: got ${value}, allowed: seconds, 0.001 to 34560000`);
  });

  it("tells what is left of a session and when it looked, by its own clock", async () => {
    const store = make(LONG);
    const key = freshKey();
    const createdAt = (await store.create(key, attributes({}))) as number;
    const before = Date.now();
    const { now, ttlMs } = (await store.peek(key)) as { now: number; ttlMs: number };
    const after = Date.now();
    // Known to the time an answer takes, in milliseconds rounded either way.
    expect(now).toBeGreaterThanOrEqual(before - (after - before) - 2);
    expect(now).toBeLessThanOrEqual(after + 2);
    expect(ttlMs).toBeLessThanOrEqual(LONG.idleSeconds * 1000);
    expect(ttlMs).toBeGreaterThanOrEqual(createdAt + LONG.idleSeconds * 1000 - after - 2);
  });

  it("ends a session at the absolute limit, used or not", async () => {
    // An idle limit as long: without the absolute one, each use would give the session another half second.
    const store = make({ idleSeconds: 0.5, maxAgeSeconds: 0.5 });
    const key = freshKey();
    const createdAt = (await store.create(key, attributes({ visits: 0 }))) as number;
    await until(async () => {
      await store.increment(key, { createdAt }, "visits", 1, ANY);
      return (await store.load(key)) === undefined;
    }, "the absolute limit");
    expect(await store.create(freshKey(), attributes({}), createdAt)).toBeUndefined();
  });

  it("continues a session's absolute limit under a new id", async () => {
    const store = make(LONG);
    const [before, after] = [freshKey(), freshKey()];
    const createdAt = (await store.create(before, attributes({ a: 1 }))) as number;
    expect(await store.create(after, attributes({ a: 1 }), createdAt - 590_000)).toBe(createdAt - 590_000);
    expect((await store.peek(after))?.ttlMs).toBeLessThanOrEqual(10_000);
  });

  it("lists a user's sessions oldest first and forgets what it is told to", async () => {
    const store = make(LONG);
    const user = freshKey();
    const now = Date.now();
    await store.enlist(user, "young", now);
    await store.enlist(user, "old", now - 5000);
    expect((await store.enlisted(user)).map(({ key }) => key)).toEqual(["old", "young"]);
    expect(await store.standing(user, "old", 10)).toEqual({ isEnlisted: true, surplus: 0, oldest: [] });
    await store.delist(user, ["old"]);
    expect((await store.enlisted(user)).map(({ key }) => key)).toEqual(["young"]);
    expect((await store.standing(user, "old", 10)).isEnlisted).toBe(false);
  });

  it.each([
    { count: 3, surplus: 0, oldest: 0 },
    { count: 4, surplus: 1, oldest: 4 },
    { count: 6, surplus: 3, oldest: 6 },
    { count: 7, surplus: 4, oldest: 4 },
    { count: 150, surplus: 147, oldest: 100 },
  ])("of $count sessions where 3 are allowed shows $oldest, oldest first", async ({ count, surplus, oldest }) => {
    const store = make(LONG);
    const user = freshKey();
    const now = Date.now() - 1000;
    const keys = Array.from({ length: count }, (_, i) => `s${i}`);
    await Promise.all(keys.map((key, i) => store.enlist(user, key, now + i)));
    const standing = await store.standing(user, "s0", 3);
    expect(standing).toMatchObject({ isEnlisted: true, surplus });
    expect(standing.oldest.map(({ key }) => key)).toEqual(keys.slice(0, oldest));
  });

  it("drops from a user's index what the absolute limit has ended", async () => {
    const store = make(LONG);
    const user = freshKey();
    const now = Date.now();
    await store.enlist(user, "over", now - 600_000);
    await store.enlist(user, "alive", now);
    expect((await store.enlisted(user)).map(({ key }) => key)).toEqual(["alive"]);
  });
}
