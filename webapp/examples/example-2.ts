import { randomBytes } from "node:crypto";
import Router from "@koa/router";
import type Koa from "koa";
import { readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import { createBaseApp, type ExampleDependencies, readUsername } from "./base-app";
import { renderHome, renderLogin } from "./pages";

const COOKIE = { signed: true, httpOnly: true, sameSite: "lax" } as const;

/**
 * Example 2: the name stays in the cookie; Redis counts the visits in a hash. Nothing ever expires: who doesn't log out
 * leaves a key behind for good. Example 3 mends that.
 */
export function createExample2({ redis, prefix, ...base }: ExampleDependencies): Koa {
  const app = createBaseApp({ redis, ...base });
  const router = new Router();

  router.get("/", async (ctx) => {
    const username = ctx.cookies.get("username", { signed: true });
    const token = ctx.cookies.get("token", { signed: true });
    if (username === undefined || token === undefined) {
      ctx.body = renderHome();
      return;
    }
    // Redis makes the hash and the field when they are not there, and adds: two visits at once both count.
    const visits = await redis.hincrby(prefix + token, "visits", 1);
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
    // The hash is named by a random token, not by the user: a name may be anything, and two people may type the same.
    ctx.cookies.set("token", randomBytes(16).toString("hex"), COOKIE);
    seeOther(ctx, "/");
  });

  router.post("/logout", async (ctx) => {
    const token = ctx.cookies.get("token", { signed: true });
    // Redis first: when it is away the visitor is still logged in and can try again.
    if (token !== undefined) await redis.del(prefix + token);
    ctx.cookies.set("username", null, COOKIE);
    ctx.cookies.set("token", null, COOKIE);
    seeOther(ctx, "/");
  });

  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}
