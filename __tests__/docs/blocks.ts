import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

/** A fenced block of a page. */
export interface Block {
  /** The page, as in docs/redis.md. */
  readonly page: string;
  readonly line: number;
  /** First word behind the fence; empty when there is none. */
  readonly language: string;
  /** The words behind it. */
  readonly marks: readonly string[];
  readonly lines: readonly string[];
}

/** A command as a page shows it. */
export interface Command {
  readonly text: string;
  /** The output that the page shows. */
  readonly output: readonly string[];
}

/** Every page that tells people what to type. */
export function pages(): string[] {
  const docs = readdirSync(path.join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
  const own = docs.filter((name) => name.endsWith(".md") && !name.includes("node_modules"));
  const markdown = own.map((name) => path.posix.join("docs", name));
  return ["README.md", "README.ja.md", "CONTRIBUTING.md", ...markdown.sort()];
}

export function parseBlocks(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; block: Block & { lines: string[] } } | undefined;
  for (const [index, text] of readFileSync(path.join(ROOT, page), "utf8").split("\n").entries()) {
    const [, fence = "", info = ""] = /^ *(`{3,})(.*)$/.exec(text) ?? [];
    if (open !== undefined && fence.length >= open.fence.length && info === "") {
      blocks.push(open.block);
      open = undefined;
    } else if (open !== undefined) open.block.lines.push(text);
    else if (fence !== "") {
      const [language = "", ...marks] = info.trim().split(/\s+/);
      open = { fence, block: { page, line: index + 1, language, marks, lines: [] } };
    }
  }
  return blocks;
}

/** `sh` has a command on each line, `console` has them behind `$`, on more lines behind `>`, and their output below. */
export function parseCommands({ language, lines }: Block): Command[] {
  if (language === "sh") {
    const texts = lines.map((line) => line.replace(/(^|\s)#\s.*$/, "").trim());
    return texts.filter((text) => text !== "").map((text) => ({ text, output: [] }));
  }
  const commands: { text: string; output: string[] }[] = [];
  for (const line of language === "console" ? lines : []) {
    const last = commands.at(-1);
    if (line.startsWith("$ ")) commands.push({ text: line.slice(2), output: [] });
    else if (line.startsWith("> ") && last?.output.length === 0) last.text += `\n${line.slice(2)}`;
    else last?.output.push(line);
  }
  return commands;
}
