import { readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");
const read = (page: string) => readFileSync(path.join(ROOT, page), "utf8");

/** A stack's dollars a month in Tokyo with a small site's use, from the table of docs/cost.md. */
function readCost(stack: string): number {
  const [, table = ""] =
    new RegExp(`<!-- cost: ${stack} -->\\n(.*?)<!-- end -->`, "s").exec(read("docs/cost.md")) ?? [];
  const [, dollars] = /with a small site's use.*?\$([\d.]+)/.exec(table) ?? [];
  return Number(dollars);
}

describe.each(["README.md", "README.ja.md"])("%s", (page) => {
  const text = read(page);

  it("is shorter than 150 lines", () => {
    expect(text.split("\n").length).toBeLessThan(150);
  });

  it("says what npm ci installs, as docs/dependencies.md has measured it last", () => {
    const [, table = ""] = /## What npm ci installs(.*?)\n## /s.exec(`${read("docs/dependencies.md")}\n## `) ?? [];
    const [, packages, megabytes] = [...table.matchAll(/^\|.*\| (\d+) \| (\d+) MB \|$/gm)].at(-1) ?? [];
    expect(text).toMatch(new RegExp(`\`npm ci\`.* ${packages} .*\\b${megabytes} MB`));
  });

  it.each(["session-ec2", "session-ecs", "session-lambda"])("has the cost of %s from docs/cost.md", (stack) => {
    const row = text.split("\n").find((line) => new RegExp(`^\\| \\[?\`${stack}\``).test(line));
    expect(row).toContain(`| $${Math.round(readCost(stack))} |`);
  });
});
