import { randomUUID } from "node:crypto";
import type { Context, Middleware } from "koa";
import type { Logger } from "pino";
import { Refusal } from "./refusal";

/** One line a request. The path stands without its query; the id comes back as X-Request-Id. */
export function logRequests(log: Logger): Middleware {
  return function requestLog(ctx, next) {
    const requestId = randomUUID();
    const start = performance.now();
    const path = readablePath(ctx);
    ctx.set("X-Request-Id", requestId);
    ctx.res.on("close", () => {
      const ms = Math.round((performance.now() - start) * 1000) / 1000;
      const level = ctx.res.writableFinished ? "info" : "warn";
      log[level]({ requestId, method: ctx.method, path, status: ctx.res.statusCode, ms }, "request");
    });
    return next();
  };
}

/** Koa works the path out when it is asked for it, and throws at a target like `http://[`. */
function readablePath(ctx: Context): string | undefined {
  try {
    return ctx.path;
  } catch {
    return undefined;
  }
}

/** Answers 400 to an invalid request target, so that later middleware can read the path. */
export function requireReadableTarget(): Middleware {
  return function readableTarget(ctx, next) {
    if (readablePath(ctx) === undefined) {
      throw new Refusal(400, ({ refusals }) => refusals.unreadableAddress);
    }
    return next();
  };
}
