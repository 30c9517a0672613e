/** A line that people read, and where it is. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** The sentences of a file: those of a Markdown page, or the comments and texts of a program. */
export function extractProse(file: string, content: string): Line[] {
  const lines = content.split("\n").map((text, index) => ({ number: index + 1, text }));
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
    // One word is a key or a name, not a sentence.
    const texts = [...text.matchAll(TEXT)].map((found) => found[1] ?? found[2] ?? found[3] ?? "");
    const sentences = texts.filter((one) => one.includes(" "));
    return [...sentences, ...(behind === undefined ? [] : [behind])].map((one) => ({ number, text: one }));
  });
}
