import { randomUUID } from "node:crypto";
import type { Middleware } from "koa";
import pino, { type Logger } from "pino";

/** Structured log lines on standard output. No cookie, form field, query or address of a secret is ever in one. */
export function createLog(level: string): Logger {
  return pino({ level, timestamp: pino.stdTimeFunctions.isoTime, base: null });
}

/** One line a request. The path stands without its query; the id comes back as X-Request-Id. */
export function logRequests(log: Logger): Middleware {
  return async function requestLog(ctx, next) {
    const requestId = randomUUID();
    const start = process.hrtime.bigint();
    ctx.set("X-Request-Id", requestId);
    ctx.res.once("close", () => {
      const ms = Number(process.hrtime.bigint() - start) / 1e6;
      const level = ctx.res.writableFinished ? "info" : "warn";
      log[level]({ requestId, method: ctx.method, path: ctx.path, status: ctx.status, ms }, "request");
    });
    await next();
  };
}
