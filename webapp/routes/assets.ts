import type { Middleware } from "koa";
import { ICON } from "../views/icon";
import { STYLE } from "../views/style";

const BY_PATH: ReadonlyMap<string, { readonly type: string; readonly body: string }> = new Map([
  ["/style.css", { type: "css", body: STYLE }],
  ["/favicon.svg", { type: "svg", body: ICON }],
]);

/** Files of the pages; no session, no cookie. */
export function assetRoutes(): Middleware {
  return function assets(ctx, next) {
    const asset = BY_PATH.get(ctx.path);
    if (asset === undefined || (ctx.method !== "GET" && ctx.method !== "HEAD")) return next();
    ctx.type = asset.type;
    ctx.set("Cache-Control", "public, max-age=31536000, immutable");
    ctx.body = asset.body;
    return undefined;
  };
}
