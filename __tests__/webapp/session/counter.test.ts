import { z } from "zod";
import { Attributes } from "../../../webapp/session/attributes";

const MOST = Number.MAX_SAFE_INTEGER;

describe("a counter", () => {
  it.each([
    { type: z.number(), start: 0, min: -MOST, max: MOST },
    { type: z.number().int().optional(), start: 0, min: -MOST, max: MOST },
    { type: z.int32(), start: 0, min: -(2 ** 31), max: 2 ** 31 - 1 },
    { type: z.number().min(0).max(3).optional(), start: 0, min: 0, max: 3 },
    { type: z.number().gt(0).lt(3).nullable(), start: 0, min: 1, max: 2 },
    { type: z.number().gt(0.5).max(2.5), start: 0, min: 1, max: 2 },
    { type: z.number().nonnegative().default(5), start: 5, min: 0, max: MOST },
    { type: z.number().max(9).prefault(2).readonly(), start: 2, min: -MOST, max: 9 },
  ])("has its schema's bounds: $min to $max", ({ type, start, min, max }) => {
    expect(new Attributes(z.object({ n: type })).counter("n")).toEqual({ start, min, max });
  });

  it.each([
    { what: "text", type: z.string(), got: 'of the type "string"' },
    { what: "a check the store can't make", type: z.number().refine((n) => n !== 3), got: 'with the check "custom"' },
    { what: "steps", type: z.number().multipleOf(5), got: 'with the check "multiple_of"' },
    { what: "one of several", type: z.union([z.number(), z.string()]), got: 'of the type "union"' },
  ])("is refused for $what", ({ type, got }) => {
    const attributes = new Attributes(z.object({ n: type }));
    expect(() => attributes.counter("n")).toThrow(`session: increment of n: got a schema ${got}`);
  });

  it.each(["user", "createdAt", "save", "__proto__", "constructor", "other", "toString"])(
    "is refused for %s",
    (name) => {
      expect(() => new Attributes(z.object({ n: z.number() })).counter(name)).toThrow(/session/);
    },
  );
});
