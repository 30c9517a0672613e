import { randomBytes } from "node:crypto";
import Router from "@koa/router";
import type Koa from "koa";
import { readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import { createBaseApp, type ExampleDependencies, readUsername } from "./base-app";
import { renderHome, renderLogin } from "./pages";
import { SessionStore } from "./session-store";

const COOKIE = { signed: true, httpOnly: true, sameSite: "lax" } as const;

/** Example 4: example 3 on a class. The handlers say what they want, and Redis is known to `SessionStore` alone. */
export function createExample4({ redis, prefix, ttlSeconds = 10, ...base }: ExampleDependencies): Koa {
  const app = createBaseApp({ redis, ...base });
  const router = new Router();
  const openStore = (token: string) => new SessionStore(token, redis, ttlSeconds, prefix);

  router.get("/", async (ctx) => {
    const username = ctx.cookies.get("username", { signed: true });
    const token = ctx.cookies.get("token", { signed: true });
    if (username === undefined || token === undefined) {
      ctx.body = renderHome();
      return;
    }
    const visits = await openStore(token).incr("visits");
    ctx.body = renderHome({ username: decodeURIComponent(username), visits });
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
    ctx.cookies.set("username", encodeURIComponent(form.username), COOKIE);
    ctx.cookies.set("token", randomBytes(16).toString("hex"), COOKIE);
    seeOther(ctx, "/");
  });

  router.post("/logout", async (ctx) => {
    const token = ctx.cookies.get("token", { signed: true });
    if (token !== undefined) await openStore(token).end();
    ctx.cookies.set("username", null, COOKIE);
    ctx.cookies.set("token", null, COOKIE);
    seeOther(ctx, "/");
  });

  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
