import { describeError, type Finding, fail, inOneLine, ok, skipped } from "../finding";
import { type Answer, visit } from "./fetch-page";

const CHECK = "session cookie";
/** The names that the session layer gives its cookie, on https and on http. A load balancer sets cookies of its own beside it. */
const NAMES: ReadonlySet<string> = new Set(["__Host-id", "id"]);

const readName = (cookie: string) => cookie.slice(0, cookie.indexOf("="));

/** A visitor who only reads has no session, and so no session cookie. */
export function checkNoCookie({ cookies }: Answer): Finding {
  if (!cookies.some((cookie) => NAMES.has(readName(cookie))))
    return ok("reading", "gives no cookie and makes no session");
  return fail(
    "reading",
    "gives a session cookie to a visitor who only reads",
    "the app reads or writes ctx.session in a page that needs none",
  );
}

/** Logs in by a form that takes any name, looks at the cookie, logs out again. */
export async function checkCookie(url: URL, name: string | undefined): Promise<Finding> {
  if (name === undefined) {
    return skipped(
      CHECK,
      "comes with a login alone",
      "--login <name> logs in by the demo login, looks at it and logs out",
    );
  }
  try {
    const login = await sendForm(new URL("/login", url), { username: name });
    const cookie = login.cookies.find((given) => NAMES.has(readName(given)));
    if (cookie === undefined) {
      const says = `the login was answered ${login.status}, without a cookie named ${[...NAMES].join(" or ")}`;
      return fail(CHECK, says, "docs/operations.md#403-on-a-form");
    }
    const all = login.cookies.map((given) => given.split(";")[0]).join("; ");
    const left = await sendForm(new URL("/logout", url), {}, all);
    return judge(cookie, url.protocol === "https:", left.status);
  } catch (error) {
    return fail(CHECK, describeError(error), "look at the app's log");
  }
}

/** Reads the page that has the form, for its token, and sends it as a browser does. */
async function sendForm(url: URL, fields: Readonly<Record<string, string>>, cookie?: string): Promise<Answer> {
  const who = cookie === undefined ? {} : { cookie };
  const { body } = await visit(cookie === undefined ? url : new URL("/", url), { headers: who });
  const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? "";
  const headers = { ...who, origin: url.origin, "content-type": "application/x-www-form-urlencoded" };
  return visit(url, { method: "POST", headers, body: new URLSearchParams({ token, ...fields }).toString() });
}

/** ASVS 5.0, 3.3.1 to 3.3.4. */
function judge(cookie: string, isHttps: boolean, logout: number): Finding {
  const [pair = "", ...attributes] = cookie.split(/;\s*/);
  const has = (attribute: string) => attributes.some((given) => given.toLowerCase() === attribute);
  const wanted = ["httponly", "samesite=lax", "path=/", ...(isHttps ? ["secure"] : [])];
  const missing = wanted.filter((attribute) => !has(attribute));
  const domain = attributes.find((given) => /^domain=/i.test(given));
  if (domain !== undefined) {
    const says = `has ${inOneLine(domain)}: every subdomain can read and set it`;
    return fail(CHECK, says, "take Domain out of the cookie, in the app or in the proxy that adds it");
  }
  if (isHttps && !pair.startsWith("__Host-")) missing.push("a name with __Host-");
  if (missing.length > 0) return fail(CHECK, `lacks ${missing.join(", ")}`, "PUBLIC_SCHEME says http behind https");
  if (logout !== 303) return fail(CHECK, `logging out was answered ${logout}`, "look at the app's log");
  return ok(CHECK, `${wanted.join(", ")}${isHttps ? ", __Host-" : ""}; logged in and out again`);
}
