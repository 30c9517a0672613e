import { readFileSync } from "node:fs";
import path from "node:path";
import { asMarkdown } from "../../../cli/plan/markdown";
import { readPlan } from "../../../cli/plan/read-plan";
import { type Review, review } from "../../../cli/plan/review";

/** GitHub answers 422 to a longer comment: "Body is too long (maximum is 65536 characters)". */
const GITHUB_TAKES = 65_536;
const plan = readFileSync(path.join(__dirname, "plans", "edits.json"), "utf8");
const reviewed = review(readPlan(plan));

const withModules = (count: number): Review => ({
  ...reviewed,
  modules: Array.from({ length: count }, (_, i) =>
    reviewed.modules.map((one) => ({ ...one, name: `shop-${i}` })),
  ).flat(),
});

describe("a review as Markdown", () => {
  it("is whole where GitHub takes it", () => {
    expect(asMarkdown(reviewed)).toContain("<details>");
    expect(asMarkdown(reviewed)).not.toContain("left out");
  });

  it("leaves out the details of modules, and keeps what is risky, where it would be too long", () => {
    const text = asMarkdown(withModules(150));
    expect(text.length).toBeLessThan(GITHUB_TAKES);
    expect(text).toMatch(/\n\*\*Loses sessions\*\*\n/);
    expect(text).toContain("\n- shop-149: ");
    expect(text).not.toContain("<details>");
    expect(text).toContain("Details of modules are left out: ");
  });

  it("says how many lines are left out where even that is too long", () => {
    const text = asMarkdown(withModules(5000));
    expect(text.length).toBeLessThan(GITHUB_TAKES);
    expect(text).toMatch(/\n\*\*Loses sessions\*\*\n/);
    expect(text).toMatch(/\n\n\*\*\d+ more lines are left out\*\*: .*\n$/);
  });
});
