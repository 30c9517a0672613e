import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { deadLinks } from "./links";

const ROOT = path.join(__dirname, "..", "..");

/** Becomes the beginning of docs/benchmarks.md, where its links lead from. */
const TEMPLATE = "bench/how-to-read.md";

/** Every page of the repository, those that are not committed yet included. */
function pages(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"];
  const listed = execFileSync("git", args, { cwd: ROOT, encoding: "utf8" });
  return listed.split("\n").filter((name) => name !== "" && name !== TEMPLATE);
}

describe("the links of every page", () => {
  it("lead to a file, and to a heading in it", () => {
    expect(pages()).toContain("docs/operations.md");
    expect(deadLinks(ROOT, pages())).toEqual([]);
  });
});

describe("a dead link", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "links-"));
    writeFileSync(path.join(folder, "other.md"), "# Two words: `a.b`\n## Again\n## Again\n");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["no file", "[a](none.md)", "none.md"],
    ["a file outside", "[a](../links.md)", "../links.md"],
    ["no heading of another page", "[a](other.md#none)", "other.md#none"],
    ["no heading of the page itself", "[a](#none)", "#none"],
    ["an image that is not there", '<img src="none.png">', "none.png"],
  ])("is one to %s", (_, text, to) => {
    writeFileSync(path.join(folder, "page.md"), `# Page\n${text}\n`);
    expect(deadLinks(folder, ["page.md"])).toEqual([{ at: "page.md:2", to }]);
  });

  it.each([
    "[a](other.md)",
    "[a](other.md#two-words-ab)",
    "[a](other.md#again-1)",
    "[a](#page)",
    "[a](https://example.org/none.md)",
    "`[a](none.md)`",
    "```text\n[a](none.md)\n```",
  ])("is not %s", (text) => {
    writeFileSync(path.join(folder, "page.md"), `# Page\n${text}\n`);
    expect(deadLinks(folder, ["page.md"])).toEqual([]);
  });
});
