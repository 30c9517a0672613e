import { randomUUID } from "node:crypto";
import { describeError, type Finding, fail, inOneLine, ok, skipped, warn } from "../finding";
import { checkCookie, checkNoCookie } from "./cookie";
import { visit } from "./fetch-page";
import { checkHeaders } from "./headers";
import { checkTls } from "./tls";

/** Options of the examination of a site. */
export interface SiteOptions {
  /** Name for the demo login. @default - no login */
  readonly login?: string;
}

/** Examines a deployed app as a visitor without an account. */
export async function examineSite(url: URL, { login }: SiteOptions = {}): Promise<Finding[]> {
  const isHttps = url.protocol === "https:";
  const tls = isHttps
    ? await checkTls(url)
    : warn("tls", "plain http: everybody on the way reads along", "docs/security.md#what-plain-http-cannot-do");
  if (tls.status === "fail") return [tls, skipped("site", "no browser gets past its TLS")];
  const healthy = await checkHealth(url);
  if (healthy.status === "fail") return [healthy, tls];
  const redirect = isHttps ? [await checkRedirect(url)] : [];
  return [healthy, await checkReady(url), tls, ...redirect, ...(await checkPage(url, isHttps, login))];
}

/** Checks a page of the app, and the cookie of a login. */
async function checkPage(url: URL, isHttps: boolean, login: string | undefined): Promise<Finding[]> {
  try {
    const page = await visit(new URL("/login", url));
    return [checkHeaders(page, isHttps), checkNoCookie(page), await checkCookie(url, login)];
  } catch (error) {
    return [fail("page", `${url.origin}/login: ${describeError(error)}`, "look at the app's log")];
  }
}

async function checkHealth(url: URL): Promise<Finding> {
  try {
    const { status, headers } = await visit(new URL("/healthz", url));
    const says = `${url.origin}/healthz answers ${status}`;
    if (status === 200) return await checkUnknownPage(url, says);
    const to = inOneLine(headers.get("location") ?? "");
    return fail("healthy", to === "" ? says : `${says}, to ${to}`, suggestNext(status, to));
  } catch (error) {
    return fail("healthy", `${url.origin}: ${describeError(error)}`, "docs/operations.md#nothing-answers");
  }
}

/** Checks a page that the app does not have. An answer of 200 comes from another server, and the health check may too. */
async function checkUnknownPage(url: URL, says: string): Promise<Finding> {
  const { status } = await visit(new URL(`/${randomUUID()}`, url));
  if (status !== 200) return ok("healthy", says);
  const next = "look at the default action of the load balancer, or at what else listens there";
  return warn(
    "healthy",
    `${says}, and so does a page that does not exist: another server may answer for the app`,
    next,
  );
}

/** The advice for a status of the health page. */
function suggestNext(status: number, to: string): string {
  if (status >= 300 && status < 400) {
    return URL.canParse(to)
      ? `--url ${new URL(to).origin} looks at the address it leads to`
      : "let /healthz answer by itself";
  }
  if (status === 401 || status === 403) return "let /healthz pass without a login in the proxy or load balancer";
  if (status === 404) return "look at the address and at the load balancer's rules: this is not the app";
  return "docs/operations.md#502-503-or-504-of-the-load-balancer";
}

/** Checks whether the app reaches its Redis. */
async function checkReady(url: URL): Promise<Finding> {
  try {
    const { status, body } = await visit(new URL("/readyz", url));
    if (status === 200) return ok("ready", "the app has its session store");
    const next = status === 503 ? "docs/operations.md#503-with-retry-after" : suggestNext(status, "");
    return fail("ready", `answers ${status}: ${inOneLine(body)}`, next);
  } catch (error) {
    return fail("ready", describeError(error), "docs/operations.md#nothing-answers");
  }
}

/** Checks the redirect from port 80 to https. An address with another port does not tell the port of http. */
async function checkRedirect(url: URL): Promise<Finding> {
  if (url.port !== "") return skipped("redirect", `${url.host} names a port of its own`);
  try {
    const { status, headers } = await visit(new URL(`http://${url.hostname}/`));
    const to = headers.get("location") ?? "";
    if ([301, 308].includes(status) && to.startsWith("https://"))
      return ok("redirect", `http is sent to https, by ${status}`);
    return fail(
      "redirect",
      `http answers ${status}${to && ` to ${inOneLine(to)}`}`,
      "look at the load balancer's listener on port 80",
    );
  } catch {
    return ok("redirect", "nothing answers on http");
  }
}
