/**
 * Sessions for any Koa app, in Redis or in memory, on top of koa-session.
 *
 * Security model: the cookie carries 256 random bits and nothing else; the store knows a session by the hash of that,
 * so a dump of Redis holds no id that logs in. A session ends by logout, by its idle limit, by its absolute limit or from
 * another session, at the store, at once, and no slow request brings it back. A login always gives a new id.
 *
 * The caller must serve over https with `cookie.secure`, change state by POST only, call `login` after it
 * has authenticated the user, and `logout` to end.
 */
import type Koa from "koa";
import type * as z from "zod";
import { Adoption, type AdoptOptions } from "./adoption";
import { Attributes } from "./attributes";
import { ContextSessions } from "./context-session";
import { SessionCookie } from "./cookie";
import type { CookieOptions } from "./cookie-options";
import { type SessionEventListener, SessionNames } from "./events";
import type { Layer } from "./layer";
import { createMiddleware } from "./middleware";
import { RequestSession } from "./request-session";
import type { SessionAttributes } from "./session-context";
import { SessionDataError } from "./session-data-error";
import { newId } from "./session-id";
import type { Store } from "./store";
import { type OnLimit, UserSessions } from "./user-sessions";
import { VisitorSession } from "./visitor-session";

export type { AdoptedSession, AdoptOptions, EarlierLayer, EarlierSession } from "./adoption";
export { type BatchedClient, type BatchedCluster, batchWrites } from "./batch-writes";
export type { CookieOptions, SameSite } from "./cookie-options";
export type { SessionEvent, SessionEventListener, SessionEventName } from "./events";
export { fromKoaSession, type KoaSessionOptions, type KoaSessionStore } from "./from-koa-session";
export {
  type FromNodeRedisOptions,
  fromNodeRedis,
  type NodeRedisCall,
  type NodeRedisClient,
  type NodeRedisCommands,
} from "./from-node-redis";
export { MemoryStore } from "./memory-store";
export type { RedisClient, RedisClientOptions } from "./redis-client";
export { REDIS_OPTIONS } from "./redis-options";
export { RedisStore, type RedisStoreOptions } from "./redis-store";
export type { SessionAttributes, SessionContext } from "./session-context";
export { SessionDataError } from "./session-data-error";
export {
  type Lifetimes,
  type SessionRecord,
  type SessionTerms,
  type Store,
  StoreError,
  type StoreLifetimes,
} from "./store";
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
  /** The effect of a login beyond the limit. @default "end-oldest" */
  readonly onLimit?: OnLimit;
  /** Salt of the hashes events carry; the same in all processes of an app. @default - random, per process */
  readonly eventSalt?: string;
  /** Takes visitors over from another session layer, without a logout. @default - there was none */
  readonly adopt?: AdoptOptions<z.infer<T>>;
  /** Called with each event of a session's life. @default - no listener */
  readonly onEvent?: SessionEventListener;
}

/** The session layer of one Koa app. */
export interface Sessions<T extends z.ZodObject> {
  /** Loads the visitor's session before the handlers and commits it before the response leaves. */
  readonly middleware: Koa.Middleware;
  /**
   * The visitor's session in a handler behind `middleware`.
   *
   * @throws {SessionDataError} in a handler that runs before `middleware`.
   */
  of(ctx: Koa.Context): VisitorSession<SessionAttributes<T>>;
  /** Any user's sessions: for an administrator's page or command. */
  readonly users: UserSessions;
}

const DEFAULT_LIMIT = 10;

/**
 * The session layer for `app`, one per app.
 *
 * @typeParam T - the schema.
 * @typeParam StateT - the state of the app, from `Koa<StateT, ContextT>`.
 * @typeParam ContextT - the context of the app.
 * @throws {SessionDataError} when the schema names something that can't be an attribute, the limit is less than 1, the app
 *   has a session layer, or koa-session is older than 7.
 */
export function createSessions<T extends z.ZodObject, StateT = Koa.DefaultState, ContextT = Koa.DefaultContext>(
  app: Koa<StateT, ContextT>,
  options: SessionOptions<T>,
): Sessions<T> {
  const { store, limit = DEFAULT_LIMIT, onLimit = "end-oldest", onEvent: emit = () => {} } = options;
  if (!Number.isInteger(limit) || limit < 1) throw new SessionDataError(`session: limit ${limit}, allowed: 1 or more`);
  const names = new SessionNames(options.eventSalt ?? newId());
  const users = new UserSessions(store, names, emit);
  const cookie = new SessionCookie(options.cookie);
  const { persistent } = cookie;
  const layer: Layer = { store, attributes: new Attributes(options.schema), users, names, emit, limit, persistent };
  const adoption = options.adopt && new Adoption(options.adopt, layer, cookie.name);
  const sessions = new ContextSessions(app, {
    cookie,
    maxAgeSeconds: store.longest.maxAgeSeconds,
    createState: () => new RequestSession(layer),
    adopt: adoption && ((ctx, ownId) => adoption.adopt(ctx, ownId)),
    leave: adoption && ((ctx) => adoption.leave(ctx)),
  });
  const rules = { users, limit, onLimit, longest: store.longest };
  return {
    middleware: createMiddleware(sessions, emit),
    of(ctx) {
      const session = sessions.find(ctx);
      if (session === undefined) throw new SessionDataError("session: used before the session middleware");
      return new VisitorSession(session, rules);
    },
    users,
  };
}
