import type { Context } from "koa";
import type { EarlierLayer, EarlierSession } from "./adoption";
import { SessionDataError } from "./session-data-error";

/** A store of koa-session, such as koa-redis. */
export interface KoaSessionStore {
  /** Reads a session. */
  get(id: string, maxAge: number | "session" | undefined, options: { ctx: Context; rolling: boolean }): unknown;
  /** Writes a session, which ends after `maxAge`. Milliseconds. */
  set(id: string, data: object, maxAge: number, options: { changed: boolean; ctx: Context; rolling: boolean }): unknown;
  /** Ends a session. */
  destroy(id: string, options: { ctx: Context }): unknown;
}

/** The options that the app has given to koa-session, as far as they decide what a cookie means. Others are ignored. */
export interface KoaSessionOptions {
  /** Name of the cookie. @default "koa.sess" */
  readonly key?: string;
  /** Whether the cookie is signed, with the app's `keys`. @default true */
  readonly signed?: boolean;
  /** Where its sessions are. @default - in the cookie itself */
  readonly store?: KoaSessionStore;
  /** The lifetime that koa-session hands to its store. Milliseconds. @default - undefined, as koa-session does */
  readonly maxAge?: number | "session";
  /** Reads the data in a cookie. @default - JSON as base64 */
  readonly decode?: (text: string) => unknown;
  /** Whether a session counts. @default - any does */
  readonly valid?: (ctx: Context, data: Record<string, unknown>) => unknown;
  /** Path of the cookie. @default "/" */
  readonly path?: string;
  /** Domain of the cookie. @default - this very host */
  readonly domain?: string;
  /** Refused: it stores sessions in a way that only it can read. @default - none */
  readonly ContextStore?: never;
  /** Refused: it keeps the id where only it finds it. @default - none */
  readonly externalKey?: never;
  /** An option that does not matter here. */
  readonly [other: string]: unknown;
}

/**
 * koa-session as the layer that visitors come from, with a store such as koa-redis or with its signed cookies. It needs the old app's
 * `app.keys`, and no koa-session.
 *
 * @param options - those that the old app has given to koa-session.
 * @throws {SessionDataError} for `ContextStore` and `externalKey`: write an `EarlierLayer` of your own for these.
 * @see https://github.com/koajs/session#options
 */
export function fromKoaSession(options: KoaSessionOptions = {}): EarlierLayer {
  for (const name of ["ContextStore", "externalKey"] as const) {
    if (options[name] !== undefined) {
      throw new SessionDataError(`session: fromKoaSession: ${name}: got one, allowed: an EarlierLayer of your own`);
    }
  }
  const { key = "koa.sess", signed = true, store, maxAge, decode = decodeCookie, valid, path = "/", domain } = options;

  function check(ctx: Context, found: unknown): EarlierSession | undefined {
    if (typeof found !== "object" || found === null) return undefined;
    const stored = found as Record<string, unknown>;
    const { _expire: expiresAt } = stored;
    const end = typeof expiresAt === "number" ? { expiresAt } : {};
    if (end.expiresAt !== undefined && end.expiresAt < Date.now()) return undefined;
    if (valid !== undefined && !valid(ctx, stored)) return undefined;
    // koa-session keeps its own fields behind a _ in the same object.
    return { data: Object.fromEntries(Object.entries(stored).filter(([name]) => !name.startsWith("_"))), ...end };
  }

  return {
    cookieName: key,
    identify: (ctx) => ctx.cookies.get(key, { signed }) || undefined,
    async read(ctx, id) {
      return check(ctx, store === undefined ? decode(id) : await store.get(id, maxAge, { ctx, rolling: false }));
    },
    async end(ctx, id, graceMs) {
      if (store === undefined) return;
      const found = graceMs > 0 ? await store.get(id, maxAge, { ctx, rolling: false }) : undefined;
      if (typeof found !== "object" || found === null) await store.destroy(id, { ctx });
      else await store.set(id, found, graceMs, { changed: false, ctx, rolling: false });
    },
    forget(ctx) {
      const where = { path, ...(domain !== undefined && { domain }) };
      ctx.cookies.set(key, null, { ...where, signed, overwrite: true });
    },
  };
}

/** The data in a signed cookie; undefined for a text that is none, as koa-session takes it. */
function decodeCookie(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  } catch {
    return undefined;
  }
}
