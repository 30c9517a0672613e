import type { CookieOptions } from "./cookie-options";
import { SessionDataError } from "./session-data-error";

/** A token (RFC 9110, 5.6.2). */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Two labels at least: browsers refuse a cookie for a top-level domain. A last label with a letter: an IP address has no subdomains. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** The characters of a Path attribute (RFC 6265, 4.1.1). */
const PATH = /^\/[\x21-\x3a\x3c-\x7e]*$/;

/**
 * The name with the prefix that has browsers enforce the attributes: `__Host-` where the cookie is this very host's, else `__Secure-`.
 *
 * @see https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-20#section-4.1.3
 */
export function nameCookie({ secure, name = "id", domain, path = "/" }: CookieOptions): string {
  if (!secure) return name;
  return domain === undefined && path === "/" ? `__Host-${name}` : `__Secure-${name}`;
}

/**
 * Refuses a cookie that browsers would drop in silence, and one that hands sessions to other hosts or sites.
 *
 * @throws {SessionDataError} with the option, the value and the reason.
 */
export function checkCookie(options: CookieOptions): void {
  const { secure, name = "id", sameSite = "lax", domain, path = "/", partitioned = false } = options;
  check("secure", secure, typeof secure === "boolean", "true or false");
  check("name", name, NAME.test(name), "letters, digits, - and _");
  check("name", name, !/^__(host|secure)-/i.test(name), "a name without prefix: the layer adds it");
  check("sameSite", sameSite, ["lax", "strict", "none"].includes(sameSite), '"lax", "strict" or "none"');
  check("path", path, PATH.test(path), "a path that begins with /, without blanks and ;");
  for (const flag of ["partitioned", "persistent"] as const) {
    check(flag, options[flag], [undefined, true, false].includes(options[flag]), "true or false");
  }
  if (sameSite === "none") {
    check("sameSite", sameSite, secure, "with secure: true alone, because browsers drop the cookie otherwise");
  }
  if (partitioned) {
    check("partitioned", partitioned, secure, "with secure: true alone, because browsers drop the cookie otherwise");
    const why = 'with sameSite: "none" alone, because no frame in another site gets the cookie otherwise';
    check("partitioned", partitioned, sameSite === "none", why);
  }
  if (domain !== undefined) {
    const form = "a domain of two labels or more, without dot in front, scheme and port";
    check("domain", domain, DOMAIN.test(domain), form);
    const why = "with secure: true alone, because plain http lets anyone on the way replace the cookie for all hosts";
    check("domain", domain, secure, why);
  }
}

function check(option: string, got: unknown, isAllowed: boolean, allowed: string): void {
  if (isAllowed) return;
  throw new SessionDataError(`session cookie: ${option}: got ${JSON.stringify(got)}, allowed: ${allowed}`);
}
