import { runInNewContext } from "node:vm";
import { type CookieOptions, MemoryStore } from "../../../webapp/session";
import { SessionCookie } from "../../../webapp/session/cookie";
import { asUser, LONG, logout, serve, setRed, who } from "./session-app";

describe("the cookie", () => {
  it.each([
    ["one that is too short before it", (good: string) => `id=short; id=${good}`],
    ["one that is too short behind it", (good: string) => `id=${good}; id=short`],
    ["an empty one before it", (good: string) => `id=; id=${good}`],
    ["one of another name that ends like it", (good: string) => `xid=${"a".repeat(43)};id=${good}`],
    ["quotes around it", (good: string) => `id="short"; id="${good}"`],
    ["blanks around it", (good: string) => `a=b;  id = short ; id=${good} `],
  ])("is read with %s", async (_what, header) => {
    const { visitor } = await serve({ "/login": asUser, "/set": setRed, "/": who }, new MemoryStore(LONG));
    const ann = visitor();
    await ann.get("/login?user=ann");
    const cookie = header(ann.cookies.get("id") as string);
    expect((await visitor().get("/", { cookie })).body).toBe("ann");
    expect((await visitor().get("/set", { cookie })).setCookies).toEqual([]);
  });

  it("is read in no time from a header of 15 KB of blanks", () => {
    const cookie = new SessionCookie({ secure: false });
    const good = "a".repeat(43);
    const header = `a=b;${" ".repeat(15_000)}x; id=${good}`;
    const read = `cookie.read({ req: { headers: { cookie: header } } })`;
    // A pattern that goes back and forth over the blanks takes minutes: it ends with an error here.
    expect(runInNewContext(read, { cookie, header }, { timeout: 5000 })).toBe(good);
  });
});

describe("the cookie's attributes", () => {
  const embedded = { sameSite: "none", partitioned: true } as const;
  it.each<[CookieOptions, string, string]>([
    [{ secure: true }, "__Host-id", "path=/; samesite=lax; secure; httponly"],
    [{ secure: false }, "id", "path=/; samesite=lax; httponly"],
    [{ secure: true, sameSite: "strict", name: "sid" }, "__Host-sid", "path=/; samesite=strict; secure; httponly"],
    [
      { secure: true, domain: "example.com" },
      "__Secure-id",
      "path=/; domain=example.com; samesite=lax; secure; httponly",
    ],
    [{ secure: true, path: "/shop" }, "__Secure-id", "path=/shop; samesite=lax; secure; httponly"],
    [{ secure: false, path: "/shop" }, "id", "path=/shop; samesite=lax; httponly"],
    [{ secure: true, sameSite: "none" }, "__Host-id", "path=/; samesite=none; secure; httponly"],
    [{ secure: true, ...embedded }, "__Host-id", "path=/; samesite=none; secure; httponly; partitioned"],
  ])("of %j are sent at the login, and again when the cookie goes", async (cookie, name, attributes) => {
    const { visitor } = await serve({ "/login": asUser, "/logout": logout }, new MemoryStore(LONG), { cookie });
    const ann = visitor();
    const [login] = (await ann.get("/login?user=ann")).setCookies;
    expect(login).toBe(`${name}=${ann.cookies.get(name)}; ${attributes}`);
    const [gone = ""] = (await ann.get("/logout")).setCookies;
    // Browsers drop the cookie of the same name, domain, path and partition alone.
    expect(gone.replace(/ expires=[^;]+;/, "")).toBe(`${name}=; ${attributes}`);
    expect(ann.cookies.size).toBe(0);
  });

  const wrong = (options: object) => options as CookieOptions;
  it.each<[CookieOptions, string]>([
    [{ secure: false, sameSite: "none" }, 'sameSite: got "none", allowed: with secure: true alone'],
    [{ secure: false, ...embedded }, 'sameSite: got "none", allowed: with secure: true alone'],
    [{ secure: true, partitioned: true }, 'partitioned: got true, allowed: with sameSite: "none" alone'],
    [{ secure: false, partitioned: true }, "partitioned: got true, allowed: with secure: true alone"],
    [{ secure: false, domain: "example.com" }, 'domain: got "example.com", allowed: with secure: true alone'],
    [{ secure: true, domain: ".example.com" }, 'domain: got ".example.com", allowed: a domain of two labels or more'],
    [{ secure: true, domain: "com" }, 'domain: got "com", allowed: a domain of two labels or more'],
    [{ secure: true, domain: "localhost" }, 'domain: got "localhost", allowed: a domain of two labels or more'],
    [{ secure: true, domain: "10.0.0.1" }, 'domain: got "10.0.0.1", allowed: a domain of two labels or more'],
    [{ secure: true, domain: "https://example.com" }, 'domain: got "https://example.com", allowed: a domain'],
    [{ secure: true, domain: "example.com; x" }, 'domain: got "example.com; x", allowed: a domain'],
    [{ secure: true, path: "shop" }, 'path: got "shop", allowed: a path that begins with /'],
    [{ secure: true, path: "/;domain=example.com" }, 'path: got "/;domain=example.com", allowed: a path'],
    [{ secure: true, name: "a b" }, 'name: got "a b", allowed: letters, digits'],
    [{ secure: true, name: "__Host-id" }, 'name: got "__Host-id", allowed: a name without prefix'],
    [wrong({}), "secure: got undefined, allowed: true or false"],
    [wrong({ secure: true, sameSite: "Lax" }), 'sameSite: got "Lax", allowed: "lax", "strict" or "none"'],
    [wrong({ secure: true, persistent: "yes" }), 'persistent: got "yes", allowed: true or false'],
  ])("are refused with the reason: %j", (options, message) => {
    expect(() => new SessionCookie(options)).toThrow(`session cookie: ${message}`);
  });
});
