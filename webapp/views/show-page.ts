import type { Context } from "koa";
import { languageOf, type Texts } from "../languages";

/** Answers with a page in the visitor's language, and says which that is. */
export function showPage(ctx: Context, render: (texts: Texts) => string): void {
  const texts = languageOf(ctx);
  ctx.type = "html";
  ctx.set("Content-Language", texts.tag);
  ctx.vary("Accept-Language");
  ctx.body = render(texts);
}
