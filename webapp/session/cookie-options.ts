/** When browsers send a cookie along with a request that another site has caused (RFC 6265bis, 5.6.7). */
export type SameSite = "lax" | "strict" | "none";

/** Properties of the session's cookie. */
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
