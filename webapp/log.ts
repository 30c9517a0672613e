import { randomUUID } from "node:crypto";
import type { Context, Middleware } from "koa";
import pino, { type Logger } from "pino";

/** Lines wait for so many bytes of company, and no longer than this: a write for each costs an eighth of a request. */
const BATCH_BYTES = 4096;
const BATCH_MS = 100;

/**
 * Structured log lines on standard output, within a tenth of a second, at an exit whatever its cause (but SIGKILL). No
 * cookie, form field, query or address of a secret is ever in one.
 *
 * @param atOnce - in no batch: for a process that is frozen after each answer, as Lambda's are. @default false
 */
export function createLog(level: string, atOnce = false): Logger {
  const batch = { sync: false, minLength: BATCH_BYTES, periodicFlush: BATCH_MS };
  const output = pino.destination({ dest: 1, ...(atOnce ? { sync: true } : batch) });
  const timestamp = pino.stdTimeFunctions.isoTime;
  return pino({ level, timestamp, base: null, serializers: { err: describeError } }, output);
}

/** Of an error only what is named here: Node's own carry the bytes of the request they could not parse, cookie included. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined ? {} : { cause: cause instanceof Error ? cause.message : String(cause) }),
  };
}

/** One line a request. The path stands without its query; the id comes back as X-Request-Id. */
export function logRequests(log: Logger): Middleware {
  return async function requestLog(ctx, next) {
    const requestId = randomUUID();
    const start = process.hrtime.bigint();
    const path = readablePath(ctx);
    ctx.set("X-Request-Id", requestId);
    ctx.res.once("close", () => {
      const ms = Number(process.hrtime.bigint() - start) / 1e6;
      const level = ctx.res.writableFinished ? "info" : "warn";
      log[level]({ requestId, method: ctx.method, path, status: ctx.res.statusCode, ms }, "request");
    });
    await next();
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

/** Answers 400 to a target that is none; whoever comes after may ask for the path. */
export function requireReadableTarget(): Middleware {
  return async function readableTarget(ctx, next) {
    if (readablePath(ctx) === undefined) ctx.throw(400, "The address could not be read.");
    await next();
  };
}
