import type { Context } from "koa";
import { ENGLISH, type Texts } from "./english";
import { JAPANESE } from "./japanese";

export { ENGLISH, type Texts } from "./english";

const LANGUAGES: ReadonlyMap<string, Texts> = new Map([ENGLISH, JAPANESE].map((texts) => [texts.tag, texts]));
const TAGS = [...LANGUAGES.keys()];

/** The language of a visitor, by what their browser asks for (RFC 9110 12.5.4); English when we have none of it. */
export function negotiateLanguage(ctx: Context): Texts {
  // Programs ask for none: nothing to weigh then.
  if (ctx.req.headers["accept-language"] === undefined) return ENGLISH;
  return LANGUAGES.get(ctx.acceptsLanguages(TAGS) || ENGLISH.tag) ?? ENGLISH;
}
