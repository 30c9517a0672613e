import { randomBytes } from "node:crypto";
import Router from "@koa/router";
import type Koa from "koa";
import { readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import { createBaseApp, type ExampleDependencies, readUsername } from "./base-app";
import { renderHome, renderLogin } from "./pages";

const COOKIE = { signed: true, httpOnly: true, sameSite: "lax" } as const;

/**
 * Example 3: each visit gives the hash ten more seconds. After ten seconds without one Redis forgets it, and the count
 * starts again at 1; the login is in the cookie and stays.
 */
export function createExample3({ redis, prefix, ttlSeconds = 10, ...base }: ExampleDependencies): Koa {
  const app = createBaseApp({ redis, ...base });
  const router = new Router();

  router.get("/", async (ctx) => {
    const username = ctx.cookies.get("username", { signed: true });
    const token = ctx.cookies.get("token", { signed: true });
    if (username === undefined || token === undefined) {
      ctx.body = renderHome();
      return;
    }
    const key = prefix + token;
    // Both or none, and in this order: EXPIRE on a key that is not there yet does nothing, so that with EXPIRE first
    // the first visit would leave a key that never expires.
    const replies = await redis.multi().hincrby(key, "visits", 1).expire(key, ttlSeconds).exec();
    const visits = Number(replies?.[0]?.[1]);
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
    if (token !== undefined) await redis.del(prefix + token);
    ctx.cookies.set("username", null, COOKIE);
    ctx.cookies.set("token", null, COOKIE);
    seeOther(ctx, "/");
  });

  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
