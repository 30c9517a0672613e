import type { Context } from "koa";
import { negotiateLanguage, type Texts } from "../languages";

/** Answers with a page in the visitor's language, and says which that is. */
export function showPage(ctx: Context, render: (texts: Texts) => string): void {
  const texts = negotiateLanguage(ctx);
  ctx.set({
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": texts.tag,
    Vary: "Accept-Language",
  });
  ctx.body = render(texts);
}
