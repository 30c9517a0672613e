import type { Authentication } from "../../../webapp/login/authentication";
import { LoginThrottle } from "../../../webapp/login/throttle";
import { at, DEFAULTS, type HttpsVisitor, type Served, serve } from "./served";

describe("logins (OWASP ASVS 5.0 chapter 6)", () => {
  it("6.3.1 takes 300 logins a minute of one address", async () => {
    const throttle = new LoginThrottle(undefined, "session:", DEFAULTS.loginLimits);
    for (let i = 0; i < 300; i++) await (await throttle.admit("198.51.100.1", undefined)).release();
    await expect(throttle.admit("198.51.100.1", undefined)).rejects.toMatchObject({ status: 429 });
  });

  it("6.3.1 slows down logins by address: generous to those that succeed, strict on refused ones", async () => {
    const limits = { perMinute: 30, refusedPerMinute: 3 };
    const authentication: Authentication = {
      hasPassword: false,
      canFail: true,
      authenticate: async ({ username }) => (username === "ann" ? username : undefined),
    };
    const served = await serve({ limits, authentication });
    const ann = at(served);
    for (let i = 0; i < 10; i++) await ann.login("ann");
    const refused = ["", "mallory", ""];
    for (const username of refused) expect((await ann.post("/login", { username })).status).toBe(422);
    const answer = await ann.post("/login", { username: "" });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ann.get("/")).status).toBe(200);
  });

  it("6.3.1 takes more logins at the same moment than refused ones, where no login can fail", async () => {
    const served = await serve({ limits: { perMinute: 30, refusedPerMinute: 3 } });
    const visitors = Array.from({ length: 10 }, () => at(served));
    const answers = await Promise.all(visitors.map((visitor, i) => visitor.login(`visitor-${i}`)));
    expect(answers).toHaveLength(10);
    for (const visitor of visitors) expect((await visitor.get("/")).body).toContain("Logged in as");
  });

  it("6.3.1 takes the address from as many proxies as there are, and from no other", async () => {
    const limits = { perMinute: 2, refusedPerMinute: 20 };
    const behind = await serve({ limits, trustProxy: 1 });
    const login = async (visitor: HttpsVisitor, forwarded: string) => {
      await visitor.get("/login");
      return (await visitor.post("/login", { username: "ann" }, { "x-forwarded-for": forwarded })).status;
    };
    const statuses = async (served: Served) => [
      await login(at(served), "6.6.6.1, 198.51.100.1"),
      await login(at(served), "6.6.6.2, 198.51.100.1"),
      await login(at(served), "6.6.6.3, 198.51.100.1"),
      await login(at(served), "6.6.6.3, 198.51.100.2"),
    ];
    expect(await statuses(behind)).toEqual([303, 303, 429, 303]);
    expect(await statuses(await serve({ limits }))).toEqual([303, 303, 429, 429]);
  });

  it("6.1.1 lets twenty wrong passwords from one address lock out that address alone", async () => {
    const authentication: Authentication = {
      hasPassword: true,
      canFail: true,
      authenticate: async ({ username, password }) => (password === "right" ? username : undefined),
    };
    const served = await serve({ authentication, trustProxy: 1 });
    const login = async (password: string, address: string) => {
      const visitor = at(served);
      await visitor.get("/login");
      return (await visitor.post("/login", { username: "ann", password }, { "x-forwarded-for": address })).status;
    };
    const attacks = [];
    for (let i = 0; i < 21; i++) attacks.push(await login("wrong", "198.51.100.66"));
    expect(attacks).toEqual([...Array(20).fill(422), 429]);
    expect(await login("right", "198.51.100.66")).toBe(429);
    expect(await login("right", "203.0.113.7")).toBe(303);
  });

  it("6.3.1 counts refused logins by user where a login can be refused, and says the same for name and password", async () => {
    const authentication: Authentication = {
      hasPassword: true,
      canFail: true,
      authenticate: async ({ username, password }) => (username === "ann" && password === "right" ? "ann" : undefined),
    };
    const served = await serve({ authentication, trustProxy: 1, limits: { perMinute: 300, refusedPerMinute: 3 } });
    const answers: string[] = [];
    const login = async (username: string, password: string, address: number) => {
      const visitor = at(served);
      expect((await visitor.get("/login")).body).not.toContain("demo login");
      const forwarded = { "x-forwarded-for": `198.51.100.${address}` };
      const { status, body } = await visitor.post("/login", { username, password }, forwarded);
      answers.push(/role="alert">([^<]*)/.exec(body)?.[1] ?? "");
      return status;
    };
    expect(await login("ann", "right", 1)).toBe(303);
    expect(await login("nobody", "wrong", 2)).toBe(422);
    for (let address = 3; address < 18; address++) expect(await login("ann", "wrong", address)).toBe(422);
    expect(await login("ann", "wrong", 18)).toBe(429);
    expect(new Set(answers.filter((text) => text !== ""))).toEqual(new Set(["Name or password is not right."]));
  });
});
