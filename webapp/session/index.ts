/**
 * Sessions for any Koa app, in Redis or in memory, on top of koa-session.
 *
 * Security model: the cookie carries 256 random bits and nothing else; the store knows a session by the hash of that,
 * so a dump of Redis logs nobody in. A session ends by logout, by its idle limit, by its absolute limit or from
 * another session, at the store, at once, and no slow request brings it back. A login always gives a new id.
 *
 * What the caller must do: serve over https with `cookie.secure`, change state by POST only, call `login` after it
 * has authenticated the user, and `logout` to end.
 */
import type Koa from "koa";
import koaSession from "koa-session";
import type * as z from "zod";
import { Attributes, type USER } from "./attributes";
import { type CookieOptions, SessionCookie } from "./cookie";
import { type SessionEventListener, SessionNames } from "./events";
import { type Layer, RequestSession, requestSessionOf } from "./request-session";
import { SessionDataError } from "./session-data-error";
import { newId } from "./session-id";
import { type Store, StoreError } from "./store";
import { type OnLimit, UserSessions } from "./user-sessions";
import { VisitorSession } from "./visitor-session";

export { batchWrites } from "./batch-writes";
export type { SessionEvent, SessionEventListener, SessionEventName } from "./events";
export { MemoryStore } from "./memory-store";
export { RedisStore, type RedisStoreOptions } from "./redis-store";
export { SessionDataError } from "./session-data-error";
export { type Lifetimes, type SessionRecord, type Store, StoreError } from "./store";
export { type OnLimit, SessionLimitError, type UserSession, type UserSessions } from "./user-sessions";
export type { VisitorSession } from "./visitor-session";

/** Properties of a session layer. */
export interface SessionOptions<T extends z.ZodObject> {
  /** Where sessions live; brings the idle and the absolute limit. */
  readonly store: Store;
  /** The attributes a session may hold. Anything else a handler assigns is an error. */
  readonly schema: T;
  /** The cookie that carries the id. */
  readonly cookie: CookieOptions;
  /** Sessions a user may have at a time (ASVS 5.0 7.1.2). @default 10 */
  readonly limit?: number;
  /** What happens at a login beyond the limit. @default "end-oldest" */
  readonly onLimit?: OnLimit;
  /** Salt of the hashes events carry; the same in all processes of an app. @default - random, per process */
  readonly eventSalt?: string;
  /** Told of each session's life cycle. @default - nobody is */
  readonly onEvent?: SessionEventListener;
}

/** The session layer of one Koa app. */
export interface Sessions<T extends z.ZodObject> {
  /** Loads the visitor's session before the handlers and commits it before the response leaves. */
  readonly middleware: Koa.Middleware;
  /**
   * The visitor's session in a handler behind `middleware`.
   *
   * @throws {SessionDataError} in a handler before it.
   */
  of(ctx: Koa.Context): VisitorSession<z.infer<T> & { readonly [USER]?: string }>;
  /** Any user's sessions: for an administrator's page or command. */
  readonly users: UserSessions;
}

/** koa-session's Session object, as far as committing goes. */
interface KoaSession {
  manuallyCommit(): Promise<void>;
  save(): Promise<void>;
}

const INSTALLED = Symbol("session layer");
const DEFAULT_LIMIT = 10;

/**
 * The session layer for `app`. One per app: koa-session would silently give a second one the first one's options.
 *
 * @throws {SessionDataError} when the schema names something that can't be an attribute, or the app has a layer.
 */
export function createSessions<T extends z.ZodObject>(app: Koa, options: SessionOptions<T>): Sessions<T> {
  if (INSTALLED in app.context) throw new SessionDataError("session: this app has a session layer already");
  Object.defineProperty(app.context, INSTALLED, { value: true });

  const { store, limit = DEFAULT_LIMIT, onLimit = "end-oldest", onEvent: emit = () => {} } = options;
  if (!Number.isInteger(limit) || limit < 1) throw new SessionDataError(`session: limit ${limit}, allowed: 1 or more`);
  const names = new SessionNames(options.eventSalt ?? newId());
  const users = new UserSessions(store, names, emit);
  const layer: Layer = { store, attributes: new Attributes(options.schema), users, names, emit, limit };
  const cookie = new SessionCookie(options.cookie);
  const rules = { users, limit, onLimit };
  return {
    middleware: middleware(app, layer, cookie),
    of(ctx) {
      const request = requestSessionOf(ctx);
      if (request === undefined) throw new SessionDataError("session: used before the session middleware");
      return new VisitorSession(ctx, request, rules);
    },
    users,
  };
}

