import type { Context } from "koa";

/** 303: the browser follows with GET, so that reloading the next page sends no form again. */
export function seeOther(ctx: Context, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
  ctx.body = "";
}
