import { createHmac } from "node:crypto";
import type { Context } from "koa";
import { readUser, USER } from "./attributes";
import type { Layer } from "./layer";
import { checkTerms, pickTerms } from "./lifetimes";
import { SessionDataError } from "./session-data-error";
import { hashId } from "./session-id";
import { type SessionTerms, StoreError } from "./store";

/** A visitor's session in the layer that the app used before. */
export interface EarlierSession {
  /** Its data, as that layer's handlers saw it. */
  readonly data: Readonly<Record<string, unknown>>;
  /** When that layer ends it; milliseconds since 1970. @default - unknown */
  readonly expiresAt?: number;
}

/** The session layer that the app used before. */
export interface EarlierLayer {
  /** Name of its cookie. */
  readonly cookieName: string;
  /** The session that the request's cookie names, checked as that layer checks it; undefined without one. Asks no store. */
  identify(ctx: Context): string | undefined;
  /** Reads a session that `identify` has named; undefined when it has ended. */
  read(ctx: Context, id: string): Promise<EarlierSession | undefined>;
  /**
   * Ends it.
   *
   * @param graceMs - it may go on for so long, for requests that are under way at servers of the old app. Milliseconds.
   */
  end(ctx: Context, id: string, graceMs: number): Promise<void>;
  /** Has the browser forget its cookie. */
  forget(ctx: Context): void;
}

/**
 * The session that continues an earlier one.
 *
 * @typeParam A - the attributes, from the schema.
 */
export interface AdoptedSession<A> extends SessionTerms {
  /** The user who is logged in. @default - the visitor is anonymous */
  readonly user?: string | undefined;
  /** The attributes to begin with. @default - none */
  readonly attributes?: Partial<A>;
}

/**
 * How visitors move in from another session layer without a logout.
 *
 * @typeParam A - the attributes, from the schema.
 */
export interface AdoptOptions<A> {
  /** The layer that they come from. */
  readonly from: EarlierLayer;
  /** Makes the new session's id of the old one's: at least 32 characters, random, the same in all processes of the app. */
  readonly secret: string;
  /**
   * The earlier session goes on for so long after its visitor has been adopted, with the data it had then: for requests at servers that
   * still run the old app. A login or a logout here ends it at once. Seconds.
   *
   * @default 10
   */
  readonly graceSeconds?: number;
  /** Maps an earlier session's data. Undefined: this visitor begins without a session. */
  readonly map: (data: Readonly<Record<string, unknown>>) => AdoptedSession<A> | undefined;
}

const LEAST_SECRET = 32;
const DEFAULT_GRACE_SECONDS = 10;
/**
 * The answer with the new cookie may not arrive. So a cookie of the earlier layer leads to the new session, until that is used later than
 * this after its creation.
 */
const RETRY_MS = 3_600_000;
/** An old id is remembered for this much longer than its session lives: while servers of the old app run, they may extend it. */
const EXTENDED_MS = 24 * 3_600_000;
/** A cookie without an end is remembered for as long as browsers keep any (RFC 6265bis, 5.5). 400 days. */
const MOST_MS = 400 * 24 * 3_600_000;

/**
 * Takes visitors over from another session layer. The new id is made of the old one, so requests at once and requests that come again make
 * one session. The store remembers each old id that it has adopted, so that an old cookie brings back no session that has ended.
 *
 * The two layers have no step in common. The new session is created before the earlier one is ended: when the process dies in between, the
 * next request finds the new session and ends the earlier one.
 */
export class Adoption<A> {
  readonly #options: AdoptOptions<A>;
  readonly #layer: Layer;
  readonly #graceMs: number;

  /** @throws {SessionDataError} for a short secret, a grace that is no number of seconds, and a cookie of the name of this layer's. */
  constructor(options: AdoptOptions<A>, layer: Layer, cookieName: string) {
    const { from, secret, graceSeconds = DEFAULT_GRACE_SECONDS } = options;
    if (typeof secret !== "string" || secret.length < LEAST_SECRET) {
      const got = typeof secret === "string" ? `${secret.length} characters` : typeof secret;
      throw new SessionDataError(`session: adopt.secret: got ${got}, allowed: a text of at least ${LEAST_SECRET}`);
    }
    if (from.cookieName === cookieName) {
      throw new SessionDataError(
        `session: adopt.from: got the cookie ${cookieName}, allowed: another name than cookie.name`,
      );
    }
    if (!(graceSeconds >= 0 && graceSeconds * 1000 <= RETRY_MS)) {
      const allowed = `seconds, 0 to ${RETRY_MS / 1000}`;
      throw new SessionDataError(`session: adopt.graceSeconds: got ${graceSeconds}, allowed: ${allowed}`);
    }
    this.#options = options;
    this.#layer = layer;
    this.#graceMs = graceSeconds * 1000;
  }

