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

type LoginForm = z.infer<typeof loginForm>;

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
    const isRepeated = parsed.success && session.user !== undefined && !(await forms.isTheirs(fields, session));
    if (isRepeated && session.user === parsed.data.username) return seeOther(ctx, "/");
    if (!isRepeated) await forms.assert(fields, session);
    const user = await authenticate(ctx.ip, parsed.data);
    // The app may know the user by another name than the one typed.
    if (isRepeated && user === session.user) return seeOther(ctx, "/");
    if (isRepeated) await forms.assert(fields, session);
    if (user === undefined) {
      ctx.status = 422;
      showForm(ctx, typed, (parsed.error?.issues[0]?.message as LoginProblem | undefined) ?? "notRight");
      return;
    }
    await session.login(user);
    seeOther(ctx, "/");
  });

  router.post("/logout", readForm(), logOut({ sessions, forms }, "/"));

  /** The user whose credentials these are; undefined for wrong ones, and for a form that is not filled in right. */
  async function authenticate(address: string, credentials: LoginForm | undefined): Promise<string | undefined> {
    if (credentials !== undefined && !authentication.canFail) {
      await throttle.admitSession(address);
      return authentication.authenticate(credentials);
    }
    const attempt = await throttle.admit(address, credentials?.username);
    if (credentials === undefined) return undefined;
    let user: string | undefined;
    try {
      user = await authentication.authenticate(credentials);
    } catch (error) {
      await attempt.release();
      throw error;
    }
    if (user !== undefined) await attempt.release();
    return user;
  }

  function showForm(ctx: Context, username: string, problem: LoginProblem | undefined): void {
    const { reference } = sessions.of(ctx);
    const { hasPassword } = authentication;
    const page = { username: username.slice(0, 64), problem, hasPassword, token: forms.issue(reference) };
    showPage(ctx, (texts) => renderLogin(texts, page));
  }
}
