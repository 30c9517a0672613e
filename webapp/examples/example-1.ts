import Router from "@koa/router";
import type Koa from "koa";
import { readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import { type BaseDependencies, createBaseApp, readUsername } from "./base-app";
import { renderHome, renderLogin } from "./pages";

/**
 * Signed, so that a changed name is not believed: Koa sends a second cookie beside it, `username.sig`. Not readable for
 * scripts, not sent with forms of other sites. Everybody who can see the cookie can read the name in it.
 */
const COOKIE = { signed: true, httpOnly: true, sameSite: "lax" } as const;

/** Example 1: no Redis. The user name lives in a signed cookie, and the server remembers nothing. */
export function createExample1(dependencies: BaseDependencies): Koa {
  const app = createBaseApp(dependencies);
  const router = new Router();

  router.get("/", (ctx) => {
    // Without `signed` Koa would hand out whatever the browser sent.
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

  // A POST: a link, an image or a browser that fetches pages ahead logs nobody out.
  router.post("/logout", (ctx) => {
    ctx.cookies.set("username", null, COOKIE);
    seeOther(ctx, "/");
  });

  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
