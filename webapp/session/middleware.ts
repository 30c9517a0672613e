import type { Context, Middleware, Next } from "koa";
import type { ContextSession, ContextSessions } from "./context-session";
import type { SessionEventListener } from "./events";
import type { RequestSession } from "./request-session";
import { StoreError } from "./store";

/**
 * Loads the visitor's session, runs the handlers, and commits before the response leaves. `ContextSession` is the object
 * that the handlers change, `RequestSession` works out what of it is new, and the store writes that.
 */
export function createMiddleware(sessions: ContextSessions<RequestSession>, emit: SessionEventListener): Middleware {
  return async function session(ctx, next) {
    try {
      const session = await sessions.load(ctx);
      const outcome = await run(next);
      session.state.beginCommit();
      try {
        if (session.ended || session.state.isChanged(session.entries)) await session.commit();
      } catch (error) {
        const { refusal } = session.state;
        if (refusal !== undefined) throw refusal;
        if (!isErrorAnswer(ctx, outcome) || !(error instanceof StoreError)) throw error;
        emit({ event: "commit failed", session: "", error });
      }
      if ("error" in outcome) throw withCookies(ctx, outcome.error);
    } finally {
      seal(sessions.find(ctx));
    }
  };
}

/** The error that the handlers threw, if any. */
type Outcome = { readonly error?: unknown };

async function run(next: Next): Promise<Outcome> {
  try {
    await next();
    return {};
  } catch (error) {
    return { error };
  }
}

/** A handler that answered with an error keeps its answer; any other answer would claim what was not stored. */
function isErrorAnswer(ctx: Context, outcome: Outcome): boolean {
  return "error" in outcome || ctx.status >= 400;
}

/** Koa's own error handler drops all headers but those an error carries: the cookie stays. */
function withCookies(ctx: Context, error: unknown): unknown {
  const cookies = ctx.response.headers["set-cookie"];
  if (cookies !== undefined && error instanceof Error) {
    const headers = (error as { headers?: Record<string, unknown> }).headers;
    Object.assign(error, { headers: { ...headers, "set-cookie": cookies } });
  }
  return error;
}

/** The response is about to leave. A later change of the session is stored nowhere, so it throws. */
function seal(session: ContextSession<RequestSession> | undefined): void {
  session?.state.seal();
  session?.freeze();
}
