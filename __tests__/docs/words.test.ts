import { complaints, findIn } from "./words/check";
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

  it("takes no more than the list has, and no less: the list gets shorter only", () => {
    const all = new Map([["page.md", findIn("page.md", "It is made anew.\n")]]);
    expect(complaints(all, { "page.md": 1 })).toEqual([]);
    expect(complaints(all, {})).toEqual([
      "page.md: got 1, takes 0",
      expect.stringContaining('page.md:1 "anew": take "again"'),
    ]);
    expect(complaints(all, { "page.md": 3 })).toEqual(["page.md: got 1, the list says 3: lower the number"]);
    expect(complaints(new Map(), { "gone.md": 1 })).toEqual(["gone.md: got 0, the list says 1: lower the number"]);
  });
});
