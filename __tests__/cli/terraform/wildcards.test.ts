import { matchesPattern, patternsMeet } from "../../../cli/terraform/wildcards";

describe("a pattern takes all that another takes", () => {
  it.each<[pattern: string, other: string, takes: boolean]>([
    ["s3:*", "s3:Get*", true],
    ["s3:Get*", "s3:*", false],
    ["*Object", "s3:GetObject", true],
    ["s3:?etObject", "s3:GetObject", true],
    ["a?", "a*", false],
    ["a?", "a?", true],
    ["a*b*c", "axbxbxc", true],
    ["a", "", false],
    ["*", "", true],
  ])("%s and %s: %s", (pattern, other, takes) => {
    expect(matchesPattern(pattern, other)).toBe(takes);
  });

  it("in time that grows with the lengths alone, for any number of stars", () => {
    // A matcher that tries each way to share the text among the stars needs years for this one.
    expect(matchesPattern(`${"*a".repeat(40)}b`, "a".repeat(5000))).toBe(false);
    expect(patternsMeet(`${"*a".repeat(40)}b`, "a".repeat(5000))).toBe(false);
  });
});

describe("two patterns meet", () => {
  it.each<[one: string, other: string, meet: boolean]>([
    ["s3:*", "*:GetObject", true],
    ["iam:*", "s3:*", false],
    ["a*b", "a*c", false],
    ["a?c", "a*", true],
    ["", "*", true],
  ])("%s and %s: %s", (one, other, meet) => {
    expect(patternsMeet(one, other)).toBe(meet);
    expect(patternsMeet(other, one)).toBe(meet);
  });
});
