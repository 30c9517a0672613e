import Koa from "koa";
import { z } from "zod";
import {
  type AdoptOptions,
  createSessions,
  fromKoaSession,
  type KoaSessionStore,
  type SessionEvent,
  type Store,
} from "../../../../webapp/session";
import { type Listening, listen } from "../../../programs/visitor";
import { requireOlder } from "../older";

/** koa-redis has no types of its own. */
export interface KoaRedis extends KoaSessionStore {
  readonly client: { disconnect(): void; keys(pattern: string): Promise<string[]> };
}
type CreateKoaRedis = (options: { host: string; port: number }) => KoaRedis;
type KoaSession = (options: object, app: Koa) => Koa.Middleware;

/** The store of the old app: koa-redis, as its own README creates it. */
export const createKoaRedis = (port: number): KoaRedis =>
  requireOlder<CreateKoaRedis>("koa-redis")({ host: "127.0.0.1", port });

/** The versions of koa-session that old apps have. */
export const KOA_SESSIONS = {
  "koa-session 6": () => requireOlder<KoaSession>("koa-session"),
  "koa-session 7": () => jest.requireActual<{ default: KoaSession }>("koa-session").default,
} as const;

const KEYS = ["a key of the old app"];
const HOUR_MS = 3_600_000;

/** The options that the old app gives to koa-session. */
const oldOptions = (store?: KoaRedis) => ({ maxAge: HOUR_MS, ...(store !== undefined && { store }) });

/** The app as it was, on koa-session. */
export function startOldApp(koaSession: KoaSession, store?: KoaRedis): Promise<Listening> {
  const app = new Koa();
  app.keys = KEYS;
  app.use(koaSession(oldOptions(store), app));
  app.use(async (ctx) => {
    const { session, path, query } = ctx;
    if (path === "/login") Object.assign(session, { user: query.user, cart: [] });
    if (path === "/add") session.cart = [...(session.cart ?? []), query.item];
    const { user, cart } = ctx.session;
    ctx.body = JSON.stringify({ user, cart });
  });
  return listen(app);
}

const schema = z.object({ cart: z.array(z.string()).optional() });
type Adopt = AdoptOptions<z.infer<typeof schema>>;

/** A running new app, and its events and errors. */
export interface NewApp extends Listening {
  readonly events: readonly SessionEvent[];
  readonly errors: readonly Error[];
  /** Living sessions of a user. */
  count(user: string): Promise<number>;
}

/** The same app on this layer, which adopts visitors of the old one. */
export async function startNewApp(store: Store, oldStore?: KoaRedis, adopt: Partial<Adopt> = {}): Promise<NewApp> {
  const app = new Koa();
  app.keys = KEYS;
  const [events, errors]: [SessionEvent[], Error[]] = [[], []];
  const map: Adopt["map"] = ({ user, cart }) => ({ user: user as string, attributes: { cart: cart as string[] } });
  const sessions = createSessions(app, {
    store,
    schema,
    cookie: { secure: false },
    adopt: { from: fromKoaSession(oldOptions(oldStore)), secret: "s".repeat(32), map, ...adopt },
    onEvent: (event) => events.push(event),
  });
  app.on("error", (error) => errors.push(error));
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    const session = sessions.of(ctx);
    if (ctx.path === "/login") await session.login(ctx.query.user as string);
    if (ctx.path === "/add") session.data.cart = [...(session.data.cart ?? []), ctx.query.item as string];
    const { user } = session;
    const { cart } = session.data;
    if (ctx.path === "/logout") session.logout();
    ctx.body = JSON.stringify({ user, cart });
  });
  const count = async (user: string) => (await sessions.users.list(user)).length;
  return { ...(await listen(app)), events, errors, count };
}
