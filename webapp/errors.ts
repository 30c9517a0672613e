import type { Middleware } from "koa";
import type { Logger } from "pino";
import { renderError } from "./views/error";

/** Seconds after which a client may try again when the session store is away; it is back within two of them. */
const RETRY_AFTER_SECONDS = 2;

/** The one place that turns errors into answers: the status the error names, a page for people, nothing internal. */
export function answerErrors(log: Logger): Middleware {
  return async function errors(ctx, next) {
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) answer(404);
      // The router's 501 for a method nobody has is the visitor's mistake, not ours.
      if ((ctx.status === 405 || ctx.status === 501) && ctx.body == null) answer(405);
    } catch (error) {
      const { status, expose, message, headers } = described(error);
      if (status >= 500) log[status === 503 ? "warn" : "error"]({ err: error }, "request failed");
      ctx.set(headers);
      answer(status, expose ? message : undefined);
    }

    function answer(status: number, detail?: string): void {
      ctx.status = status;
      ctx.set("Cache-Control", "no-store");
      if (status === 503) ctx.set("Retry-After", String(RETRY_AFTER_SECONDS));
      ctx.type = "html";
      ctx.body = renderError(status, detail);
    }
  };
}

interface Described {
  readonly status: number;
  readonly expose: boolean;
  readonly message: string;
  /** What the error says belongs to its answer: Retry-After, the session's cookie. */
  readonly headers: Readonly<Record<string, string>>;
}

function described(error: unknown): Described {
  if (!(error instanceof Error)) return { status: 500, expose: false, message: "", headers: {} };
  const { status, expose, headers } = error as { status?: unknown; expose?: unknown; headers?: Record<string, string> };
  const known = typeof status === "number" && status >= 400 && status <= 599;
  const { message } = error;
  return { status: known ? status : 500, expose: known && expose === true, message, headers: headers ?? {} };
}
