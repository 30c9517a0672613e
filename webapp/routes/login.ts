import Router from "@koa/router";
import type { Context, Middleware } from "koa";
import * as z from "zod";
import { fieldsOf, readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import type { Authentication } from "../login/authentication";
import type { LoginThrottle } from "../login/throttle";
import { renderLogin } from "../views/login";
import type { PageDependencies } from "../visitor";

const loginForm = z.object({
  /** What people type: no control characters; the joiners of Persian and of emoji families are letters' business. */
  username: z
    .string()
    .normalize("NFC")
    .trim()
    .min(1, "Please enter a name.")
    .max(64, "Please enter at most 64 characters.")
    .regex(/^(?:[^\p{Cc}\p{Cf}\p{Cs}]|\u200c|\u200d)*$/u, "Please enter letters, digits or punctuation only."),
  password: z.string().max(1024, "Please enter at most 1024 characters."),
});

export interface LoginDependencies extends PageDependencies {
  readonly authentication: Authentication;
  readonly throttle: LoginThrottle;
}

/** `/login` and `/logout`. */
export function loginRoutes({ sessions, forms, authentication, throttle }: LoginDependencies): Middleware {
  const router = new Router();

  router.get("/login", (ctx) => {
    showForm(ctx, "", undefined);
  });

  router.post("/login", readForm(), async (ctx) => {
    const fields = fieldsOf(ctx.request.body);
    await forms.assert(ctx, fields, sessions.of(ctx).reference);
    const { username = "", password = "" } = fields;
    const typed = typeof username === "string" ? username : "";
    const parsed = loginForm.safeParse({ username, password });
    const known = authentication.canFail && parsed.success ? parsed.data.username : undefined;
    await throttle.admit(ctx.ip, known);
    const user = parsed.success ? await authentication.authenticate(parsed.data) : undefined;
    if (user === undefined) {
      await throttle.refuse(ctx.ip, known);
      ctx.status = 422;
      // The same words for an unknown name and a wrong password.
      showForm(ctx, typed, parsed.error?.issues[0]?.message ?? "Name or password is not right.");
      return;
    }
    await sessions.of(ctx).login(user);
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
    const { reference } = sessions.of(ctx);
    const { hasPassword } = authentication;
    ctx.type = "html";
    ctx.body = renderLogin({ username: username.slice(0, 64), problem, hasPassword, token: forms.issue(reference) });
  }

  return async function login(ctx, next) {
    await router.routes()(ctx as never, () => router.allowedMethods()(ctx as never, next));
  };
}
