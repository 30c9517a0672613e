import { readFileSync } from "node:fs";
import path from "node:path";
import {
  ApiClass,
  ApiDeclaredItem,
  ApiDocumentedItem,
  type ApiEntryPoint,
  ApiInterface,
  type ApiItem,
  ApiItemKind,
  type HeritageType,
} from "@microsoft/api-extractor-model";
import { type DocComment, DocExcerpt, type DocNode } from "@microsoft/tsdoc";

/** An item's docstring. */
export function findDocs(item: ApiItem): DocComment | undefined {
  return item instanceof ApiDocumentedItem ? item.tsdocComment : undefined;
}

/** A part of a docstring as it was written, which is Markdown, in one line a paragraph. */
export function written(node: DocNode | undefined): string {
  if (node === undefined) return "";
  const text = (part: DocNode): string =>
    part instanceof DocExcerpt ? part.content.toString() : part.getChildNodes().map(text).join("");
  return text(node)
    .replace(/\{@link ([\w.]+)\}/g, "`$1`")
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) => (/^\s*[-|]/m.test(paragraph) ? paragraph : paragraph.replace(/\s*\n\s*/g, " ")))
    .join("\n\n");
}

/** Blocks of a docstring by their tag, as in `@default`. */
export function blocks(item: ApiItem, tag: string): string[] {
  const all = [...(findDocs(item)?.customBlocks ?? []), ...(findDocs(item)?.seeBlocks ?? [])];
  return all.filter(({ blockTag }) => blockTag.tagName === tag).map(({ content }) => written(content));
}

/** The classes and interfaces of this package that an item extends. */
export function findBases(item: ApiItem, api: ApiEntryPoint): ApiItem[] {
  const heritage: HeritageType[] = [];
  if (item instanceof ApiInterface) heritage.push(...item.extendsTypes);
  if (item instanceof ApiClass) heritage.push(...item.implementsTypes, ...(item.extendsType ? [item.extendsType] : []));
  return heritage.flatMap(({ excerpt }) => {
    const names = excerpt.spannedTokens.filter(({ kind }) => kind === "Reference").map(({ text }) => text);
    const direct = names.flatMap((name) => api.findMembersByName(name));
    return [...direct, ...direct.flatMap((base) => findBases(base, api))];
  });
}

/** Folder of `modules/` an item is declared in. */
export function findModule(item: ApiItem): string {
  const file = item instanceof ApiDeclaredItem ? (item.fileUrlPath ?? "") : "";
  return /\/modules\/([\w-]+)\//.exec(file)?.[1] ?? "";
}

/** A type that names the values of the constant of its own name has nothing to say beside it. */
export function isNameOfValues(item: ApiItem, api: ApiEntryPoint): boolean {
  const same = api.findMembersByName(item.displayName);
  return item.kind === ApiItemKind.TypeAlias && same.some(({ kind }) => kind === ApiItemKind.Variable);
}

/** Whether an item is a method of a class or an interface. */
export function isMethod({ kind }: ApiItem): boolean {
  return kind === ApiItemKind.Method || kind === ApiItemKind.MethodSignature;
}

/** Reads an item's declaration. A constant's has the docstring of each value, which the model leaves out. */
export function readDeclaration(item: ApiDeclaredItem): string {
  if (item.kind !== ApiItemKind.Variable) return item.excerpt.text;
  const file = readFileSync(path.join(__dirname, "..", "..", "..", item.fileUrlPath as string), "utf8");
  const start = file.indexOf(`export declare const ${item.displayName}:`);
  const end = /^};|;$/m.exec(file.slice(start).replace(/^( .*)$/gm, (line) => "_".repeat(line.length)));
  return file.slice(start, start + (end?.index ?? 0) + (end?.[0].length ?? 0));
}
