import { type Claim, plant } from "./claim";

const BROWSER = "security/browser.test.ts";
const COOKIE = "webapp/session/cookie.ts";
const COOKIE_RULES = "webapp/session/cookie-rules.ts";
const HEADERS = "webapp/security-headers.ts";

/** Chapter 3 of ASVS 5.0. */
export const BROWSER_CLAIMS: readonly Claim[] = [
  {
    row: "3.3.1",
    test: BROWSER,
    name: "3.3.1",
    faults: [
      ...plant(COOKIE, ["sameSite, secure,", "sameSite, secure: false,"]),
      ...plant(COOKIE_RULES, ["if (!secure) return name;", ""]),
    ],
  },
  {
    row: "3.3.2",
    test: BROWSER,
    name: "3.3.1 to 3.3.4",
    faults: plant(COOKIE, ['sameSite = "lax"', 'sameSite = "none"']),
  },
  {
    row: "3.3.3",
    test: BROWSER,
    name: "3.3.1 to 3.3.4",
    faults: plant(COOKIE_RULES, ["if (!secure) return name;", "return name;"]),
  },
  {
    row: "3.3.4",
    test: BROWSER,
    name: "3.3.1 to 3.3.4",
    faults: [
      ...plant(COOKIE, ["httpOnly: true", "httpOnly: false"]),
      ...plant("webapp/requests.ts", ["log[level]({ requestId,", "log[level]({ requestId, headers: ctx.headers,"]),
      ...plant("webapp/routes/session.ts", ["store.nameOf(key as string)", 'ctx.cookies.get("__Host-id")']),
    ],
  },
  {
    row: "3.4.1",
    test: BROWSER,
    name: "3.4",
    faults: plant(HEADERS, ["const YEAR_SECONDS = 31_536_000;", "const YEAR_SECONDS = 31_536;"]),
  },
  {
    row: "3.4.3",
    test: BROWSER,
    name: "3.4",
    faults: plant(
      HEADERS,
      ["defaultSrc: none,", 'defaultSrc: none, scriptSrc: ["*"],'],
      ["formAction: self,", ""],
      ["baseUri: none,", ""],
      ["objectSrc: none,", ""],
    ),
  },
  {
    row: "3.4.4",
    test: BROWSER,
    name: "3.4",
    faults: plant(HEADERS, ["contentSecurityPolicy: {", "xContentTypeOptions: false, contentSecurityPolicy: {"]),
  },
  {
    row: "3.4.5",
    test: BROWSER,
    name: "3.4",
    faults: plant(HEADERS, ['referrerPolicy: { policy: "same-origin" }', 'referrerPolicy: { policy: "unsafe-url" }']),
  },
  {
    row: "3.4.6",
    test: BROWSER,
    name: "3.4",
    faults: plant(
      HEADERS,
      ["frameAncestors: none,", "frameAncestors: self,"],
      ['xFrameOptions: { action: "deny" }', "xFrameOptions: false"],
    ),
  },
  {
    row: "3.4.8",
    test: BROWSER,
    name: "3.4",
    faults: plant(HEADERS, ['secure && { policy: "same-origin" }', "false"]),
  },
  {
    row: "3.5.1",
    test: BROWSER,
    name: "3.5.1",
    faults: [
      ...plant(
        "webapp/forms/same-origin.ts",
        ['(origin === "" || origin === expected)', "true"],
        ['site === "same-origin"', "site !== undefined"],
        ['ctx.req.headers.host ?? ""', 'ctx.get("X-Forwarded-Host") || ctx.req.headers.host'],
      ),
      ...plant("webapp/routes/log-out.ts", ["await forms.assert(parseFields(ctx.request.body), session);", ""]),
      ...plant("webapp/routes/login.ts", ["if (!isRepeated) await forms.assert(fields, session);", ""]),
      ...plant(
        "webapp/routes/session.ts",
        ["await forms.assert(fields, session);", "{}"],
        ["await forms.assert(parseFields(ctx.request.body), session);", "{}"],
      ),
      ...plant(
        "webapp/forms/form-token.ts",
        ["if (!(age >= 0 && age <= MAX_AGE_MS)) return false;", ""],
        ["return this.#keys.verify(signed(issuedAt, binding), signature);", "return true;"],
        ['binding ?? "no session"', '"all"'],
      ),
    ],
  },
  {
    row: "3.5.3",
    test: BROWSER,
    name: "3.5.3",
    faults: [
      ...plant(
        "webapp/routes/login.ts",
        ['router.post("/logout",', 'router.all("/logout",'],
        ['showForm(ctx, "", undefined);', "return sessions.of(ctx).login(String(ctx.query.username));"],
      ),
      ...plant("webapp/routes/shared.ts", ['router.post("/invalidate",', 'router.all("/invalidate",']),
      ...plant("webapp/routes/session.ts", ['router.post("/session/end-others",', 'router.all("/session/end-others",']),
    ],
  },
];
