import type { Middleware } from "koa";
import type { Logger } from "pino";
import type { Texts } from "./languages";
import { Refusal } from "./refusal";
import { SessionLimitError } from "./session";
import { renderError } from "./views/error";
import { showPage } from "./views/show-page";

/** Seconds after which a client may try again when the session store is away; it is back within two of them. */
const RETRY_AFTER_SECONDS = 2;

/** The one place that turns errors into answers: the status the error names, a page for people, nothing internal. */
export function answerErrors(log: Logger): Middleware {
  return async function errors(ctx, next) {
    try {
      await next();
      if (ctx.status === 404 && ctx.body == null) answer(404);
      // The router's 501 for an unknown method is the visitor's mistake, not the app's.
      if ((ctx.status === 405 || ctx.status === 501) && ctx.body == null) answer(405);
    } catch (error) {
      const { status, explain, headers } = describeError(error);
      if (status >= 500) log[status === 503 ? "warn" : "error"]({ err: error }, "request failed");
      ctx.set(headers);
      answer(status, explain);
    }

    function answer(status: number, explain?: Explanation): void {
      ctx.status = status;
      ctx.set("Cache-Control", "no-store");
      if (status === 503) ctx.set("Retry-After", String(RETRY_AFTER_SECONDS));
      showPage(ctx, (texts) => renderError(texts, status, explain?.(texts)));
    }
  };
}

type Explanation = (texts: Texts) => string;

interface ErrorDescription {
  readonly status: number;
  /** The explanation in place of the status' general text. */
  readonly explain: Explanation | undefined;
  /** The headers that the error adds to its answer: Retry-After, the session's cookie. */
  readonly headers: Readonly<Record<string, string>>;
}

function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { status: 500, explain: undefined, headers: {} };
  const { status, headers } = error as { status?: unknown; headers?: Record<string, string> };
  const known = typeof status === "number" && status >= 400 && status <= 599;
  return { status: known ? status : 500, explain: findExplanation(error), headers: headers ?? {} };
}

function findExplanation(error: Error): Explanation | undefined {
  if (error instanceof SessionLimitError) return ({ refusals }) => refusals.tooManySessions(error.limit);
  return error instanceof Refusal ? error.explain : undefined;
}
