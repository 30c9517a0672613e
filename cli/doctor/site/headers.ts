import { type Finding, fail, ok } from "../finding";
import type { Answer } from "./fetch-page";

const YEAR_SECONDS = 31_536_000;

/** Headers each page has, by OWASP ASVS 5.0, 3.4; the second column on https alone. */
const HEADERS: readonly (readonly [name: string, takes: (value: string) => boolean, httpsOnly?: true])[] = [
  ["content-security-policy", (csp) => /object-src 'none'/.test(csp) && /base-uri 'none'/.test(csp)],
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
  return fail(
    "security headers",
    `missing or too weak: ${wrong.join(", ")}`,
    "look at what stands in front of the app",
  );
}
