import type Koa from "koa";
import koaSession, { createSession } from "koa-session";
import type { SessionCookie } from "./cookie";
import { DataGuard } from "./data-guard";
import { SessionDataError } from "./session-data-error";
import type { SessionData, SessionState } from "./session-state";

/*
 * The one file that knows koa-session. The library keeps the object in `ctx.session` and calls back when a session is
 * loaded, stored or given another id. Ids, cookie, lifetimes and storage are this layer's own:
 *
 * | step                        | calls by koa-session, in this order                                        |
 * |-----------------------------|----------------------------------------------------------------------------|
 * | `load`, before the handlers | `externalKey.get`; for an id, `get`; without a session, `genid`            |
 * | `commit`, after a change    | `set`; `externalKey.set`                                                   |
 * | `commit`, after `end`       | `destroy`; it expires the cookie                                           |
 * | `renewId`                   | `destroy`; it expires the cookie; `genid`; `set`; `externalKey.set`        |
 */

/** Names of the object in `ctx.session` itself: an attribute of such a name would overwrite it or vanish. */
export const RESERVED_NAMES: readonly string[] = [
  ...["isNew", "length", "populated", "maxAge", "externalKey", "toJSON", "save", "regenerate", "commit"],
  ...["manuallyCommit", "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "valueOf"],
  ...["toString", "toLocaleString"],
];

/** Fields of that object that are no attributes. */
const OWN_FIELDS: ReadonlySet<string> = new Set(["isNew", "_requireSave", "_expire"]);

/** That object, as far as this layer uses it: koa-session types `ctx.session` as any. */
interface KoaSession {
  readonly maxAge: number;
  readonly _requireSave: boolean;
  toJSON(): SessionData;
  save(): Promise<void>;
  regenerate(): Promise<void>;
  manuallyCommit(): Promise<void>;
}

const SESSION = Symbol("session");
/** The id of a session that another layer's visitor has just been given. */
const ADOPTED = Symbol("adopted");

/** koa-session's own `ctx.session`. */
type SessionAccessor = {
  get(this: Koa.Context): KoaSession & SessionData;
  set(this: Koa.Context, value: unknown): void;
};

/** `ctx.session` of one request, with its state. */
export class ContextSession<S extends SessionState> {
  readonly state: S;
  readonly #ctx: Koa.Context;
  readonly #accessor: SessionAccessor;
  readonly #guard: DataGuard;
  /** The object from before `end`: koa-session commits an end only through that object. */
  #last: (KoaSession & SessionData) | undefined;

  constructor(ctx: Koa.Context, state: S, accessor: SessionAccessor) {
    this.#ctx = ctx;
    this.#accessor = accessor;
    this.state = state;
    this.#guard = new DataGuard(
      () => this.#own,
      (attribute) => {
        this.state.assertOpen(attribute);
        if (this.ended) throw new SessionDataError(`session: ${attribute}: changed after logout`);
      },
    );
    ctx[SESSION] = this;
  }

  /** The session ends with this request: the visitor has logged out. */
  get ended(): boolean {
    return this.#accessor.get.call(this.#ctx) === null;
  }

  /**
   * The object that handlers read and assign to.
   *
   * @throws {SessionDataError} after `end`.
   */
  get data(): SessionData {
    if (this.ended) throw new SessionDataError("session: used after logout");
    return this.#guard.root as SessionData;
  }

  /** koa-session's own object. */
  get #own(): KoaSession & SessionData {
    return this.#accessor.get.call(this.#ctx) ?? (this.#last as KoaSession & SessionData);
  }

  /** The attributes that koa-session would store. */
  get attributes(): SessionData {
    return this.#own.toJSON();
  }

  /** All that handlers have assigned. A change that koa-session would drop or obey by itself has a reserved name. */
  get entries(): [name: string, value: unknown][] {
    const data = this.#own;
    const entries: [string, unknown][] = [];
    for (const name of Object.keys(data)) if (!OWN_FIELDS.has(name)) entries.push([name, data[name]]);
    if (typeof data.toJSON !== "function") entries.push(["__proto__", Object.getPrototypeOf(data)]);
    if (data._requireSave === true) entries.push(["maxAge", data.maxAge]);
    return entries;
  }

  /** Gives a session that was not loaded the defaults of the schema. */
  begin(): void {
    const own = this.#own;
    if (own.isNew === true) Object.assign(own, this.state.showDefaults());
  }

  /** Replaces all of the data. The id stays. */
  replace(data: SessionData): void {
    this.#accessor.set.call(this.#ctx, data);
  }

  /** Replaces all of the data by the new session's. A write to a value that was read before throws from here on. */
  show(data: SessionData): void {
    this.#guard.expire();
    this.replace(data);
  }

  /** Takes an assignment to `ctx.session`: all of the data, or null to end it. */
  assign(data: unknown): void {
    this.state.assertOpen();
    if (data === null) this.end();
    else this.#accessor.set.call(this.#ctx, this.#guard.takeAll(data));
  }

  /** Has `commit` end the session. */
  end(): void {
    this.state.assertOpen();
    this.#last = this.#own;
    this.#accessor.set.call(this.#ctx, null);
  }

  /** Ends the id and stores the data under the next one. */
  async renewId(): Promise<void> {
    await this.#own.regenerate();
  }

  /** Stores the data, or ends the session. */
  async commit(): Promise<void> {
    await (this.ended ? this.#own.manuallyCommit() : this.#own.save());
  }

  /** Freezes the objects that handlers assigned: the response is about to leave. The guard refuses all other writes, since `state` is sealed. */
  freeze(): void {
    this.#guard.freeze();
  }
}

