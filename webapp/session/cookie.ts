import type { Context } from "koa";
import { checkCookie, nameCookie } from "./cookie-rules";
import { SessionDataError } from "./session-data-error";
import { isId } from "./session-id";

/** When browsers send a cookie along with a request that another site has caused (RFC 6265bis, 5.6.7). */
export type SameSite = "lax" | "strict" | "none";

/** Properties of a {@link SessionCookie}. */
export interface CookieOptions {
  /**
   * The site is served over https: Secure, and a prefix to the name. `__Host-` binds the cookie to this very host (ASVS 5.0 3.3.1,
   * 3.3.3). On plain http browsers refuse both, so the cookie says honestly what it is.
   */
  readonly secure: boolean;
  /** Generic by custom: it tells nothing of what runs behind. @default "id" */
  readonly name?: string;
  /**
   * `lax`: links from other sites find the visitor logged in, their forms and scripts do not. `strict`: links do not either. `none`: every
   * request of another site carries the cookie, so the app itself must refuse forged ones (CSRF). Needs `secure`.
   *
   * @default "lax"
   */
  readonly sameSite?: SameSite;
  /**
   * Domain whose hosts all get the cookie, such as `example.com`. Any of these hosts can read and replace it, so the name begins with
   * `__Secure-` and not with `__Host-`. Needs `secure`.
   *
   * @default - this very host
   */
  readonly domain?: string;
  /**
   * Path below which browsers send the cookie. It keeps nothing from other pages of the host, whose scripts can open such a path. Another
   * path than `/` makes the prefix `__Secure-`.
   *
   * @default "/"
   */
  readonly path?: string;
  /**
   * One cookie for each site that embeds this one in a frame (CHIPS), for browsers that block third-party cookies. Needs `secure` and
   * `sameSite: "none"`.
   *
   * @default false
   */
  readonly partitioned?: boolean;
  /**
   * The cookie outlives the browser's windows, until the absolute limit of its session. `login` can decide otherwise for one session.
   *
   * @default false - it ends with the browser
   */
  readonly persistent?: boolean;
}

/**
 * The cookie that carries the id: HttpOnly and, by default, SameSite=Lax, Path=/, until the browser closes (the limits that count are
 * the store's). Not signed: the id is 256 random bits and only its hash is stored.
 */
export class SessionCookie {
  /** Its name, with its prefix where it is secure. */
  readonly name: string;
  /** Its attributes, as `ctx.cookies.set` takes them. */
  readonly attributes;
  /** Whether it outlives the browser's windows, where a login does not say. */
  readonly persistent: boolean;

  /** @throws {SessionDataError} for attributes that browsers refuse together, or that would put sessions at risk. */
  constructor(options: CookieOptions) {
    checkCookie(options);
    const { secure, sameSite = "lax", domain, path = "/", partitioned = false, persistent = false } = options;
    this.name = nameCookie(options);
    this.persistent = persistent;
    const where = { path, ...(domain !== undefined && { domain }), ...(partitioned && { partitioned }) };
    this.attributes = { httpOnly: true, sameSite, secure, ...where, signed: false, overwrite: true } as const;
  }

  /** A secure cookie is ours to send behind a proxy that ends TLS: the app knows by configuration, not by header. */
  prepare(ctx: Context): void {
    ctx.cookies.secure = this.attributes.secure;
  }

  /**
   * Reads the id that the browser sent: the first cookie of this name that has the form of an id. A browser also sends cookies of this
   * name for a parent domain or another path, in an order that a server can't rely on (RFC 6265, 4.2.2).
   */
  read(ctx: Context): string | undefined {
    for (const pair of (ctx.req.headers.cookie ?? "").split(";")) {
      const { name, value } = parsePair(pair);
      if (name === this.name && isId(value)) return value;
    }
    return undefined;
  }

  /**
   * Sends the id, unless the browser has it.
   *
   * @param expires - when the browser forgets it. @default - with the browser's end
   */
  write(ctx: Context, id: string, expires?: Date): void {
    if (this.read(ctx) === id) return;
    if (ctx.headerSent) throw new SessionDataError("session: changed after the response's headers were sent");
    ctx.cookies.set(this.name, id, { ...this.attributes, ...(expires !== undefined && { expires }) });
  }
}

/**
 * Name and value of one cookie, without blanks and quotes around them. Takes time in proportion to the length: a pattern with two
 * repeated blanks in it would keep the process busy for minutes with a header of 16 KB (CWE-1333).
 */
function parsePair(pair: string): { name: string; value: string } {
  const [name = "", ...rest] = pair.split("=");
  const value = rest.join("=").trim();
  return { name: name.trim(), value: value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value };
}