function middleware(app: Koa, layer: Layer, cookie: SessionCookie): Koa.Middleware {
  const load = koaSession(app, {
    ...cookie.koaSessionOptions,
    // Committed here, where what the store holds is known: koa-session's own way hashes the session twice a request.
    autoCommit: false,
    // Lifetimes are the store's: koa-session's own clock is set past any of them and what it writes of it is dropped.
    maxAge: layer.store.lifetimes.maxAgeSeconds * 1000,
    genid: (ctx: Koa.Context) => (requestSessionOf(ctx) as RequestSession).nextId(),
    externalKey: {
      get: (ctx: Koa.Context) => cookie.read(ctx) ?? "",
      set: (ctx: Koa.Context, id: string) => {
        // A lost session's cookie is dead by itself, and may be a newer one's by now: another tab has logged in.
        if (requestSessionOf(ctx)?.lost !== true) cookie.write(ctx, id);
      },
    },
    ContextStore: class extends RequestSession {
      constructor(ctx: Koa.Context) {
        super(layer, ctx);
      }
    },
  });
  refuseLateAssignment(app);
  return async function session(ctx, next) {
    cookie.prepare(ctx);
    const handled: Handled = { done: false };
    try {
      await load(ctx, async () => {
        const loaded = ctx.session as KoaSession;
        try {
          await next();
        } catch (error) {
          handled.error = error;
        }
        handled.done = true;
        // After a logout `ctx.session` is null and the object that was loaded the only way to commit.
        if (ctx.session === null) await loaded.manuallyCommit();
        else if (isChanged(ctx, layer)) await ctx.session.save();
      });
    } catch (error) {
      const refusal = requestSessionOf(ctx)?.refusal;
      if (refusal !== undefined) throw refusal;
      if (!keepsItsAnswer(ctx, handled) || !(error instanceof StoreError)) throw error;
      layer.emit({ event: "commit failed", session: "", error });
    } finally {
      requestSessionOf(ctx)?.seal();
    }
    if ("error" in handled) throw withCookies(ctx, handled.error);
  };
}

/** koa-session takes `ctx.session = …` at any time and does nothing with it once the response is on its way. */
function refuseLateAssignment(app: Koa): void {
  const { set, ...session } = Object.getOwnPropertyDescriptor(app.context, "session") as PropertyDescriptor;
  Object.defineProperty(app.context, "session", {
    ...session,
    set(this: Koa.Context, value: unknown) {
      requestSessionOf(this)?.assertOpen();
      set?.call(this, value);
    },
  });
}

/**
 * Whether there is anything to commit.
 *
 * @throws {SessionDataError} for what koa-session would drop in silence; nothing of this request is stored instead.
 */
function isChanged(ctx: Koa.Context, { attributes }: Layer): boolean {
  const request = requestSessionOf(ctx) as RequestSession;
  try {
    attributes.check(ctx.session);
  } catch (error) {
    request.refuse(error as Error);
    throw error;
  }
  return request.differs(ctx.session);
}

interface Handled {
  done: boolean;
  error?: unknown;
}

/** A handler that answered with an error keeps its answer; any other answer would claim what was not stored. */
function keepsItsAnswer(ctx: Koa.Context, handled: Handled): boolean {
  return handled.done && ("error" in handled || ctx.status >= 400);
}

/** Koa's own error handler drops all headers but those an error carries: the cookie stays. */
function withCookies(ctx: Koa.Context, error: unknown): unknown {
  const cookies = ctx.response.headers["set-cookie"];
  if (cookies !== undefined && error instanceof Error) {
    const headers = (error as { headers?: Record<string, unknown> }).headers;
    Object.assign(error, { headers: { ...headers, "set-cookie": cookies } });
  }
  return error;
}
