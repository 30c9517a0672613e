import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Block, blocksOf, commandsOf, pages } from "./blocks";

const ROOT = path.join(__dirname, "..", "..");
/** What a fence may say; `text` is anything that is nothing else. */
const LANGUAGES = ["sh", "console", "text", "ts", "json", "yaml", "mermaid", "hcl"];
const BY = "by=";

const all = pages().flatMap(blocksOf);
const placeOf = ({ page, line }: Block) => `${page}:${line}`;

/** What a file that runs a command has in it: the script's name, or how the command begins. */
function traceOf(command: string): string {
  return /\bnpm (?:run )?(?:--\S+ )*([\w:]+)/.exec(command)?.[1] ?? command.split(" ").slice(0, 2).join(" ");
}

describe("every block of the docs", () => {
  it("says what it is: commands are sh or console, output is text", () => {
    expect(all.length).toBeGreaterThan(50);
    const wrong = all.filter(({ language }) => !LANGUAGES.includes(language));
    const fix = `takes one of ${LANGUAGES.join(", ")} behind the fence (CONTRIBUTING.md, "Commands in the docs")`;
    expect(wrong.map((block) => `${placeOf(block)}: got ${block.language || "nothing"}, ${fix}`)).toEqual([]);
  });

  it("has no mark that means nothing", () => {
    const known = (mark: string) => ["aws", "server"].includes(mark) || mark.startsWith(BY);
    const wrong = all.filter((block) => commandsOf(block).length > 0 && !block.marks.every(known));
    expect(wrong.map((block) => `${placeOf(block)}: ${block.marks.join(" ")}`)).toEqual([]);
  });

  it("has commands that __tests__/e2e/docs.test.ts runs, that need an AWS account, or that the file named runs", () => {
    const wrong: string[] = [];
    for (const block of all) {
      const files = block.marks
        .find((mark) => mark.startsWith(BY))
        ?.slice(BY.length)
        .split(",");
      if (files === undefined) continue;
      const missing = files.filter((file) => !existsSync(path.join(ROOT, file)));
      if (missing.length > 0) {
        wrong.push(`${placeOf(block)}: there is no ${missing.join(", ")}`);
        continue;
      }
      const text = files.map((file) => readFileSync(path.join(ROOT, file), "utf8")).join("\n");
      for (const command of commandsOf(block).flatMap(({ text }) => text.split(" && "))) {
        if (!text.includes(traceOf(command))) wrong.push(`${placeOf(block)}: ${command} is not in ${files.join(", ")}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("shows no AWS command as one that runs without an account", () => {
    const calls = /(^|[\s"(])(aws \w|terraform (apply|destroy|output)|npm run (deploy|destroy)\b)/;
    const unmarked = all.filter(({ marks }) => !marks.includes("aws") && !marks.some((mark) => mark.startsWith(BY)));
    const wrong = unmarked.filter((block) => commandsOf(block).some(({ text }) => calls.test(text)));
    expect(wrong.map(placeOf)).toEqual([]);
  });
});

describe("a page in Japanese", () => {
  const translated = pages().filter((page) => page.endsWith(".ja.md"));

  it.each(translated)("%s shows what its English one shows, block by block", (page) => {
    const shown = (name: string) => blocksOf(name).map(({ language, marks, lines }) => ({ language, marks, lines }));
    expect(shown(page)).toEqual(shown(page.replace(".ja.md", ".md")));
  });
});
