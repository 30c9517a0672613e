import type { LoadedSession } from "../../../webapp/session/store";
import { until } from "../../harness/poll";
import { ANY, attributes, freshKey, LONG, type MakeStore } from "./stored";

/** The tests of sessions with lifetimes of their own, which each store passes. */
export function termsContract(make: MakeStore): void {
  describe("a session with lifetimes of its own", () => {
    const terms = { idleSeconds: 60, maxAgeSeconds: 600, persistent: true };

    it("outlives the store's limits, through reads, writes, counters and marks", async () => {
      const store = make({ idleSeconds: 0.05, maxAgeSeconds: 0.1, longest: LONG });
      const key = freshKey();
      const usual = freshKey();
      await store.create(usual, attributes({}));
      const createdAt = (await store.create(key, attributes({ n: 0 }), undefined, terms)) as number;
      await until(
        async () => (await store.peek(usual)) === undefined && Date.now() > createdAt + 100,
        "the store's limits",
      );
      const loaded = (await store.load(key)) as LoadedSession;
      expect(loaded).toMatchObject({ createdAt, ...terms });
      const due = { ...loaded, lastSeenAt: 0 };
      expect(await store.update(key, due, { set: attributes({ a: 1 }), remove: [] })).toBe(true);
      expect(await store.increment(key, due, "n", 1, ANY)).toBe(1);
      const peeked = await store.peek(key);
      expect(peeked).toMatchObject({ ...terms, attributes: attributes({ n: 1, a: 1 }) });
      expect(peeked?.ttlMs).toBeGreaterThan(50_000);
    });

    it("ends by its own absolute limit, used or not", async () => {
      const store = make(LONG);
      const key = freshKey();
      const limits = { idleSeconds: 0.5, maxAgeSeconds: 0.5 };
      const createdAt = (await store.create(key, attributes({ n: 0 }), undefined, limits)) as number;
      await until(async () => {
        await store.increment(key, { createdAt, ...limits }, "n", 1, ANY);
        return (await store.load(key)) === undefined;
      }, "the absolute limit");
      expect(Date.now()).toBeGreaterThanOrEqual(createdAt + 450);
      expect(await store.create(freshKey(), attributes({}), createdAt, limits)).toBeUndefined();
    });

    it("hands them to the session that continues it, and to no login that comes again", async () => {
      const store = make(LONG);
      const [renewed, left] = [freshKey(), freshKey()];
      await store.create(renewed, attributes({ a: 1 }), undefined, { ...terms, idleSeconds: 30 });
      expect(await store.take(renewed)).toMatchObject({ ...terms, idleSeconds: 30 });
      await store.create(left, attributes({ a: 1 }), undefined, { ...terms, maxAgeSeconds: 300 });
      await store.take(left, "ann");
      expect(await store.take(left, "ann")).toEqual({ attributes: attributes({ a: 1 }) });
    });

    it("stays in its user's index for the longest absolute limit", async () => {
      const store = make({ idleSeconds: 1, maxAgeSeconds: 1, longest: LONG });
      const user = freshKey();
      await store.enlist(user, "remembered", Date.now() - 590_000);
      await store.enlist(user, "over", Date.now() - 601_000);
      await store.enlist(user, "new");
      expect((await store.enlisted(user)).map(({ key }) => key)).toEqual(["remembered", "new"]);
    });
  });

  it.each([
    [{ idleSeconds: 59, maxAgeSeconds: 600 }, "longest.idleSeconds: got 59, allowed: seconds, 60 to 34560000"],
    [
      { idleSeconds: 60, maxAgeSeconds: Number.NaN },
      "longest.maxAgeSeconds: got NaN, allowed: seconds, 600 to 34560000",
    ],
  ])("refuses a longest lifetime that is none: %p", (longest, message) => {
    expect(() => make({ ...LONG, longest })).toThrow(`session store: ${message}`);
  });
}