  /**
   * The id of the session of a visitor who comes with a cookie of the earlier layer; undefined for any other visitor.
   *
   * @param ownId - the id in the cookie of this layer, if there is one.
   * @throws {StoreError} when one of the stores is away: the visitor is not logged out by that.
   * @throws {SessionDataError} when `map` returns what the schema refuses. The earlier session stays as it is.
   */
  async adopt(ctx: Context, ownId: string | undefined): Promise<string | undefined> {
    const { from, secret } = this.#options;
    const earlierId = from.identify(ctx);
    if (earlierId === undefined) return undefined;
    const own = ownId === undefined ? undefined : await this.#layer.users.peek(hashId(ownId));
    if (own !== undefined) {
      // Servers of the old app have needed the old session, and may have extended it. From here on it would cost each request this look.
      if (own.now - own.createdAt > this.#graceMs) await this.leave(ctx);
      return undefined;
    }
    const id = createHmac("sha256", secret).update(earlierId).digest("base64url");
    const key = hashId(id);
    if (!(await this.#isRetry(key))) {
      const outcome = await this.#create(ctx, earlierId, key);
      if (outcome !== "created" && !(await this.#isRetry(key))) {
        if (outcome === "used up") await this.leave(ctx);
        return undefined;
      }
    }
    if (this.#graceMs === 0) from.forget(ctx);
    await this.#end(ctx, earlierId, this.#graceMs);
    return id;
  }

  /** Ends the earlier session of a visitor who needs it no more: no server of the old app shows it after that. */
  async leave(ctx: Context): Promise<void> {
    const { from } = this.#options;
    const earlierId = from.identify(ctx);
    if (earlierId === undefined) return;
    from.forget(ctx);
    await this.#end(ctx, earlierId, 0);
  }

  async #end(ctx: Context, earlierId: string, graceMs: number): Promise<void> {
    try {
      await this.#options.from.end(ctx, earlierId, graceMs);
    } catch (error) {
      this.#layer.emit({ event: "earlier session not ended", session: "", error });
    }
  }

  /** Whether the visitor has been adopted already, by a request at the same time or one whose answer was lost. */
  async #isRetry(key: string): Promise<boolean> {
    const session = await this.#layer.users.peek(key);
    return session !== undefined && session.lastSeenAt - session.createdAt <= RETRY_MS;
  }

  /** Reads the earlier session and creates the new one, unless there is nothing to adopt, or an earlier request has used it up. */
  async #create(ctx: Context, earlierId: string, key: string): Promise<"created" | "nothing" | "used up"> {
    const { store, users, attributes, limit, names, emit } = this.#layer;
    const earlier = await this.#read(ctx, earlierId);
    const adopted = earlier && this.#options.map(earlier.data);
    if (earlier === undefined || adopted === undefined) return "nothing";
    checkTerms(adopted, store.longest);
    const data: Record<string, unknown> = { ...adopted.attributes };
    if (adopted.user !== undefined) data[USER] = adopted.user;
    attributes.check(Object.entries(data));
    const encoded = attributes.encode(data, { stored: undefined, defaults: new Map() });
    const user = readUser(encoded);
    if (user !== undefined) await store.enlist(user, key);
    const leftMs = Math.max(0, (earlier.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now());
    const keptMs = Math.min(leftMs + EXTENDED_MS, MOST_MS);
    const createdAt = await store.adopt(key, encoded, pickTerms(adopted), keptMs);
    if (createdAt === undefined) return "used up";
    const standing = user === undefined ? undefined : await store.standing(user, key, limit);
    if (standing?.isEnlisted === false) {
      await store.destroy([key]);
      return "used up";
    }
    if (user !== undefined && standing !== undefined) await users.endSurplus(user, key, limit, standing);
    emit({ event: "adopted", session: names.ofKey(key), user });
    return "created";
  }

  async #read(ctx: Context, earlierId: string) {
    try {
      return await this.#options.from.read(ctx, earlierId);
    } catch (error) {
      throw new StoreError("read of the earlier session", error);
    }
  }
}
