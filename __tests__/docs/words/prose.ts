/** A line that people read, and where it is. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** The sentences of a file: those of a Markdown page, or the comments and texts of a program. */
export function extractProse(file: string, content: string): Line[] {
  const lines = content.split("\n").map((text, index) => ({ number: index + 1, text }));
  if (file.endsWith(".ja.md")) return joinParagraphs(ofMarkdown(lines));
  return file.endsWith(".md") ? ofMarkdown(lines) : ofProgram(lines, file.endsWith(".py"));
}

/** Without headings, blocks of code, and code in a line. */
function ofMarkdown(lines: readonly Line[]): Line[] {
  let isCode = false;
  return lines.flatMap(({ number, text }) => {
    const isFence = /^ *(?:```|~~~)/.test(text);
    if (isFence) isCode = !isCode;
    if (isFence || isCode || text.startsWith("#")) return [];
    return [{ number, text: text.replaceAll(/`[^`]*`/g, "code") }];
  });
}

/** One text for each paragraph or table. A title of a page elsewhere is a quotation. */
function joinParagraphs(lines: readonly Line[]): Line[] {
  const paragraphs: { number: number; text: string; end: number }[] = [];
  for (const line of lines) {
    const text = line.text.replaceAll(/\[[^\]]*\]\(https?:[^)]*\)/g, "[link]");
    const last = paragraphs.at(-1);
    if (last?.end === line.number - 1 && text !== "") {
      last.text += `\n${text}`;
      last.end = line.number;
    } else paragraphs.push({ number: line.number, text, end: text === "" ? 0 : line.number });
  }
  return paragraphs;
}

const COMMENT = /^\s*(?:\/\*\*?|\*\/?|\/\/)\s?(.*?)\s*(?:\*\/)?$/;
const BEHIND_CODE = /\s\/\/ (.*)$/;
const TEXT = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;
const PYTHON_COMMENT = /^\s*#\s?(.*)$/;

/** A comment of more lines has one line each, and so has a text. */
function ofProgram(lines: readonly Line[], isPython: boolean): Line[] {
  return lines.flatMap(({ number, text }) => {
    const comment = (isPython ? PYTHON_COMMENT : COMMENT).exec(text)?.[1];
    if (comment !== undefined) return [{ number, text: comment.replaceAll(/`[^`]*`/g, "code") }];
    const behind = isPython ? undefined : BEHIND_CODE.exec(text)?.[1];
    // One word is a key or a name, not a sentence. Japanese has no spaces between words.
    const texts = [...text.matchAll(TEXT)].map((found) => found[1] ?? found[2] ?? found[3] ?? "");
    const sentences = texts.filter((one) => /[ ぁ-んァ-ヶ一-龠]/.test(one));
    return [...sentences, ...(behind === undefined ? [] : [behind])].map((one) => ({ number, text: one }));
  });
}
