import { FormTokens } from "../../../webapp/forms/form-token";
import { keyRing } from "../security/served";

const HOUR = 3_600_000;

describe("a form's token", () => {
  let now: number;
  let tokens: FormTokens;
  beforeEach(async () => {
    now = Date.UTC(2030, 0, 1, 12, 0, 0);
    tokens = new FormTokens(await keyRing("k".repeat(36)), () => now);
  });

  it("is accepted from the visitor it was issued to alone", async () => {
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
});
