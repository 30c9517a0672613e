import { type Finding, fail, ok } from "../finding";
import type { Answer } from "./fetch-page";

const YEAR_SECONDS = 31_536_000;

/** Directives that do not fall back to default-src, and the widest that each may be. */
const NO_FALLBACK: readonly (readonly [directive: string, sources: readonly string[]])[] = [
  ["default-src", ["'none'", "'self'"]],
  ["base-uri", ["'none'", "'self'"]],
  ["form-action", ["'none'", "'self'"]],
  ["frame-ancestors", ["'none'", "'self'"]],
];
/** A keyword, or a hash or nonce of this page: https://www.w3.org/TR/CSP3/#grammardef-source-list */
const NARROW = /^'(?:none|self|report-sample|strict-dynamic|(?:sha256|sha384|sha512|nonce)-[\w+/=-]+)'$/;
/** Directives whose sources can run or send nothing. */
const HARMLESS: ReadonlySet<string> = new Set(["report-uri", "report-to", "upgrade-insecure-requests", "sandbox"]);
const NAMED_ORIGIN = /^https:\/\/[\w.-]+(?::\d+)?(?:\/\S*)?$/;

/**
 * Whether a content security policy leaves no way in: each directive without a fallback is there, and no directive takes
 * a wildcard, a scheme or inline code (OWASP ASVS 5.0 3.4.3). Named https origins may be sources of anything but scripts.
 */
function isStrictPolicy(policy: string): boolean {
  const directives = new Map(
    policy.split(";").map((text): [string, string[]] => {
      const [name = "", ...sources] = text.trim().split(/\s+/);
      return [name.toLowerCase(), sources];
    }),
  );
  directives.delete("");
  const hasAll = NO_FALLBACK.every(([name, widest]) =>
    directives.get(name)?.every((source) => widest.includes(source)),
  );
  const isObjectOff = (directives.get("object-src") ?? directives.get("default-src"))?.join() === "'none'";
  const isNarrow = [...directives].every(
    ([name, sources]) =>
      HARMLESS.has(name) ||
      sources.every((source) => NARROW.test(source) || (!name.startsWith("script-src") && NAMED_ORIGIN.test(source))),
  );
  return hasAll && isObjectOff && isNarrow;
}

/** Headers each page has, by OWASP ASVS 5.0, 3.4; the second column on https alone. */
const HEADERS: readonly (readonly [name: string, takes: (value: string) => boolean, httpsOnly?: true])[] = [
  ["content-security-policy", isStrictPolicy],
  ["x-content-type-options", (value) => value === "nosniff"],
  ["referrer-policy", (value) => value !== "" && value !== "unsafe-url"],
  ["cache-control", (value) => value.includes("no-store")],
  ["strict-transport-security", (value) => Number(/max-age=(\d+)/.exec(value)?.[1]) >= YEAR_SECONDS, true],
  ["cross-origin-opener-policy", (value) => value === "same-origin", true],
];

/** The security headers of a page. */
export function checkHeaders({ headers }: Answer, isHttps: boolean): Finding {
  const asked = HEADERS.filter(([, , httpsOnly]) => isHttps || !httpsOnly);
  const wrong = asked.filter(([name, takes]) => !takes(headers.get(name) ?? "")).map(([name]) => name);
  if (wrong.length === 0) return ok("security headers", `${asked.length} of ${asked.length} as in docs/security.md`);
  return fail("security headers", `missing or too weak: ${wrong.join(", ")}`, "look at the proxy in front of the app");
}
