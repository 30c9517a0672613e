import { createHmac } from "node:crypto";
import { FormTokens } from "../../../webapp/forms/form-token";
import { deriveReference, hashId } from "../../../webapp/session/session-id";
import { type Answer, Visitor } from "../../programs/visitor";
import { at, isLoggedIn, KEY, keyRing, readId, serve } from "./served";

const readToken = ({ body }: Answer) => /name="token" value="([^"]*)"/.exec(body)?.[1] as string;

describe("what a browser is told (OWASP ASVS 5.0 chapter 3)", () => {
  it("3.3.1 to 3.3.4 sends the id in one cookie, __Host-, Secure, HttpOnly, SameSite, and nowhere else", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.get("/login");
    const login = await ann.post("/login", { username: "ann" });
    expect(login.setCookies).toEqual([`__Host-id=${readId(ann)}; path=/; samesite=lax; secure; httponly`]);
    const pages = [login, await ann.get("/"), await ann.get("/session"), await ann.get("/nope")];
    for (const { body, headers } of pages) {
      const elsewhere = [...headers].filter(([name]) => name !== "set-cookie");
      expect(body + JSON.stringify(elsewhere)).not.toContain(readId(ann));
    }
    expect(served.lines.join("")).not.toContain(readId(ann));
  });

  it("3.3.1 on plain http sends an honest plain cookie, which browsers take", async () => {
    const served = await serve({ scheme: "http" });
    const ann = new Visitor(served.app.url);
    await ann.get("/login");
    const { setCookies } = await ann.post("/login", { username: "ann" });
    expect(setCookies).toEqual([`id=${ann.cookies.get("id")}; path=/; samesite=lax; httponly`]);
  });

  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join(";");
  const everywhere: [number: string, name: string, value: string][] = [
    ["3.4.3 and 3.4.6", "content-security-policy", policy],
    ["3.4.4", "x-content-type-options", "nosniff"],
    ["3.4.5", "referrer-policy", "same-origin"],
    ["3.4.6", "x-frame-options", "DENY"],
    ["cache", "cache-control", "no-store"],
  ];
  const onHttps: typeof everywhere = [
    ["3.4.1", "strict-transport-security", "max-age=31536000; includeSubDomains"],
    ["3.4.8", "cross-origin-opener-policy", "same-origin"],
  ];
  it.each([
    { scheme: "https" as const, has: [...everywhere, ...onHttps], hasNot: [] },
    { scheme: "http" as const, has: everywhere, hasNot: onHttps },
  ])("3.4 sends its headers with every answer on $scheme", async ({ scheme, has, hasNot }) => {
    const served = await serve({ scheme });
    const ann = at(served);
    const answers = [
      await ann.get("/"),
      await ann.get("/login"),
      await ann.get("/session"),
      await ann.get("/nope"),
      await ann.get("/healthz"),
      await ann.send("POST", "/login", { origin: "https://evil.example" }),
    ];
    for (const { headers } of answers) {
      for (const [number, name, value] of has) expect([number, headers.get(name)]).toEqual([number, value]);
      for (const [number, name] of hasNot) expect([number, headers.get(name)]).toEqual([number, null]);
      expect(headers.get("x-powered-by")).toBeNull();
    }
  });

  it.each([
    { what: "another origin", headers: { origin: "https://evil.example" } },
    { what: "an opaque origin", headers: { origin: "null" } },
    { what: "a sibling site", headers: { "sec-fetch-site": "same-site" } },
    { what: "another scheme", headers: { origin: "http://store.example" } },
    {
      what: "a forwarded host that lies",
      headers: { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
    },
  ])("3.5.1 refuses a form from $what", async ({ headers }) => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    expect((await ann.post("/logout", {}, headers)).status).toBe(403);
    expect(await isLoggedIn(ann)).toBe(true);
  });

  it("3.5.1 on plain http takes its own origin from Host alone", async () => {
    const served = await serve({ scheme: "http" });
    const ann = new Visitor(served.app.url);
    await ann.login("ann");
    const lie = { origin: "http://evil.example", "x-forwarded-host": "evil.example" };
    expect((await ann.post("/logout", {}, lie)).status).toBe(403);
    expect(await isLoggedIn(ann)).toBe(true);
    expect((await ann.post("/logout")).status).toBe(303);
  });

  it("3.5.1 refuses a form with no token, an old one, an edited one, another visitor's", async () => {
    const served = await serve();
    const [ann, mallory] = [at(served), at(served)];
    await ann.login("ann");
    await mallory.login("mallory");
    const theirs = readToken(await mallory.get("/"));
    const token = readToken(await ann.get("/"));
    const [issued] = token.split(".") as [string];
    const halfADayAgo = new FormTokens(await keyRing(KEY), () => Date.now() - 13 * 3600_000);
    const old = halfADayAgo.issue(deriveReference(hashId(readId(ann))));
    const forged = createHmac("sha256", "x".repeat(32)).update(`form:${issued}:x`).digest("base64url");
    for (const bad of [
      "",
      "x",
      old,
      theirs,
      readToken(await at(served).get("/login")),
      `${issued}.${forged}`,
      `${issued}.`,
      "a.b.c",
      "x".repeat(5000),
    ]) {
      expect([bad.slice(0, 30), (await ann.post("/logout", { token: bad })).status]).toEqual([bad.slice(0, 30), 403]);
    }
    expect((await ann.post("/logout", { token })).status).toBe(303);
  });

  it.each([
    { path: "/login", fields: { username: "mallory" } },
    { path: "/logout", fields: {} },
    { path: "/session/end", fields: { reference: "the other session" } },
    { path: "/session/end-others", fields: {} },
  ])("3.5.1 takes no form of $path without its token", async ({ path, fields }) => {
    const served = await serve();
    const [ann, elsewhere] = [at(served), at(served)];
    await ann.login("ann");
    await elsewhere.login("ann");
    const [, reference = ""] = /name="reference" value="([^"]*)"/.exec((await ann.get("/session")).body) ?? [];
    const filled = "reference" in fields ? { reference } : fields;
    expect(Object.values(filled)).not.toContain("");
    for (const token of ["", "x"]) {
      expect([token, (await ann.post(path, { ...filled, token })).status]).toEqual([token, 403]);
      expect((await ann.get("/")).body).toContain("Logged in as ann");
      expect(await isLoggedIn(elsewhere)).toBe(true);
    }
    await ann.get("/session");
    expect((await ann.post(path, filled)).status).toBe(303);
  });

  it("3.5.3 changes nothing by GET but the visit count", async () => {
    const served = await serve();
    const ann = at(served);
    await ann.login("ann");
    for (const path of ["/logout", "/invalidate", "/session/end", "/session/end-others"])
      expect([path, (await ann.get(path)).status]).toEqual([path, 405]);
    await ann.get("/login?username=mallory");
    expect((await ann.get("/")).body).toContain("Logged in as ann");
  });
});
