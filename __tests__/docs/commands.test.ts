import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { type Block, type Command, pages, parseBlocks, parseCommands } from "./blocks";

const ROOT = path.join(__dirname, "..", "..");
/** The languages of a fence; `text` is for all else. */
const LANGUAGES = ["sh", "console", "text", "ts", "json", "yaml", "mermaid", "hcl"];
const BY = "by=";

const all = pages().flatMap(parseBlocks);
const formatPlace = ({ page, line }: Block) => `${page}:${line}`;

/** The files behind `by=`, which run a block's commands. */
function listRunners({ marks }: Block): string[] {
  const mark = marks.find((one) => one.startsWith(BY));
  return mark === undefined ? [] : mark.slice(BY.length).split(",");
}

/** The text that shows that a file runs a command: the script's name, or the beginning of the command. */
function findTrace(command: string): string {
  return /\bnpm (?:run )?(?:--\S+ )*([\w:]+)/.exec(command)?.[1] ?? command.split(" ").slice(0, 2).join(" ");
}

describe("every block of the docs", () => {
  it("says what it is: commands are sh or console, output is text", () => {
    expect(all.length).toBeGreaterThan(50);
    const wrong = all.filter(({ language }) => !LANGUAGES.includes(language));
    const fix = `takes one of ${LANGUAGES.join(", ")} behind the fence (CONTRIBUTING.md, "Commands in the docs")`;
    expect(wrong.map((block) => `${formatPlace(block)}: got ${block.language || "nothing"}, ${fix}`)).toEqual([]);
  });

  it("has no mark that means nothing", () => {
    const known = (mark: string) => ["aws", "server"].includes(mark) || mark.startsWith(BY);
    const wrong = all.filter((block) => parseCommands(block).length > 0 && !block.marks.every(known));
    expect(wrong.map((block) => `${formatPlace(block)}: ${block.marks.join(" ")}`)).toEqual([]);
  });

  it("has commands that __tests__/e2e/docs.test.ts runs, that need an AWS account, or that the file named runs", () => {
    const wrong: string[] = [];
    for (const block of all) {
      const files = listRunners(block);
      if (files.length === 0) continue;
      const missing = files.filter((file) => !existsSync(path.join(ROOT, file)));
      if (missing.length > 0) {
        wrong.push(`${formatPlace(block)}: there is no ${missing.join(", ")}`);
        continue;
      }
      const text = files.map((file) => readFileSync(path.join(ROOT, file), "utf8")).join("\n");
      for (const command of parseCommands(block).flatMap(({ text }) => text.split(" && "))) {
        if (!text.includes(findTrace(command)))
          wrong.push(`${formatPlace(block)}: ${command} is not in ${files.join(", ")}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("prints what the page that runs the command prints", () => {
    const print = ({ text, output }: Command) => [text, ...output].join("\n").trim();
    const copies = all.flatMap((block) => {
      const runs = listRunners(block).filter((file) => file.endsWith(".md"));
      return block.language === "console" && runs.length > 0 ? [{ block, runs }] : [];
    });
    expect(copies.length).toBeGreaterThan(0);
    for (const { block, runs } of copies) {
      const shown = runs.flatMap(parseBlocks).flatMap(parseCommands).map(print);
      for (const command of parseCommands(block)) expect(shown).toContain(print(command));
    }
  });

  it("shows no AWS command as one that runs without an account", () => {
    const calls = /(^|[\s"(])(aws \w|terraform (apply|destroy|output)|npm run (deploy|destroy)\b)/;
    const unmarked = all.filter(({ marks }) => !marks.includes("aws") && !marks.some((mark) => mark.startsWith(BY)));
    const wrong = unmarked.filter((block) => parseCommands(block).some(({ text }) => calls.test(text)));
    expect(wrong.map(formatPlace)).toEqual([]);
  });
});

describe("a page in Japanese", () => {
  const translated = pages().filter((page) => page.endsWith(".ja.md"));

  it.each(translated)("%s shows what its English one shows, block by block", (page) => {
    const shown = (name: string) => parseBlocks(name).map(({ language, marks, lines }) => ({ language, marks, lines }));
    expect(shown(page)).toEqual(shown(page.replace(".ja.md", ".md")));
  });

  it.each(translated)("%s has the tables of its English one, row by row", (page) => {
    /** Each line of a table as its number of cells. */
    const tables = (name: string) =>
      readFileSync(path.join(ROOT, name), "utf8")
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .map((line) => line.split("|").length);
    expect(tables(page)).toEqual(tables(page.replace(".ja.md", ".md")));
  });
});
