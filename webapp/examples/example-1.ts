import Router from "@koa/router";
import type Koa from "koa";
import { readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import { type BaseDependencies, createBaseApp, readUsername } from "./base-app";
import { renderHome, renderLogin } from "./pages";

/**
 * Signed, so that the app refuses a changed name: Koa sends a second cookie, `username.sig`. Scripts cannot read the cookie, and browsers
 * do not send it with forms of other sites. The name in it is not encrypted.
 */
const COOKIE = { signed: true, httpOnly: true, sameSite: "lax" } as const;

/** Example 1: no Redis. The user name is in a signed cookie, and the server stores nothing. */
export function createExample1(dependencies: BaseDependencies): Koa {
  const app = createBaseApp(dependencies);
  const router = new Router();

  router.get("/", (ctx) => {
    // Without `signed`, Koa would return the cookie without a check of its signature.
    const cookie = ctx.cookies.get("username", { signed: true });
    ctx.body = cookie === undefined ? renderHome() : renderHome({ username: decodeURIComponent(cookie) });
  });

  router.get("/login", (ctx) => {
    ctx.body = renderLogin();
  });

  router.post("/login", readForm(), (ctx) => {
    const form = readUsername(ctx.request.body);
    if ("problem" in form) {
      ctx.status = 422;
      ctx.body = renderLogin(form.problem);
      return;
    }
    // A cookie holds plain ASCII only.
    ctx.cookies.set("username", encodeURIComponent(form.username), COOKIE);
    seeOther(ctx, "/");
  });

  // A POST, so that links, images and browsers that fetch pages ahead do not log a visitor out.
  router.post("/logout", (ctx) => {
    ctx.cookies.set("username", null, COOKIE);
    seeOther(ctx, "/");
  });

  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
