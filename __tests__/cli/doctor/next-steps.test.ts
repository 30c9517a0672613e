import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { findAnchors } from "../../programs/page";

const root = path.join(__dirname, "..", "..", "..");

/** Text of all files below a folder. */
function sources(folder: string): string {
  const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), "utf8")).join("\n");
}

describe("what the doctor and a failed deploy say to do next", () => {
  it("is a section that is there", () => {
    const named = [
      ...["cli/doctor", "cli/deploy", "cli/terraform"]
        .map(sources)
        .join("\n")
        .matchAll(/(?:operations\.md|RUNBOOK\})#([\w-]+)/g),
    ];
    const wanted = [...new Set(named.map(([, anchor]) => anchor))];
    expect(wanted.length).toBeGreaterThan(5);
    expect(findAnchors("docs/operations.md")).toEqual(expect.arrayContaining(wanted));
    expect(findAnchors("docs/security.md")).toContain("what-plain-http-cannot-do");
  });

  it("leads on to sections that are there", () => {
    const page = readFileSync(path.join(root, "docs", "operations.md"), "utf8");
    const links = [...page.matchAll(/\]\(([\w-]+\.md)?#([\w-]+)\)/g)];
    for (const [link, file = "operations.md", anchor] of links) {
      expect([link, findAnchors(path.join("docs", file))]).toEqual([link, expect.arrayContaining([anchor])]);
    }
  });
});
