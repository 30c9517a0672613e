import type { Context } from "koa";
import { SessionDataError } from "./session-data-error";
import { isId } from "./session-id";

/** Properties of a {@link SessionCookie}. */
export interface CookieOptions {
  /**
   * The site is served over https: Secure and `__Host-`, which binds the cookie to this very host (ASVS 5.0 3.3.1,
   * 3.3.3). On plain http browsers refuse both, so the cookie says honestly what it is.
   */
  readonly secure: boolean;
  /** Generic by custom: it tells nothing of what runs behind. @default "id" */
  readonly name?: string;
}

/**
 * The cookie that carries the id: HttpOnly, SameSite=Lax, Path=/, until the browser closes (the limits that count are
 * the store's). Not signed: the id is 256 random bits and only its hash is stored.
 */
export class SessionCookie {
  /** Its name, with `__Host-` where it is secure. */
  readonly name: string;
  /** Its attributes, as `ctx.cookies.set` takes them. */
  readonly attributes;

  constructor({ secure, name = "id" }: CookieOptions) {
    this.name = secure ? `__Host-${name}` : name;
    this.attributes = { httpOnly: true, sameSite: "lax", secure, path: "/", signed: false, overwrite: true } as const;
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

  /** Sends the id, unless the browser has it. */
  write(ctx: Context, id: string): void {
    if (this.read(ctx) === id) return;
    if (ctx.headerSent) throw new SessionDataError("session: changed after the response's headers were sent");
    ctx.cookies.set(this.name, id, this.attributes);
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
