import pino from "pino";
import { readEnvironment } from "../../../environment";
import { createApp } from "../../../webapp/app";
import type { Authentication } from "../../../webapp/login/authentication";
import { type LoginLimits, LoginThrottle } from "../../../webapp/login/throttle";
import { KeyRing } from "../../../webapp/secrets/key-ring";
import { MemoryStore } from "../../../webapp/session";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const ORIGIN = "https://store.example";
/** The defaults of the app: what docs/security.md promises holds without a setting. */
export const DEFAULTS = readEnvironment({});

export interface Served {
  app: Listening;
  store: MemoryStore;
  lines: string[];
  clock: { now: number };
}

const running: Listening[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.stop()));
});

interface Options {
  scheme?: "http" | "https";
  keys?: KeyRing;
  limits?: LoginLimits;
  authentication?: Authentication;
  onLimit?: "end-oldest" | "refuse";
  limit?: number;
  trustProxy?: number;
  /** @default - an empty one */
  store?: MemoryStore;
}

export const keyRing = (...keys: [string, ...string[]]) => KeyRing.open({ kind: "keys", keys });
export const KEY = "k".repeat(32);

export async function serve(options: Options = {}): Promise<Served> {
  const {
    scheme = "https",
    limits = DEFAULTS.loginLimits,
    limit = DEFAULTS.session.limit,
    onLimit = DEFAULTS.session.onLimit,
    trustProxy = 0,
    authentication,
  } = options;
  const clock = { now: Date.now() };
  const store = options.store ?? new MemoryStore({ ...DEFAULTS.session, now: () => clock.now });
  const lines: string[] = [];
  const koa = createApp({
    environment: {
      publicScheme: scheme,
      publicOrigin: scheme === "https" ? ORIGIN : undefined,
      trustProxy,
      shownHost: "a-host",
      session: { ...DEFAULTS.session, limit, onLimit },
    },
    store,
    keys: options.keys ?? (await keyRing(KEY)),
    throttle: new LoginThrottle(undefined, DEFAULTS.session.prefix, limits),
    log: pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }),
    ...(authentication && { authentication }),
  });
  const app = await listen(koa);
  running.push(app);
  return { app, store, lines, clock };
}

/** A visitor whose browser says it is on the public origin. */
export class HttpsVisitor extends Visitor {
  override post(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    return super.post(path, fields, { origin: ORIGIN, "sec-fetch-site": "same-origin", ...headers });
  }
}
export const at = ({ app }: Served) => new HttpsVisitor(app.url);
export const isLoggedIn = async (visitor: Visitor) => (await visitor.get("/")).body.includes("Logged in as");
export const readId = (visitor: Visitor) => visitor.cookies.get("__Host-id") as string;