/** The session of a request; undefined before `ContextSessions.load`. */
function findSession(ctx: Koa.Context): ContextSession<SessionState> | undefined {
  return ctx[SESSION];
}

/** Properties of {@link ContextSessions}. */
interface ContextSessionsOptions<S extends SessionState> {
  readonly cookie: SessionCookie;
  /** The longest a session lives, in seconds. */
  readonly maxAgeSeconds: number;
  /** Creates the state of one request. */
  readonly createState: () => S;
  /**
   * The id for a visitor of another session layer.
   *
   * @param ownId - the id in the cookie.
   * @default - there is no other layer
   */
  readonly adopt?: ((ctx: Koa.Context, ownId: string | undefined) => Promise<string | undefined>) | undefined;
  /** Ends the visitor's session in the other layer: they log in or out here. @default - there is no other layer */
  readonly leave?: ((ctx: Koa.Context) => Promise<void>) | undefined;
}

const INSTALLED = Symbol("session layer");

/** A Koa app with any state and context. */
interface KoaApp {
  readonly context: object;
}

/** `ctx.session` of one app's requests. */
export class ContextSessions<S extends SessionState> {
  readonly #cookie: SessionCookie;
  readonly #load: Koa.Middleware;
  readonly #adopt: ContextSessionsOptions<S>["adopt"];
  readonly #leave: ContextSessionsOptions<S>["leave"];

  /**
   * @throws {SessionDataError} when koa-session is older than 7, and when the app has a session layer: koa-session would silently give
   *   a second one the first one's options.
   */
  constructor(app: KoaApp, { cookie, maxAgeSeconds, createState, adopt, leave }: ContextSessionsOptions<S>) {
    // koa-session 6 exports one function. On its first request it fails with "reading '_sessCtx'", which names no cause.
    if (createSession === undefined) throw new SessionDataError("koa-session: got version 6 or older, allowed: 7");
    if (INSTALLED in app.context) throw new SessionDataError("session: this app has a session layer already");
    Object.defineProperty(app.context, INSTALLED, { value: true });
    this.#cookie = cookie;
    this.#adopt = adopt;
    this.#leave = leave;
    let accessor: SessionAccessor;
    this.#load = koaSession(app, {
      // koa-session itself expires the cookie of an id that ends.
      key: cookie.name,
      ...cookie.attributes,
      // `commit` is called here, where what the store holds is known: koa-session would hash the session twice a request.
      autoCommit: false,
      // Lifetimes are the store's. koa-session's clock is set past any of them, and what it writes of it is dropped.
      maxAge: maxAgeSeconds * 1000,
      genid: (ctx: Koa.Context) => (findSession(ctx) as ContextSession<SessionState>).state.nextId(),
      externalKey: {
        get: (ctx: Koa.Context) => ctx[ADOPTED] ?? cookie.read(ctx) ?? "",
        set: (ctx: Koa.Context, id: string) => {
          // A lost session's cookie is dead by itself, and may be a newer one's by now: another tab has logged in.
          const state = findSession(ctx)?.state;
          if (state?.lost !== true) cookie.write(ctx, id, state?.cookieExpires);
        },
      },
      ContextStore: class {
        readonly #ctx: Koa.Context;
        readonly #session: ContextSession<S>;

        constructor(ctx: Koa.Context) {
          this.#ctx = ctx;
          this.#session = new ContextSession(ctx, createState(), accessor);
        }

        get(id: string): Promise<SessionData | undefined> {
          return this.#session.state.load(id);
        }

        set(id: string, { _expire, _maxAge, _session, ...data }: SessionData): Promise<void> {
          return this.#session.state.save(id, data);
        }

        async destroy(id: string): Promise<void> {
          await (this.#session.ended ? this.#session.state.end(id) : this.#session.state.retire(id));
          await leave?.(this.#ctx);
        }
      },
    });
    accessor = guardContext(app);
  }

  /**
   * Loads the session that the request's cookie names, or begins an empty one.
   *
   * @throws {StoreError} when the store is away.
   */
  async load(ctx: Koa.Context): Promise<ContextSession<S>> {
    this.#cookie.prepare(ctx);
    const adopted = await this.#adopt?.(ctx, this.#cookie.read(ctx));
    if (adopted !== undefined) ctx[ADOPTED] = adopted;
    await this.#load(ctx, async () => {});
    const session = this.find(ctx) as ContextSession<S>;
    session.begin();
    if (adopted === undefined) return session;
    if (session.state.key !== undefined) this.#cookie.write(ctx, adopted, session.state.cookieExpires);
    // It has ended meanwhile, and the grace that this request has given to the earlier session must not outlive it.
    else await this.#leave?.(ctx);
    return session;
  }

  /** The session of a request; undefined before `load`. */
  find(ctx: Koa.Context): ContextSession<S> | undefined {
    return ctx[SESSION];
  }
}

/** Guards `ctx.session`. koa-session would accept a change after the response has left, and store it nowhere. */
function guardContext(app: KoaApp): SessionAccessor {
  const accessor = Object.getOwnPropertyDescriptor(app.context, "session") as PropertyDescriptor & SessionAccessor;
  Object.defineProperty(app.context, "session", {
    configurable: true,
    get(this: Koa.Context) {
      const session = findSession(this);
      if (session === undefined) return accessor.get.call(this);
      return session.ended ? null : session.data;
    },
    set(this: Koa.Context, value: unknown) {
      const session = findSession(this);
      if (session === undefined) accessor.set.call(this, value);
      else session.assign(value);
    },
  });
  return accessor;
}
