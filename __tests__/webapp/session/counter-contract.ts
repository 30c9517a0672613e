import type { Counter } from "../../../webapp/session/store";
import { ANY, attributes, freshKey, LONG, type MakeStore } from "./stored";

/** The tests of counters that each store passes. */
export function counterContract(make: MakeStore): void {
  describe("counts within bounds, in one step", () => {
    const tries: Counter = { start: 0, min: 0, max: 3 };
    it("up to the greatest value, which parallel increments do not pass", async () => {
      const store = make(LONG);
      const key = freshKey();
      const createdAt = (await store.create(key, attributes({}))) as number;
      const count = (by = 1) => store.increment(key, { createdAt }, "tries", by, tries);
      const counted = await Promise.all(Array.from({ length: 50 }, () => count()));
      expect(counted.filter((value) => typeof value === "number").sort()).toEqual([1, 2, 3]);
      expect(counted.filter((value) => typeof value === "object")).toHaveLength(47);
      expect(await count(-4)).toEqual({ stored: "3" });
      expect(await count(-3)).toBe(0);
      expect((await store.load(key))?.attributes).toEqual(attributes({ tries: 0 }));
    });

    it("from the value to start with", async () => {
      const store = make(LONG);
      const key = freshKey();
      const createdAt = (await store.create(key, attributes({}))) as number;
      const counter = { start: 5, min: 0, max: 6 };
      expect(await store.increment(key, { createdAt }, "left", 2, counter)).toEqual({ stored: undefined });
      expect(await store.increment(key, { createdAt }, "left", -1, counter)).toBe(4);
      expect(await store.increment(key, { createdAt }, "left", -1, counter)).toBe(3);
    });

    it.each([
      ["9007199254740900", 1, 9007199254740901],
      ["9007199254740991", 1, { stored: "9007199254740991" }],
      ["9007199254740991", Number.MAX_SAFE_INTEGER, { stored: "9007199254740991" }],
      ["-9007199254740991", -1, { stored: "-9007199254740991" }],
      ["-9007199254740991", -Number.MAX_SAFE_INTEGER, { stored: "-9007199254740991" }],
      ["9223372036854775807", 1, { stored: "9223372036854775807" }],
    ])("keeps %s plus %s within the whole numbers that JavaScript holds exactly", async (json, by, expected) => {
      const store = make(LONG);
      const key = freshKey();
      const createdAt = (await store.create(key, new Map([["n", json]]))) as number;
      expect(await store.increment(key, { createdAt }, "n", by, ANY)).toEqual(expected);
      const after = typeof expected === "number" ? String(expected) : json;
      expect((await store.load(key))?.attributes).toEqual(new Map([["n", after]]));
    });

    it.each(['"three"', "1.5", "null", '"7"', "1e400", "[1]"])("leaves %s as it is stored", async (json) => {
      const store = make(LONG);
      const key = freshKey();
      const createdAt = (await store.create(key, new Map([["tries", json]]))) as number;
      expect(await store.increment(key, { createdAt }, "tries", 1, ANY)).toEqual({ stored: json });
      expect((await store.load(key))?.attributes).toEqual(new Map([["tries", json]]));
    });
  });
}
