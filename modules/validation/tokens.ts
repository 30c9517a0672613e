import { Token } from "cdktf";

/** In messages, in place of a token: `${TfToken[TOKEN.1]}` and -8.1e+298 say nothing to a reader. */
export const KNOWN_LATER = "a value known only after deployment";

/** A token in a text; the second form is an element of a list, the third a key of a record. */
const TOKEN_TEXT = /[$#&]\{TfToken\[[^\]]*\]\}/g;

/** A text for people, tokens in words. */
export function describeTokens(text: string): string {
  return text.replaceAll(TOKEN_TEXT, KNOWN_LATER);
}

/** A value for people: a text as it is, everything else as JSON. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (Token.isUnresolved(value)) return KNOWN_LATER;
  const text = JSON.stringify(value, (_, inner: unknown) => (Token.isUnresolved(inner) ? KNOWN_LATER : inner));
  return text ?? String(value);
}

/** A number as a text. `String()` would write a token's own number, which cdktf does not find again. */
export function numberToText(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : String(value);
}
