import { until } from "../../harness/poll";
import { attributes, freshKey, LONG, type MakeStore } from "./stored";

const KEPT_MS = 60_000;

/** The tests of visitors who move in from another session layer, which each store passes. */
export function adoptionContract(make: MakeStore): void {
  describe("a key that is adopted", () => {
    it("has one session, of the first of 20 at once", async () => {
      const store = make(LONG);
      const key = freshKey();
      const terms = { idleSeconds: 30, persistent: true };
      const one = (n: number) => store.adopt(key, attributes({ n }), terms, KEPT_MS);
      const created = (await Promise.all(Array.from({ length: 20 }, (_, n) => one(n)))).filter(Boolean);
      expect(created).toEqual([expect.any(Number)]);
      expect(await store.load(key)).toMatchObject({
        ...terms,
        createdAt: created[0],
        attributes: attributes({ n: 0 }),
      });
    });

    it("has no second one after the first has ended, by logout or by itself", async () => {
      const store = make({ idleSeconds: 0.05, maxAgeSeconds: 600 });
      const [left, idle] = [freshKey(), freshKey()];
      await store.adopt(left, attributes({}), {}, KEPT_MS);
      await store.take(left);
      await store.adopt(idle, attributes({}), {}, KEPT_MS);
      await until(async () => (await store.peek(idle)) === undefined, "the idle limit");
      for (const key of [left, idle]) expect(await store.adopt(key, attributes({}), {}, KEPT_MS)).toBeUndefined();
      expect([await store.load(left), await store.load(idle)]).toEqual([undefined, undefined]);
    });

    it("is remembered for as long as it is asked to be, and no longer", async () => {
      const store = make({ idleSeconds: 0.01, maxAgeSeconds: 600 });
      const key = freshKey();
      await store.adopt(key, attributes({}), {}, 50);
      const again = await until(() => store.adopt(key, attributes({}), {}, 50), "the end of the mark");
      expect(again).toEqual(expect.any(Number));
    });
  });
}
