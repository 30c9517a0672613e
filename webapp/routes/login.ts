import type Router from "@koa/router";
import type { Context } from "koa";
import * as z from "zod";
import { parseFields, readForm } from "../forms/read-form";
import { seeOther } from "../forms/see-other";
import type { Authentication } from "../login/authentication";
import type { LoginThrottle } from "../login/throttle";
import { type LoginProblem, renderLogin } from "../views/login";
import { showPage } from "../views/show-page";
import type { PageDependencies } from "../visitor";
import { logOut } from "./log-out";

/** No control characters and no line breaks; the joiners of Persian and of emoji families are part of letters. */
const PLAIN = /^(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|\u200c|\u200d)*$/u;
/** A character that leaves a mark: a joiner, a filler or the blank of Braille alone is no name. */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Z}\p{C}\u2800]/u;

/** Each rule names what its page says of it. */
const loginForm = z.object({
  username: z
    .string("noName" satisfies LoginProblem)
    .normalize("NFC")
    .trim()
    .min(1, "noName" satisfies LoginProblem)
    .max(64, "longName" satisfies LoginProblem)
    .regex(PLAIN, "notPlain" satisfies LoginProblem)
    .regex(VISIBLE, "noName" satisfies LoginProblem),
  password: z.string("notRight" satisfies LoginProblem).max(1024, "longPassword" satisfies LoginProblem),
});

/** The parts of the login pages. */
export interface LoginDependencies extends PageDependencies {
  readonly authentication: Authentication;
  readonly throttle: LoginThrottle;
}

/** `/login` and `/logout`. */
export function addLoginRoutes(router: Router, { sessions, forms, authentication, throttle }: LoginDependencies): void {
  router.get("/login", (ctx) => {
    showForm(ctx, "", undefined);
  });

  router.post("/login", readForm(), async (ctx) => {
    const session = sessions.of(ctx);
    const fields = parseFields(ctx.request.body);
    const { username = "", password = "" } = fields;
    const typed = typeof username === "string" ? username : "";
    const parsed = loginForm.safeParse({ username, password });
    // A form that is sent twice: its first request has logged this user in, and its token belongs to the session before the login.
    const isDone = parsed.success && session.user === parsed.data.username && !(await forms.isTheirs(fields, session));
    if (isDone) return seeOther(ctx, "/");
    await forms.assert(fields, session);
    const known = authentication.canFail && parsed.success ? parsed.data.username : undefined;
    await throttle.admit(ctx.ip, known);
    const user = parsed.success ? await authentication.authenticate(parsed.data) : undefined;
    if (user === undefined) {
      await throttle.refuse(ctx.ip, known);
      ctx.status = 422;
      showForm(ctx, typed, (parsed.error?.issues[0]?.message as LoginProblem | undefined) ?? "notRight");
      return;
    }
    await session.login(user);
    seeOther(ctx, "/");
  });

  router.post("/logout", readForm(), logOut({ sessions, forms }, "/"));

  function showForm(ctx: Context, username: string, problem: LoginProblem | undefined): void {
    const { reference } = sessions.of(ctx);
    const { hasPassword } = authentication;
    const page = { username: username.slice(0, 64), problem, hasPassword, token: forms.issue(reference) };
    showPage(ctx, (texts) => renderLogin(texts, page));
  }
}
