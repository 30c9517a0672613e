import Router from "@koa/router";
import type { Context, Middleware } from "koa";
import { z } from "zod";
import { fieldsOf, readForm } from "../forms/read-form";
import { renderLogin } from "../views/login";
import type { PageDependencies } from "../visitor";

/** A name as the demo login takes it: what people type, no control characters. */
const loginForm = z.object({
  username: z
    .string()
    .trim()
    .min(1, "Please enter a name.")
    .max(64, "Please enter at most 64 characters.")
    .regex(/^[^\p{Cc}\p{Cf}\p{Cs}]*$/u, "Please enter letters, digits or punctuation only."),
});

/** `/login` and `/logout`. The demo login takes any name, asks for no password, and the page says so. */
export function loginRoutes({ sessions, forms }: PageDependencies): Middleware {
  const router = new Router();

  router.get("/login", (ctx) => {
    showForm(ctx, "", undefined);
  });

  router.post("/login", readForm(), async (ctx) => {
    const fields = fieldsOf(ctx.request.body);
    await forms.assert(ctx, fields, sessions.of(ctx).reference);
    const parsed = loginForm.safeParse({ username: fields.username ?? "" });
    if (!parsed.success) {
      ctx.status = 422;
      showForm(ctx, typeof fields.username === "string" ? fields.username : "", parsed.error.issues[0]?.message);
      return;
    }
    await sessions.of(ctx).login(parsed.data.username);
    seeOther(ctx, "/");
  });

  router.post("/logout", readForm(), async (ctx) => {
    const session = sessions.of(ctx);
    await forms.assert(ctx, fieldsOf(ctx.request.body), session.reference);
    session.logout();
    // "cookies" would clear the whole registrable domain: the session's own cookie expires with the session.
    ctx.set("Clear-Site-Data", '"cache", "storage"');
    seeOther(ctx, "/");
  });

  function showForm(ctx: Context, username: string, problem: string | undefined): void {
    ctx.type = "html";
    ctx.body = renderLogin({
      username: username.slice(0, 64),
      problem,
      token: forms.issue(sessions.of(ctx).reference),
    });
  }

  return async function login(ctx, next) {
    await router.routes()(ctx as never, () => router.allowedMethods()(ctx as never, next));
  };
}

/** 303: the browser follows with GET, so that reloading the next page sends no form again. */
function seeOther(ctx: Context, path: string): void {
  ctx.redirect(path);
  ctx.status = 303;
  ctx.body = "";
}
