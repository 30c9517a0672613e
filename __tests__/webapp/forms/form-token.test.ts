import { FormTokens } from "../../../webapp/forms/form-token";
import { keyRing } from "../security/served";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("a form's token", () => {
  let now: number;
  let tokens: FormTokens;
  beforeEach(async () => {
    now = Date.UTC(2030, 0, 1, 12, 0, 0);
    tokens = new FormTokens(await keyRing("k".repeat(36)), () => now);
  });

  it("is the same on all pages of a visitor within a minute, and another one after it", () => {
    const first = tokens.issue("ann");
    now += MINUTE - 1;
    expect(tokens.issue("ann")).toBe(first);
    now += 1;
    expect(tokens.issue("ann")).not.toBe(first);
  });

  it("is accepted of the visitor it was issued to and of nobody else", async () => {
    const token = tokens.issue("ann");
    expect(await tokens.accepts(token, "ann")).toBe(true);
    expect(await tokens.accepts(token, "ben")).toBe(false);
    expect(await tokens.accepts(token, undefined)).toBe(false);
  });

  it("is accepted for half a day and not before its time", async () => {
    const token = tokens.issue("ann");
    now += 12 * HOUR;
    expect(await tokens.accepts(token, "ann")).toBe(true);
    now += 1;
    expect(await tokens.accepts(token, "ann")).toBe(false);
    now -= 13 * HOUR;
    expect(await tokens.accepts(token, "ann")).toBe(false);
  });

  it("of thousands of visitors is right for each of them", async () => {
    const issued = Array.from({ length: 2500 }, (_, i) => tokens.issue(`visitor ${i}`));
    expect(new Set(issued).size).toBe(issued.length);
    for (const i of [0, 999, 1000, 1001, 2499]) {
      expect(await tokens.accepts(issued[i], `visitor ${i}`)).toBe(true);
      expect(tokens.issue(`visitor ${i}`)).toBe(issued[i]);
    }
  });
});
