import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { findAll, findIn } from "./words/check";
import { PATTERNS } from "./words/patterns";

/** For each pattern a sentence that has it, and a plain one with the same words. */
const EXAMPLES: readonly (readonly [pattern: string, has: string, plain: string])[] = [
  ["nobody, somebody, whoever, whatever", "A cache that nobody watches.", "A cache without an alarm."],
  [
    "What ... or Who ... as the subject of a statement",
    "What is unknown is read as it is written.",
    "An unknown argument is read as it is written. What does it cost?",
  ],
  [
    "stands",
    "The password stands in Secrets Manager.",
    "The password is in Secrets Manager. NAT stands for a gateway.",
  ],
  ["lies", "The state lies beside cdktf.json.", "The state is beside cdktf.json."],
  ["anew", "The name is resolved anew.", "The name is resolved again."],
  ["by name, for: explicitly", "Plain http by name.", "Plain http, said explicitly. Parameters by name."],
];

const namesIn = (file: string, text: string) => findIn(file, text).map(({ pattern }) => pattern.name);

describe("the check of words", () => {
  it.each(EXAMPLES)("finds %s", (pattern, has, plain) => {
    expect(namesIn("page.md", has)).toEqual([pattern]);
    expect(namesIn("page.md", plain)).toEqual([]);
  });

  it("has an example for each pattern", () => {
    expect(EXAMPLES.map(([name]) => name)).toEqual(PATTERNS.map(({ name }) => name));
  });

  it.each([
    ["page.md", "Text.\n```sh\necho anew\n```\n"],
    ["page.md", "`anew` and\n# anew\n"],
    ["one.ts", "const anew = somebody();\n"],
    ["one.ts", 'const key = "anew";\n'],
    ["one.py", "anew = 1\n"],
  ])("leaves code alone: %s %j", (file, text) => {
    expect(namesIn(file, text)).toEqual([]);
  });

  it.each([
    ["one.ts", "// It is made anew.\n"],
    ["one.ts", "/**\n * It is made anew.\n */\n"],
    ["one.ts", 'throw new Error("it is made anew");\n'],
    ["one.ts", "run(); // made anew\n"],
    ["one.py", "# It is made anew.\n"],
    ["one.py", 'raise ValueError("it is made anew")\n'],
  ])("reads comments and texts: %s %j", (file, text) => {
    expect(namesIn(file, text)).toEqual(["anew"]);
  });

  it("leaves the description of a security group alone, which AWS cannot change", () => {
    const description = "A function: nobody gets in, it gets out to what it needs";
    expect(namesIn("one.ts", `description: "${description}",\n`)).toEqual([]);
    expect(namesIn("one.ts", `description: "${description}, too",\n`)).toHaveLength(1);
  });

  it("reads the files of a repository, committed or not, and no deleted or generated ones", async () => {
    const root = await mkdtemp(path.join(tmpdir(), "words-"));
    const write = (file: string) => writeFile(path.join(root, file), "It is made anew.\n");
    await mkdir(path.join(root, "docs", "api"), { recursive: true });
    await Promise.all(["deleted.md", "committed.md", "docs/api/index.md", "image.svg"].map(write));
    for (const args of [
      ["init", "-q"],
      ["add", "."],
    ])
      execFileSync("git", args, { cwd: root });
    await rm(path.join(root, "deleted.md"));
    await write("new.md");
    expect(findAll(root).map(({ file, line, words }) => [file, line, words])).toEqual([
      ["committed.md", 1, "anew"],
      ["new.md", 1, "anew"],
    ]);
    await rm(root, { recursive: true });
  });
});
